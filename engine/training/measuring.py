"""What is measured beside a session, from where it stands: it reads the session's run and never moves it. Must not know
commands, snapshots of the whole, or the screen.

What measures is loaded where it is asked for: a first frame measures nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from .moves import Moves
from .snapshot.series.series import LIMITS
from .views.curve import is_untested, testing

if TYPE_CHECKING:
    from ..autograd.gradcheck import Check
    from .analysis.arithmetic import Arithmetic
    from .analysis.evaluated import Node
    from .analysis.lr_finder import RangeTest
    from .analysis.mistake_runs import MistakeRuns
    from .analysis.nudge import Nudges
    from .run.history import Measurement
    from .run.run import Run
    from .snapshot.samples.each import SamplesView
    from .snapshot.samples.predicted import Predicted
    from .snapshot.samples.prediction import Prediction
    from .snapshot.samples.scores import Scores
    from .step.evaluate import Evaluator
    from .views.inspection.inspector import Inspector
    from .views.samples.scores import Scoring


class Measuring:
    """What a session is asked beside its training."""

    inspector: Inspector

    @property
    def run(self) -> Run:
        """The current one of its runs."""
        raise NotImplementedError

    @property
    def remembers(self) -> int:
        """How many of the newest steps are known one by one, at least; of older ones, what they measured together."""
        return LIMITS.exact

    def measurement(self, step: int) -> Measurement:
        """What was measured at a step, before its update.

        Raises:
            IndexError: it has not been measured.
            ForgottenError: it was long ago, and has to be computed again.
        """
        return self.run.history.measurement(step)

    def _evaluator(self) -> Evaluator:
        from .step.evaluate import Evaluator  # the first frame measures nothing

        return Evaluator(self.run.stepper)

    def final_loss(self) -> tuple[float, float | None]:
        """Loss and accuracy over all training samples, with the parameters as they are."""
        return self._evaluator().measure(self.run.parameters, self.run.stepper.program.samples)

    @property
    def test_size(self) -> int:
        """Test samples."""
        return len(self.run.stepper.program.tests)

    @property
    def validation_size(self) -> int:
        """Samples that are held out of training for an early stop."""
        return len(self.run.stepper.program.validation)

    def test(self) -> tuple[float, float | None] | None:
        """Loss and accuracy over the test samples; None where there are none."""
        tests = self.run.stepper.program.tests
        return self._evaluator().measure(self.run.parameters, tests) if tests else None

    def testing(self) -> Callable[[Callable[[], int]], Moves] | None:
        """What is still to be measured on the test samples here, given how many a piece has; None if nothing."""
        return partial(testing, self.run) if is_untested(self.run) else None

    def looking(self, seen: range) -> Generator[int, None, SamplesView] | None:
        """The training samples that are seen, to be made sample by sample where a picture would take long for it; None
        where it would not.
        """
        from .views.samples.each import looking

        run = self.run
        return looking(run, self.inspector.evaluator(run), seen) if run.stepper.program.data is not None else None

    def scores(self) -> Scores | None:
        """How well the network does on the test samples, or on the training samples where there are none; None for an
        expression.
        """
        from .views.samples.scores import scores

        return scores(self.run)

    def scoring(self) -> Scoring:
        """The same of both parts of the data, to be made piece by piece beside the session.

        Raises:
            ValueError: the session is of an expression.
        """
        from .views.samples.scores import Scoring

        return Scoring(self.run)

    def predicted(self) -> Iterator[Predicted] | None:
        """What the network makes of each sample of its data, to be gone through in any thread; None without data."""
        from .views.samples.predicted import predicted

        return predicted(self.run) if self.run.stepper.program.data is not None else None

    def overfits_since(self) -> int | None:
        """The step since which other samples than those of training have got worse, while these got better; None where
        that is not known to be so.
        """
        from .views.overfitting import overfits_since

        return overfits_since(self.run)

    def predictions(self, rows: Iterable[Sequence[float]]) -> Iterator[Prediction]:
        """What the network makes of inputs, each given as a row of the data is, with the parameters of now."""
        evaluator = self._evaluator()
        return (evaluator.predict(self.run.parameters, row) for row in rows)

    def check(self, *, h: float | None = None, central: bool = True) -> Iterator[Check]:
        """Numeric against analytic gradient of every parameter, over all training samples."""
        return self._evaluator().check(self.run.parameters, h=h, central=central)

    def arithmetic(self) -> Arithmetic:
        """The loss over the training samples, at most a thousand, as plain data: for others to compute again."""
        from .analysis.arithmetic import arithmetic

        return arithmetic(self.run)

    def nodes(self) -> list[Node]:
        """Every node of an expression in topological order, the last one its value, with the gradients that one
        backward gives at the leaves of now, be it broken on purpose.

        Raises:
            ValueError: the session is of a network, which has a value a sample.
        """
        from .analysis.evaluated import evaluated

        return evaluated(self.run)

    def gradient_rms(self, layer: int) -> float:
        """The root mean square of the gradients of a layer's parameters, as backward left them; layers count from 1.

        Raises:
            IndexError: there is no such layer.
        """
        plans = self.run.stepper.program.layers
        if not 1 <= layer <= len(plans):
            raise IndexError(f"there is no layer {layer}: there are {len(plans)}")
        plan = plans[layer - 1]
        stop = plan.first_parameter + len(plan.units) * (plan.inputs + 1)
        own = self.run.gradients[plan.first_parameter : stop]
        # Squares would overflow long before the gradients do.
        return math.hypot(*own) / math.sqrt(len(own))

    # --- beside it

    def range_test(self) -> RangeTest:
        """A learning-rate range test from the first weights, on a run of its own: the session stays as it is."""
        from .analysis.lr_finder import RangeTest

        return RangeTest(self.run)

    def mistake_runs(self, name: str) -> MistakeRuns:
        """Whole runs with a mistake and without, from the first weights, beside the session.

        Raises:
            KeyError: there is no such mistake.
        """
        from .analysis.mistake_runs import MistakeRuns

        return MistakeRuns(self.run, name)

    def nudges(self, index: int, *, central: bool = False) -> Nudges:
        """What the loss does when a parameter is nudged by h = 1 … 1e-17, to be worked out piece by piece beside the
        session; of one h of one's own, `nudges(index).at(h)`. A quotient goes forward, or to both sides.

        Raises:
            IndexError: there is no such parameter.
        """
        from .analysis.nudge import Nudges

        return Nudges(self.run, index, central=central)

    def checking(self) -> Moves | None:
        """What the gradient check has still to do where the session stands, sample by sample; None if nothing."""
        return self.inspector.gradcheck.work(self.run)

    def recomputing(self) -> Callable[[Callable[[], int]], Moves] | None:
        """What the cursor on the curve asks for that has to be computed again, given how many samples a piece of that
        has; None if nothing.
        """
        return self.inspector.cursor.recomputing(self.run)

    def plotting(self, columns: int, rows: int) -> Moves | None:
        """What the plot for so many cells has still to do, few numbers at a time; None if nothing."""
        return self.inspector.plot(self.run, columns, rows)
