"""Measures a program with given parameters: predictions, loss and accuracy over samples, gradients. Never touches a
session's state.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...autograd.ops.ieee import sign
from ...autograd.tape import Memory
from ...nn.losses import batch_loss
from ..moves import result
from ..snapshot.network import Prediction
from .program import Program, Samples
from .stepper import Stepper

if TYPE_CHECKING:
    from ...autograd.gradcheck import Check, Evaluation


class Evaluator:
    """A scratch memory for one program."""

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._program: Program = stepper.program
        self._memory = stepper.program.slots.memory()

    def _set(self, parameters: Sequence[float]) -> None:
        self._memory.data[: len(parameters)] = parameters

    def predict(self, parameters: Sequence[float], inputs: Sequence[float], target: float | None) -> Prediction:
        """What the network makes of one input, given as a row of the data is."""
        self._set(parameters)
        return replace(self._predict(self._program.expanded(inputs), target), inputs=tuple(inputs))

    def table(
        self, parameters: Sequence[float], inputs: Sequence[Sequence[float]], targets: Sequence[float]
    ) -> tuple[Prediction, ...]:
        """The predictions for several samples, given as the network's inputs."""
        self._set(parameters)
        return tuple(self._predict(row, target) for row, target in zip(inputs, targets, strict=True))

    def _predict(self, inputs: Sequence[float], target: float | None) -> Prediction:
        program, memory = self._program, self._memory
        self._stepper.load_row(memory, inputs, [0.0] * len(program.targets))
        program.tape.forward(memory, 0, program.forward)
        outputs = tuple(memory.data[slot] for slot in program.outputs)
        sums = tuple(memory.data[slot] for slot in program.sums)
        return Prediction(tuple(inputs), sums, outputs, target, program.coding.decide(outputs))

    def measure(self, parameters: Sequence[float], samples: Samples) -> tuple[float, float | None]:
        """Loss, penalties included, and accuracy over samples: the numbers that a step over them would record."""
        self._set(parameters)
        program, memory = self._program, self._memory
        losses, right = [], 0
        for inputs, targets in samples:
            self._stepper.load_row(memory, inputs, targets)
            program.tape.forward(memory)
            losses.append(memory.data[program.root])
            right += program.coding.is_right([memory.data[slot] for slot in program.outputs], targets)
        mean, l1, l2 = program.reduced
        loss = batch_loss(losses, list(parameters), mean=mean, l1=l1, l2=l2)
        return loss, right / len(samples) if program.coding.classes else None

    def test(self, parameters: Sequence[float]) -> tuple[float, float | None] | None:
        """Loss and accuracy over the test samples; None where there are none."""
        program = self._program
        if not program.tests:
            return None
        compilation = self._stepper.compilation
        rows = [(*inputs, *targets) for inputs, targets in program.tests]
        measured = compilation.measure(parameters, rows) if compilation.ready else None
        if measured is None:
            return self.measure(parameters, program.tests)
        total, wrong = measured
        count = len(program.tests)
        mean, l1, l2 = program.reduced
        # One sum stands for all the losses: the mean is taken beforehand, and the penalties are added as ever.
        loss = batch_loss([total / count if mean else total], list(parameters), mean=False, l1=l1, l2=l2)
        return loss, (count - wrong) / count if program.coding.classes else None

    def gradients(
        self, parameters: Sequence[float], batch: Sequence[int] | None = None, *, right: bool = False
    ) -> list[float]:
        """∂loss/∂p for every parameter by backpropagation, over the training samples of a batch, or over all of them.

        Where backward is broken on purpose this shows it, unless the `right` ones are asked for.
        """
        self._set(parameters)
        program, memory, tape = self._program, self._memory, self._program.tape
        count, batch = len(parameters), range(len(program.samples)) if batch is None else batch
        memory.grad[:count] = [0.0] * count
        mean, l1, l2 = program.reduced
        share = 1.0 / len(batch) if mean else 1.0
        for index in batch:
            self._stepper.load(memory, index)
            tape.forward(memory)
            memory.grad[program.root] = share
            if right:
                tape.correct_backward(memory)
            else:
                tape.backward(memory)
        if tape.overwrites and not right:
            # The penalties' gradients come first, and the samples' overwrite them.
            return memory.grad[:count]
        return [g + l1 * sign(p) + 2.0 * l2 * p for g, p in zip(memory.grad[:count], parameters, strict=True)]

    def check(self, parameters: Sequence[float], *, h: float | None = None, central: bool = True) -> Iterator[Check]:
        """Numeric against analytic gradient of the loss over all training samples, a parameter at a time.

        A learning rule that stands in for a derivative is not judged: its rows count as kinks.
        """
        from ...autograd.gradcheck import gradcheck  # the first frame checks nothing

        rows = gradcheck(self._loss_and_sides, parameters, self.gradients(parameters), h=h, central=central)
        return (replace(row, kink=True) for row in rows) if self._program.has_surrogate else rows

    def _loss_and_sides(self, parameters: Sequence[float]) -> Evaluation:
        return result(loss_and_sides(self._stepper, self._memory, parameters, self._program.samples))


def loss_and_sides(
    stepper: Stepper, memory: Memory, parameters: Sequence[float], samples: Samples
) -> Generator[int, None, Evaluation]:
    """The loss over samples, and the side of its kink on which each op with one was; yields after each sample."""
    program, data = stepper.program, memory.data
    data[: len(parameters)] = parameters
    losses: list[float] = []
    sides: list[bool] = []
    for inputs, targets in samples:
        stepper.load_row(memory, inputs, targets)
        program.tape.forward(memory)
        losses.append(data[program.root])
        sides += [bool(side(data[i], data[j])) for side, i, j in program.kinks]
        yield 1
    mean, l1, l2 = program.reduced
    if l1:
        sides += [p > 0.0 for p in parameters]
    return batch_loss(losses, list(parameters), mean=mean, l1=l1, l2=l2), tuple(sides)
