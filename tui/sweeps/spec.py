"""What a sweep is asked to do, as plain data: which knobs over which values, and how they are drawn. Must not know what
is trained, or where.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from itertools import product
from math import prod
from random import Random
from typing import Any

from chainstep.datasets import printable
from chainstep.engine.records import record, replace
from chainstep.engine.training.setup.settings import KNOBS

from .values import KINDS, MOST, Axis, ValuesError, axis, ladder

Knobs = Mapping[str, object]
"""Knobs that are set, by their names in the settings."""


@record
class Spec:
    """A sweep: `axes` in the order of `KINDS`, and `fixed` knobs that are the same in all runs.

    Raises:
        ValuesError: it would be too many runs, or what it measures could not be compared.
    """

    axes: tuple[Axis, ...]
    fixed: Knobs
    random: int | None = None
    """So many settings are drawn, each to be run with every seed; None for all of the grid."""
    sampler: str | None = None
    """What of Optuna's draws them; None for a plain draw."""

    def __post_init__(self) -> None:
        for one in self.axes:
            if one.name == "loss" and len(one.values) > 1:
                raise ValuesError("--loss: losses of different kinds cannot be compared; a sweep has one")
        if self.random is not None and self.random < 1:
            raise ValuesError(f"--random: {self.random} settings are none; at least 1 is drawn")
        if self.sampler is not None and self.random is None:
            raise ValuesError("--sampler: --random N says how many settings it draws")
        if self.size > MOST:
            raise ValuesError(f"these are {self.size} runs, more than {MOST}; --random N draws some of them")

    @property
    def seeds(self) -> tuple[object, ...]:
        """What each setting is run with; empty for the subject's own seed."""
        return next((one.values for one in self.axes if one.name == "seed"), ())

    @property
    def repeats(self) -> int:
        """How often each setting is run."""
        return max(1, len(self.seeds))

    @property
    def others(self) -> tuple[Axis, ...]:
        """All axes but the seeds."""
        return tuple(one for one in self.axes if one.name != "seed")

    @property
    def swept(self) -> tuple[str, ...]:
        """The knobs that differ between runs."""
        return tuple(one.name for one in self.axes if len(one.values) > 1 or (self.random and one.between))

    @property
    def size(self) -> int:
        """How many runs there are, as far as that is known before they are drawn."""
        grid = prod(len(one.values) for one in self.others)
        return (grid if self.random is None else self.random) * self.repeats

    def seeded(self, knobs: Knobs) -> list[dict[str, object]]:
        """A setting with each of the seeds."""
        return [{**knobs, "seed": seed} for seed in self.seeds] or [dict(knobs)]

    def settings(self) -> list[dict[str, object]]:
        """The settings of the grid, or those that are drawn at random: always the same ones, each once."""
        if self.random is not None:
            return self._drawn(self.random)
        names = [one.name for one in self.others]
        return [dict(zip(names, values, strict=True)) for values in product(*(one.values for one in self.others))]

    def runs(self) -> list[dict[str, object]]:
        """All runs; every setting with the first seed, then with the next."""
        rows = [self.seeded(knobs) for knobs in self.settings()]
        return [row[place] for place in range(self.repeats) for row in rows]

    def _drawn(self, count: int) -> list[dict[str, object]]:
        random, found = Random("sweep"), dict[tuple[object, ...], dict[str, object]]()
        for _ in range(20 * count):  # where there are few, the same ones come again
            knobs = {one.name: _draw(one, random) for one in self.others}
            found.setdefault(tuple(knobs.values()), knobs)
            if len(found) == count:
                break
        return list(found.values())

    def to_json(self) -> dict[str, object]:
        """As a JSON object."""
        axes = [{"name": one.name, "values": one.values, "between": one.between} for one in self.axes]
        return {"axes": axes, "fixed": dict(self.fixed), "random": self.random, "sampler": self.sampler}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Spec:
        """The spec of `to_json`, of a file from anywhere.

        Raises:
            ValueError: it is none.
        """
        try:
            axes = tuple(_axis_of(one) for one in found["axes"])
            fixed = plain_knobs(found["fixed"])
            random, sampler = found["random"], found["sampler"]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("it does not say what is swept") from error
        if not isinstance(random, int | None) or not isinstance(sampler, str | None):
            raise ValueError("it does not say how settings are drawn")
        return cls(axes, fixed, random, sampler)


def _draw(one: Axis, random: Random) -> object:
    if one.between is None:
        return random.choice(one.values)
    low, high = one.between
    if KINDS[one.name] == "whole":
        return random.randint(int(low), int(high))
    return float(low * (high / low) ** random.random())


def _axis_of(found: Mapping[str, Any]) -> Axis:
    name, between = found["name"], found["between"]
    values = tuple(plain_knobs({name: value})[name] for value in found["values"])
    if name not in KINDS or not values or len(values) > MOST:
        raise ValueError("it does not say what is swept")
    ends = None if between is None else (float(between[0]), float(between[1]))
    return Axis(name, values, ends)


def plain_knobs(found: Mapping[str, Any]) -> dict[str, object]:
    """Knobs as JSON has them, with lists as tuples again.

    Raises:
        ValueError: there is no such knob.
    """
    if not found.keys() <= KNOBS:
        raise ValueError("it names a knob that there is not")
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def proposed(lr: float, seed: int) -> str:
    """What is swept around a rate and a seed, in words: a ladder from a tenth to ten times the rate, and four seeds."""
    low, high = lr / 10, lr * 10
    rate = "" if lr in ladder(low, high) else f",{lr:g}"
    return f"--lr {low:.3g}..{high:.3g}{rate} --seed {seed}..{seed + 3}"


def around(spec: Spec, own: Knobs) -> Spec:
    """The sweep with knobs that are the same in all runs, but for those that are swept."""
    swept = {one.name for one in spec.axes}
    fixed = {name: value for name, value in own.items() if name not in swept}
    return replace(spec, fixed=fixed)


def of_words(text: str, fixed: Knobs) -> Spec:
    """The sweep of what is typed as on the command line: `--lr 0.01..1 --seed 0..3`.

    Raises:
        ValuesError: it is none.
    """
    try:
        words = shlex.split(text)
    except ValueError:
        raise ValuesError("a quotation mark is not closed") from None
    given: dict[str, list[str]] = {}
    names = {f"--{name.replace('_', '-')}": name for name in (*KINDS, "random", "sampler")}
    place = iter(words)
    for word in place:
        option, sign, value = word.partition("=")
        if option not in names:
            raise ValuesError(f"'{printable(word, 60)}' is no option of a sweep, such as --lr 0.01..1 --seed 0..3")
        given.setdefault(names[option], []).append(value if sign else next(place, ""))
    random, sampler = (given.pop(name, [None])[-1] for name in ("random", "sampler"))
    if random is not None and not (random.isascii() and random.isdecimal()):
        raise ValuesError(f"--random: '{printable(random, 60)}' is no whole number")
    return of_options(given, fixed, None if random is None else int(random), sampler)


def of_options(given: Mapping[str, object], fixed: Knobs, random: int | None, sampler: str | None) -> Spec:
    """The sweep of the texts that were given for each knob.

    Raises:
        ValuesError: it is none.
    """
    axes = [axis(name, texts) for name in KINDS if (texts := given.get(name)) and isinstance(texts, list | tuple)]
    own = {name: value for name, value in fixed.items() if name not in given}
    return Spec(tuple(axes), own, random, sampler)
