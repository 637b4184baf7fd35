"""Settings that one of Optuna's samplers draws, from what came of those before. Knows Optuna, which is loaded where it
is asked for; must not know where runs are trained.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from math import log
from statistics import median
from sys import float_info
from typing import Any

from chainstep.datasets import DataError, printable

from .outcome import Outcome
from .spec import Knobs, Spec
from .values import KINDS, Axis, shown

MISSING = "--sampler needs optuna, which is not installed: pip install 'chainstep[optuna]'"


class Sampled:
    """Each setting is run with every seed; what the sampler hears is the logarithm of the median of their losses,
    infinity where most failed or have no finite loss. Some samplers model what they hear: one loss that diverged would
    leave nothing of the differences between the others.
    """

    def __init__(self, spec: Spec, before: Sequence[Outcome] = ()) -> None:
        """`before` came of the sweep until it was stopped.

        Raises:
            DataError: Optuna is not installed, or has no such sampler.
        """
        try:
            import optuna
        except ImportError:
            raise DataError(MISSING) from None
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.filterwarnings("ignore", module=r"optuna\.")  # of what it makes of infinity, with each setting
        self._optuna: Any = optuna
        self._spec = spec
        self._axes = {one.name: one for one in spec.others}
        self._spaces = {name: self._space(one) for name, one in self._axes.items()}
        self._study = optuna.create_study(sampler=_sampler(optuna, spec.sampler or ""))
        self.size = spec.size
        self._asked = 0
        self._waiting: list[Knobs] = []
        self._trials: dict[tuple[object, ...], tuple[Any, list[float]]] = {}
        """By its setting: a trial, and the losses so far."""
        self._go_on(before)

    def _space(self, one: Axis) -> Any:
        of = self._optuna.distributions
        ends = _ends(one)
        if ends is None:
            return of.CategoricalDistribution([*range(len(one.values))])
        low, high = ends
        if KINDS[one.name] == "whole":
            return of.IntDistribution(int(low), int(high))
        return of.FloatDistribution(low, high, log=True)

    def _go_on(self, before: Sequence[Outcome]) -> None:
        """What came before counts: whole settings as trials that are over, and of others the seeds that lack, or whose
        run failed.
        """
        found: dict[tuple[object, ...], list[Outcome]] = {}
        for outcome in before:
            found.setdefault(self._setting(outcome.knobs), []).append(outcome)
        self._asked = len(found)
        for setting, outcomes in found.items():
            knobs = {name: outcomes[0].knobs[name] for name in self._axes}
            done = [outcome for outcome in outcomes if outcome.error is None]
            seeds = {outcome.knobs.get("seed") for outcome in done}
            self._waiting += [
                {**self._spec.fixed, **run} for run in self._spec.seeded(knobs) if run.get("seed") not in seeds
            ]
            self._trials[setting] = knobs, []
            for outcome in done:
                self.tell(outcome)

    def ask(self) -> Knobs | None:
        while not self._waiting and self._asked < (self._spec.random or 0):
            self._asked += 1
            trial = self._study.ask(self._spaces)
            knobs = {name: self._value(one, trial.params[name]) for name, one in self._axes.items()}
            if self._setting(knobs) in self._trials:  # what comes of it is known, or soon will be
                self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
                self.size -= self._spec.repeats
                continue
            self._trials[self._setting(knobs)] = trial, []
            self._waiting = [{**self._spec.fixed, **run} for run in self._spec.seeded(knobs)]
        return self._waiting.pop(0) if self._waiting else None

    def tell(self, outcome: Outcome) -> None:
        trial, losses = self._trials[self._setting(outcome.knobs)]
        losses.append(outcome.cost)
        if len(losses) < self._spec.repeats:
            return
        heard = log(max(median(losses), float_info.min))
        if isinstance(trial, dict):  # of a sweep that goes on
            params = {name: self._param(one, trial[name]) for name, one in self._axes.items()}
            made = self._optuna.trial.create_trial(params=params, distributions=self._spaces, value=heard)
            self._study.add_trial(made)
        else:
            self._study.tell(trial, heard)

    def _setting(self, knobs: Knobs) -> tuple[object, ...]:
        return tuple(knobs[name] for name in self._axes)

    def _value(self, one: Axis, param: Any) -> object:
        return one.values[param] if _ends(one) is None else param

    def _param(self, one: Axis, value: object) -> object:
        return one.values.index(value) if _ends(one) is None else value


def _ends(one: Axis) -> tuple[float, float] | None:
    """Between which a knob is drawn; None where one of its values is, by its place."""
    return one.between if len(one.values) > 1 else None


def _sampler(optuna: Any, name: str) -> Any:
    """One of Optuna's samplers, by its name with `Sampler` or without, drawing the same each time.

    Raises:
        DataError: there is none, or it cannot be used so.
    """
    known = {kind.removesuffix("Sampler").casefold(): kind for kind in dir(optuna.samplers) if kind.endswith("Sampler")}
    kind = known.get(name.removesuffix("Sampler").casefold())
    if kind is None or kind == "BaseSampler":
        names = ", ".join(sorted(known.keys() - {"base"}))
        raise DataError(f"--sampler: Optuna has no '{printable(name, 60)}'; it has {names}")
    try:
        return getattr(optuna.samplers, kind)(seed=0)
    # Some need more than a seed, or another library.
    except Exception as error:
        raise DataError(f"--sampler {shown(name)}: {printable(' '.join(str(error).split()), 200)}") from None
