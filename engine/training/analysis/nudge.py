"""What the loss does when one parameter is nudged by h: measured before and after, beside what its gradient foretells.
Reads a run; must not know commands, how snapshots are made, or the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from ...autograd.gradcheck import Evaluation
from ...records import replace
from ..moves import Moves, result
from ..run.run import Run
from ..snapshot.plots.function import DISTANCES, SlopeView
from ..step.evaluate import Evaluator, differ, loss_and_sides
from .quotient import Point, slope_view


class Nudges:
    """∂loss/∂p of one parameter by difference quotients over each of `DISTANCES`, over the batch of the run's step, at
    the parameters of now. A quotient is forward or, if it is `central`, goes to both sides.
    """

    def __init__(self, run: Run, index: int, *, central: bool = False) -> None:
        stepper = run.stepper
        self._stepper = stepper
        self._memory = stepper.program.slots.memory()
        batch = stepper.batch(run.state)
        self._parameters = list(run.parameters)
        self._samples = tuple(stepper.program.samples[sample] for sample in batch)
        self.index, self.central = index, central
        self.label = stepper.program.labels[index]
        self.x = self._parameters[index]
        """The parameter before it is nudged."""
        self.surrogate = stepper.program.has_surrogate
        """A learning rule stands in for the derivative: the gradient foretells nothing."""
        evaluator = Evaluator(stepper)
        right = evaluator.gradients(self._parameters, batch, right=True)[index]
        self.gradient = evaluator.gradients(self._parameters, batch)[index]
        """By one backward from here, broken or not as the run's own is."""
        self.expression = not stepper.program.layers
        """It is an expression's leaf that is nudged, and its value that answers."""
        self._wrong = differ(self.gradient, right)
        """Backward is broken on purpose, and that shows here."""
        self.rows: list[SlopeView] = []
        """One for each h that has been measured."""
        self._before: float | None = None

    @property
    def complete(self) -> bool:
        """Every h has been measured."""
        return len(self.rows) == len(DISTANCES)

    def work(self, quantum: Callable[[], int]) -> Moves:
        """Measure what is still to be measured, piece by piece: yields after about `quantum()` samples how many there
        were.
        """
        done = 0
        measuring = self._all()
        for one in measuring:
            done += one
            if done >= quantum():
                yield done
                done = 0
        yield done

    def _all(self) -> Generator[int, None, None]:
        for h in DISTANCES[len(self.rows) :]:
            self.rows.append((yield from self.measuring(h)))

    def at(self, h: float) -> SlopeView:
        """The quotient over an h of one's own."""
        return result(self.measuring(h))

    def measuring(self, h: float) -> Generator[int, None, SlopeView]:
        """The same; yields after each sample's worth of work."""
        if self._before is None:
            self._before, _ = yield from self._loss(self.x)
        here = Point(self.x, self._before)
        ahead = yield from self._point(self.x + h)
        behind = (yield from self._point(self.x - h)) if self.central else here
        names = self.label, "f" if self.expression else "L"
        view = slope_view(names, here, self.gradient, h, behind=behind, ahead=ahead, central=self.central)
        return replace(view, reason="broken") if self._wrong and view.reason == "bends" else view

    def _point(self, x: float) -> Generator[int, None, Point]:
        loss, _ = yield from self._loss(x)
        return Point(x, loss)

    def _loss(self, x: float) -> Generator[int, None, Evaluation]:
        moved = list(self._parameters)
        moved[self.index] = x
        return (yield from loss_and_sides(self._stepper, self._memory, moved, self._samples))
