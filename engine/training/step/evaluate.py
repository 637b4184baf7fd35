"""Measures a program with given parameters: predictions, loss and accuracy over samples, gradients. Never touches a
session's state.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from copy import copy
from functools import partial
from typing import TYPE_CHECKING

from ...autograd.ops.ieee import sign
from ...autograd.tape import Memory
from ...nn.losses import batch_loss
from ...records import replace
from ..moves import result
from ..setup.samples import Samples, rows_of
from ..snapshot.samples.prediction import Prediction
from .program import Program
from .stepper import Stepper

if TYPE_CHECKING:
    from ...autograd.gradcheck import Check, Evaluation
    from ..snapshot.samples.each import SampleView


_WIDE = 20_000
"""Ops of a sample above which a network's layers are gone through neuron by neuron: that takes a third of the time."""

_ROUNDING = 1e-9
"""What sums in another order may differ by, as a part of what they are."""


class Evaluator:
    """A scratch memory for one program."""

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._program: Program = stepper.program
        self._memory = stepper.program.slots.memory()
        self._total: tuple[Sequence[float], tuple[float, int]] | None = None
        """The parameters that the training samples were totalled with last, and what that came to."""
        self._seen: tuple[tuple[object, ...], tuple[SampleView, ...]] | None = None
        """What training samples were looked at last, under which parameters, and what the network made of them."""

        self._nodes: tuple[tuple[int, Sequence[float]], Memory] | None = None
        """The sample whose nodes were looked at last, under which parameters, and those nodes."""

    def _set(self, parameters: Sequence[float]) -> None:
        self._memory.data[: len(parameters)] = parameters

    def fits(self, stepper: Stepper) -> bool:
        """Whether it is one for a stepper."""
        return stepper is self._stepper

    def predict(self, parameters: Sequence[float], inputs: Sequence[float]) -> Prediction:
        """What the network makes of one input, given as a row of the data is."""
        self._set(parameters)
        program, memory = self._program, self._memory
        self._stepper.load_row(memory, program.expanded(inputs), program.untold)
        program.tape.forward(memory, 0, program.forward)
        return self._predicted(inputs)

    def samples(
        self, parameters: Sequence[float], rows: Iterable[int], batch: Collection[int]
    ) -> tuple[SampleView, ...]:
        """What the network makes of training samples, by their rows; `batch` are those that the step in work takes.
        Where the same is asked again, as for each op before an update, it is not computed again.
        """
        asked = tuple(rows), batch, tuple(parameters)
        if self._seen is None or self._seen[0] != asked:
            self._seen = asked, tuple(self._looked_at(*asked))
        return self._seen[1]

    def looking(
        self, parameters: Sequence[float], rows: Iterable[int], batch: Collection[int]
    ) -> Generator[int, None, tuple[SampleView, ...]]:
        """The same sample by sample: yields 1 after each."""
        asked = tuple(rows), batch, tuple(parameters)
        views: list[SampleView] = []
        for view in self._looked_at(*asked):
            views.append(view)
            yield 1
        self._seen = asked, tuple(views)
        return self._seen[1]

    def has_seen(self, parameters: Sequence[float], rows: Iterable[int], batch: Collection[int]) -> bool:
        """Whether that is known already."""
        return self._seen is not None and self._seen[0] == (tuple(rows), batch, tuple(parameters))

    def _looked_at(
        self, rows: Iterable[int], batch: Collection[int], parameters: Sequence[float]
    ) -> Iterator[SampleView]:
        from ..snapshot.samples.each import SampleView  # no part of a first frame

        program, memory, forward = self._program, self._memory, self._forward(parameters)
        for row in rows:
            self._set(parameters)
            inputs, targets = program.samples[row]
            self._stepper.load_row(memory, inputs, targets)
            forward()
            codes, target, loss = targets[: len(program.targets)], program.target(row), memory.data[program.root]
            yield SampleView(row, self._predicted(inputs), codes, target, loss, row in batch)

    def _forward(self, parameters: Sequence[float]) -> Callable[[], None]:
        """What goes forward, with these parameters, from what is loaded to the outputs and the loss."""
        program, memory = self._program, self._memory
        network = program.network if len(program.tape) > _WIDE else None
        if network is None:
            return partial(program.tape.forward, memory)
        from ...compiler.layered.sums import Sums  # few networks are wide

        sums, head = Sums(program.tape, network, parameters), network.head

        def forward() -> None:
            sums.forward(memory)
            program.tape.forward(memory, head)

        return forward

    def _predicted(self, inputs: Sequence[float]) -> Prediction:
        """What the memory holds, once it has gone forward from these inputs."""
        program = self._program
        outputs, sums = self._read(program.outputs), self._read(program.sums)
        return Prediction(tuple(inputs), sums, outputs, program.coding.decide(outputs), program.probabilities(outputs))

    def nodes(self, parameters: Sequence[float], row: int) -> Memory:
        """A memory with every node of a training sample, and the gradients that its own loss gives: of a mean, its
        share of the batch that has all samples. It is kept until another is asked for, and nobody's to be changed.
        """
        asked = row, tuple(parameters)
        if self._nodes is None or self._nodes[0] != asked:
            self._nodes = asked, self._of_sample(parameters, row)
        return self._nodes[1]

    def _of_sample(self, parameters: Sequence[float], row: int) -> Memory:
        self._set(parameters)
        program, memory, count = self._program, self._memory, len(parameters)
        memory.grad[:count] = [0.0] * count
        self._stepper.load(memory, row)
        program.tape.forward(memory)
        memory.grad[program.root] = 1.0 / program.batches.size if program.mean else 1.0
        program.tape.backward(memory)
        twin = copy(memory)
        twin.data, twin.grad = memory.data[:], memory.grad[:]
        return twin

    def _read(self, slots: Sequence[int]) -> tuple[float, ...]:
        return tuple(self._memory.data[slot] for slot in slots)

    def measure(self, parameters: Sequence[float], samples: Samples) -> tuple[float, float | None]:
        """Loss, penalties included, and accuracy over samples: the numbers that a step over them would record."""
        return result(self.measuring(parameters, samples, lambda: len(samples)))

    def measuring(
        self, parameters: Sequence[float], samples: Samples, quantum: Callable[[], int]
    ) -> Generator[int, None, tuple[float, float | None]]:
        """The same piece by piece: yields after about `quantum()` samples how many they were."""
        total, right = yield from self._totalling(parameters, samples, quantum)
        count = len(samples)
        mean, l1, l2 = self._program.reduced
        # One sum stands for all the losses: the mean is taken beforehand, and the penalties are added as ever.
        loss = batch_loss([total / count if mean else total], list(parameters), mean=False, l1=l1, l2=l2)
        return loss, right / count if self._program.coding.classes else None

    def total(self, parameters: Sequence[float], samples: Samples | None = None) -> tuple[float, int]:
        """The sum of samples' losses without penalties, and how many are decided rightly: of the training samples where
        no others are given, of which the last total is remembered. Compiled where that is ready.
        """
        if samples is not None:
            return result(self._totalling(parameters, samples, lambda: len(samples)))
        if self._total is None or self._total[0] != parameters:
            every = self._program.samples
            self._total = tuple(parameters), result(self._totalling(parameters, every, lambda: len(every)))
        return self._total[1]

    def _totalling(
        self, parameters: Sequence[float], samples: Samples, quantum: Callable[[], int]
    ) -> Generator[int, None, tuple[float, int]]:
        if self._stepper.compilation.made:
            measured = yield from self._compiled(parameters, samples, quantum)
            if measured is not None:
                return measured
        return (yield from self._replayed(parameters, samples, quantum))

    def _compiled(
        self, parameters: Sequence[float], samples: Samples, quantum: Callable[[], int]
    ) -> Generator[int, None, tuple[float, int] | None]:
        """By compiled code; None where that may not be used for these parameters."""
        compilation, rows = self._stepper.compilation, self._program.rows
        numbers = compilation.measuring(parameters)
        for some in _cut(samples, quantum):
            own = rows[some] if samples is self._program.samples else rows_of(samples[some])
            if not compilation.measure(numbers, own, len(samples)):
                return None
            yield len(own)
        return numbers.total, len(samples) - numbers.wrong

    def _replayed(
        self, parameters: Sequence[float], samples: Samples, quantum: Callable[[], int]
    ) -> Generator[int, None, tuple[float, int]]:
        program, memory = self._program, self._memory
        losses, right = [], 0
        for some in _cut(samples, quantum):
            self._set(parameters)
            for inputs, targets in samples[some]:
                self._stepper.load_row(memory, inputs, targets)
                program.tape.forward(memory)
                losses.append(memory.data[program.root])
                right += program.coding.is_right([memory.data[slot] for slot in program.outputs], targets)
            yield some.stop - some.start
        return batch_loss(losses, (), mean=False, l1=0.0, l2=0.0), right

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
            elif "twice" in program.settings.mistakes:
                return self._twice(count)
            else:
                tape.backward(memory)
        if tape.overwrites and not right:
            # The penalties' gradients come first, and the samples' overwrite them.
            return memory.grad[:count]
        return [g + l1 * sign(p) + 2.0 * l2 * p for g, p in zip(memory.grad[:count], parameters, strict=True)]

    def _twice(self, count: int) -> list[float]:
        """The gradients of an expression, loaded and computed, after two calls of backward, penalties included."""
        program, memory = self._program, self._memory
        whole = program.batch(1)
        for slot in (program.losses[0], *whole.tape.constants):
            memory.grad[slot] = 0.0
        memory.data[program.losses[0]] = memory.data[program.root]
        whole.tape.forward(memory)
        for _ in range(2):
            memory.grad[whole.root] = 1.0
            whole.tape.backward(memory)
            memory.grad[program.root] = memory.grad[program.losses[0]]
            program.tape.backward(memory)
        return memory.grad[:count]

    def check(self, parameters: Sequence[float], *, h: float | None = None, central: bool = True) -> Iterator[Check]:
        """Numeric against analytic gradient of the loss over all training samples, a parameter at a time.

        A learning rule that stands in for a derivative is not judged: its rows count as kinks.
        """
        from ...autograd.gradcheck import gradcheck  # the first frame checks nothing

        rows = gradcheck(self._loss_and_sides, parameters, self.gradients(parameters), h=h, central=central)
        return (replace(row, kink=True) for row in rows) if self._program.has_surrogate else rows

    def _loss_and_sides(self, parameters: Sequence[float]) -> Evaluation:
        return result(loss_and_sides(self._stepper, self._memory, parameters, self._program.samples))


def differ(one: float, other: float) -> bool:
    """Whether two gradients are not the same, but for their last digits, in which sums in another order differ."""
    return abs(one - other) > _ROUNDING * (abs(one) + abs(other))


def _cut(samples: Samples, quantum: Callable[[], int]) -> Iterator[slice]:
    """The places of samples, about `quantum()` at a time."""
    start = 0
    while start < len(samples):
        stop = min(len(samples), start + max(1, quantum()))
        yield slice(start, stop)
        start = stop


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
