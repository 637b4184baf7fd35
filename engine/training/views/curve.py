"""Makes the views of the losses: along a run, on its test samples, and of the forks side by side. Must not know the
screen.

Reads histories, and changes them in one thing: what is measured on the test samples is kept, so that it is measured
once.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from ...nn.losses import batch_loss
from ..forks.branches import Branch, Branches
from ..moves import Moves, finish
from ..run.run import Run
from ..snapshot.curve import Curve, ForkView

if TYPE_CHECKING:
    from ..run.history import History
    from ..step.program import Program


def curve(run: Run) -> Curve:
    """The losses behind where a run stands."""
    history, step, program = run.history, run.state.step, run.stepper.program
    tests = history.tests[: bisect_right(history.tests, step, key=itemgetter(0))]
    restarted = ((0, history.restarted_by),) if history.restarted_by else ()
    turned = _turned(history, program, step) if history.edits else ()
    return Curve(
        length=run.measured(),
        loss=history.loss.view(),
        accuracy=history.accuracy.view(),
        lr=history.rates,
        test_steps=tuple(at for at, _, _ in tests),
        test_loss=tuple(loss for _, loss, _ in tests),
        marks=(*restarted, *turned),
        ghost=run.ghost.losses if run.ghost else None,
        stops=tuple((at, what) for at, _, what in history.stops if at <= step),
    )


def _turned(history: History, program: Program, step: int) -> Iterable[tuple[int, str]]:
    """What was turned up to a step, in words, and where."""
    from ..forks.edit_words import mark  # nothing was, before the first frame

    return ((edit.step, mark(edit.command, program)) for edit in history.edits if edit.step <= step)


def tested(run: Run, *, measure: bool) -> tuple[int, float, float | None] | None:
    """Step, loss and accuracy of the newest measurement on the test samples; None where there is none. If it is to
    `measure`, the step where the run stands is measured now, with the parameters that it began with.
    """
    if measure and is_untested(run):
        finish(testing(run, lambda: len(run.stepper.program.tests)))
    return run.history.tested(run.state.step)


def is_untested(run: Run) -> bool:
    """Whether the step where a run stands can be measured on test samples, and has not been."""
    state, history = run.state, run.history
    newest = history.tested(state.step)
    known = newest is not None and newest[0] == state.step
    return not known and bool(run.stepper.program.tests) and not history.edited((state.step, 1), run.position)


def testing(run: Run, quantum: Callable[[], int]) -> Moves:
    """Measure the step where a run stands on its test samples, with the parameters that it began with, and keep that;
    yields after about `quantum()` samples how many they were.
    """
    from ..step.evaluate import Evaluator  # the first frame measures nothing

    history, step, stepper = run.history, run.state.step, run.stepper
    parameters = stepper.first_parameters(run.state)
    measured = yield from Evaluator(stepper).measuring(parameters, stepper.program.tests, quantum)
    history.keep_test(step, *measured)


def newest_rmse(run: Run) -> float | None:
    """What the newest loss says as an RMSE, see `rmse`."""
    state, measured = run.state, run.measured()
    step = measured - 1
    if not measured or run.history.edited((step, 1), run.position):
        return None
    parameters = state.previous if step < state.step else run.stepper.first_parameters(state)
    return rmse(run, run.history.loss[step], state.measured, parameters)


def tested_rmse(run: Run, test: tuple[int, float, float | None]) -> float | None:
    """What a measurement on the test samples says as an RMSE, see `rmse`."""
    step, loss, _ = test
    here = step == run.state.step and not run.history.edited((step, 1), run.position)
    parameters = run.stepper.first_parameters(run.state) if here else None
    return rmse(run, loss, len(run.stepper.program.tests), parameters)


def rmse(run: Run, loss: float, samples: int, parameters: Sequence[float] | None) -> float | None:
    """The root of the mean square error that a loss over so many samples says, in the target's own units. Penalties are
    taken off, which takes the `parameters` that it was measured with.

    None where the units are the network's, or penalties cannot be taken off.
    """
    program, (mean, l1, l2) = run.stepper.program, run.stepper.program.reduced
    if program.data is None or program.coding.classes or not loss >= 0.0:
        return None
    units = program.table_units
    if not units.scaled or run.stepper.settings.loss not in ("mse", "sse"):
        return None
    if l1 or l2:
        if parameters is None:
            return None
        loss = max(0.0, loss - batch_loss([0.0], parameters, mean=False, l1=l1, l2=l2))
    return math.sqrt(loss if mean else loss / samples) * units.target_scale


def forks(branches: Branches) -> tuple[ForkView, ...]:
    """All runs side by side; none while there is only one."""
    return tuple(_fork(branch, branch is branches.current) for branch in branches) if len(branches) > 1 else ()


def _fork(branch: Branch, current: bool) -> ForkView:
    run, history = branch.run, branch.run.history
    # Of the others everything that is recorded is shown, of the current one what lies behind.
    stands = run.measured()
    length = stands if current else len(history.loss)
    newest = history.measurement(stands - 1) if stands else None
    return ForkView(
        name=branch.name,
        current=current,
        parent=branch.parent,
        since=branch.since[0],
        settings=run.stepper.settings,
        step=run.state.step,
        loss=newest.loss if newest else None,
        best=history.best(length),
        accuracy=newest.accuracy if newest else None,
        losses=history.loss.view(),
        length=length,
        restarted=branch.restarted,
    )
