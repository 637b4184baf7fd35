"""The gradient check of a session at one position: slopes by difference quotients, beside the gradients that backward
left. Knows runs; must not know commands, snapshots or the screen.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from ...autograd.gradcheck import Evaluation, default_h, relative_error
from ..run.run import Run
from ..step.evaluate import loss_and_sides


def gradient_origin(run: Run) -> tuple[Sequence[float], Sequence[int]] | None:
    """The parameters and the batch that the gradients in memory come from; None where they are not complete, or
    something was edited since their step began.
    """
    stepper, state = run.stepper, run.state
    timeline = stepper.timeline(state)
    if state.op >= timeline.backward_end and not run.history.edited((state.step, 1), run.position):
        return stepper.first_parameters(state), stepper.batch(state)
    if state.op <= timeline.loss_end and state.step and not run.history.edited((state.step - 1, 1), run.position):
        return state.previous, stepper.previous_batch(state)
    return None


class GradientCheck:
    """∂loss/∂p by difference quotients for each parameter of `run` where it stands, over the batch of its step, at the
    parameters for which backward computes them. `h` is the distance, or None for the best one; the quotients are
    `central`, or forward ones.
    """

    def __init__(self, run: Run, h: float | None, central: bool = True) -> None:
        self.h, self.central = h, central
        self._made_for = self._place(run)
        stepper, state = run.stepper, run.state
        self._stepper = stepper
        self._memory = stepper.program.slots.memory()
        behind = gradient_origin(run)
        parameters, batch = behind or (run.parameters, stepper.batch(state))
        self._parameters = list(parameters)
        self._samples = tuple(stepper.program.samples[index] for index in batch)
        # A learning rule that stands in for a derivative is not judged.
        self._analytic = run.gradients if behind and not stepper.program.has_surrogate else None
        self.numeric: list[float | None] = [None] * len(self._parameters)
        """The slopes that are known by now."""
        self.errors: list[float | None] = [None] * len(self._parameters)
        """Relative errors of the gradients against them; None where backward is not complete, or at a kink."""

    @staticmethod
    def _place(run: Run) -> tuple[object, ...]:
        return run, run.position, run.stepper, len(run.history.edits), run.parameters

    def fits(self, run: Run, h: float | None, central: bool) -> bool:
        """Whether it was made where a run stands now, with the same quotients."""
        return (self.h, self.central) == (h, central) and self._made_for == self._place(run)

    @property
    def complete(self) -> bool:
        """Every slope is known."""
        return None not in self.numeric

    def work(self) -> Generator[int, None, None]:
        """Compute the slopes that are still unknown, one after the other; yields after each sample's worth of work."""
        here = yield from self._loss(self._parameters)
        for index, numeric in enumerate(self.numeric):
            if numeric is None:
                yield from self._slope(index, here)

    def _slope(self, index: int, here: Evaluation) -> Generator[int, None, None]:
        moved = list(self._parameters)
        middle = moved[index]
        distance = default_h(middle) if self.h is None else self.h
        moved[index] = middle + distance
        above, above_sides = yield from self._loss(moved)
        loss, sides = below, below_sides = here
        if self.central:
            moved[index] = middle - distance
            below, below_sides = yield from self._loss(moved)
        numeric = self.numeric[index] = (above - below) / (2.0 * distance if self.central else distance)
        if self._analytic is not None and above_sides == sides == below_sides:
            self.errors[index] = relative_error(self._analytic[index], numeric, loss, distance)

    def _loss(self, parameters: Sequence[float]) -> Generator[int, None, Evaluation]:
        return loss_and_sides(self._stepper, self._memory, parameters, self._samples)
