"""Training on by machine code, and the proof that it has the bits of the replay. Knows native functions and the
stepper; must not know who makes machine code, or how.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from ....autograd.ops.ieee import NAMESPACE, sign
from ....compiler.native import native
from ....compiler.native.batches.orders import Orders
from ....compiler.native.batches.work import Work
from ....compiler.native.function import Loaded, Looks, NativeFunction
from ....compiler.plan import Numbers, Share
from ....nn.optimizers import OPTIMIZERS
from ...setup.data import Batches
from ..state import State
from ..stepper import Stepper
from .backend import Progress
from .compiled import CompiledBackend, Steps, numbers_of

_PROBES = (0.0, -0.0, 1e-310, 1e-9, 0.3, 0.5, 1.0, 1.7, 2.0, 3.5, 9.0, 30.0, 710.0, 1e10, 1e300, math.inf, math.nan)
"""What each function is tried on, either side of 0."""

_SAMPLES = 3
"""Samples that a chunk of a step has;"""

_OPS = 60_000
"""fewer where they have so many ops in all: another thread has to wait meanwhile."""


_UPDATE = 7
"""The number of the update that is compared."""

_SHUFFLED = 700
"""Samples whose orders are compared: a generator gives fewer numbers at once."""


class NativeBackend(CompiledBackend):
    """The backend for whole steps where there is machine code."""

    engine = "native"

    def ready(self, steps: int, *, prepare: bool) -> bool:
        """See `Backend`: somebody else makes it."""
        return steps > 0 and self._compilation.native is not None

    def _steps(self, state: State, count: int) -> Progress:
        """See `CompiledBackend`. It goes past what is to be marked, as far as there is room for marks."""
        stepper, native = self._stepper, self._compilation.native
        assert native is not None
        count = min(count, native.most(self.spacing))
        work = self._work(state, count, native.orders)
        numbers, due = numbers_of(state), state.next_multiple(self.spacing) - state.step
        looks = Looks(due, self.spacing, self.watched)
        taken = self._compilation.take_native(numbers, work, stepper.knobs, looks)
        samples, batch = work.taken(taken.pieces)
        steps = Steps(samples, batch, taken.losses, taken.accuracies, taken.last, taken.marks, taken.traces)
        return self._complete(state, numbers, steps)

    def _work(self, state: State, count: int, orders: Orders | None) -> Work:
        """Whole steps, so many, on all samples or on batches of their `orders`."""
        stepper, cursor = self._stepper, state.cursor
        batches, settings = stepper.program.batches, stepper.settings
        # From the schedule's horizon on the rate stays the same.
        further = 0 if settings.schedule == "constant" else max(0, settings.horizon - state.step)
        rates = stepper.rates(state.step, min(count, 1 + further))
        if orders is None:
            return Work.on_all(batches.n, count, rates)
        epochs = 1 + batches.behind(state.epoch, cursor, count - 1)[0] - state.epoch
        order, start = orders.of(state.epoch, epochs)
        return Work.in_batches(count, (batches.n, batches.size, cursor), order, start, rates)

    def _run(
        self, numbers: Numbers, pieces: Sequence[Share], knobs: Sequence[float]
    ) -> tuple[int, list[float], list[int]]:
        return self._compilation.run_native(numbers, pieces, knobs)


class MachineCode(Loaded, Protocol):
    """What was made of a text for LLVM, in this process."""

    def function(self, name: str, arity: int) -> Callable[..., float]:
        """Another function of doubles."""
        ...


def wanted(stepper: Stepper) -> str | None:
    """The text for LLVM of what a stepper trains; None where there is none, or its machine code is there."""
    compilation = stepper.compilation
    if not compilation.possible or compilation.native is not None or not native.possible(compilation.plan):
        return None
    batches = stepper.program.batches
    return native.text(compilation.plan, shuffles=batches.size < batches.n)


def install(stepper: Stepper, code: MachineCode) -> str:
    """Let machine code train on, once it has proved itself; in any thread. Where it has other bits than the replay, it
    says what is other.
    """
    plan = stepper.compilation.plan
    function = NativeFunction(plan, code, native.scratch(plan), stepper.program.rows)
    differences = (_difference(name, code) for name in native.functions(plan))
    differs = next(filter(None, differences), "") or _difference_of_chunk(stepper, function)
    batches = stepper.program.batches
    if not differs and batches.size < batches.n:
        call = code.call("orders")
        differs = _difference_of_orders(call)
        function.orders = Orders(call, batches.n, batches.text)
    if not differs:
        stepper.compilation.native = function
    return differs


def _difference(name: str, code: MachineCode) -> str:
    """Where a function of its own is not that of the table of operations, as far as some numbers tell."""
    ours: Callable[..., float] = NAMESPACE[name]  # type: ignore[assignment]
    arity = native.arity(name)
    theirs = code.function(native.symbol(name), arity)
    numbers = [sign * probe for probe in _PROBES for sign in (1.0, -1.0)]
    tried = [(a, b) for a in numbers for b in numbers] if arity == 2 else [(a,) for a in numbers]
    for given in tried:
        if not same([ours(*given)], [theirs(*given)]):
            return f"{name}{given} is {ours(*given)!r}, not {theirs(*given)!r}"
    return ""


def _difference_of_chunk(stepper: Stepper, function: NativeFunction) -> str:
    """Where the gradients of a few samples are not those of the replay, or the update not the optimiser's."""
    program, plan = stepper.program, stepper.compilation.plan
    first, count = program.first, min(_SAMPLES, len(program.samples), max(1, _OPS // len(program.tape)))
    numbers = Numbers(first, State(program, first, stepper.settings).moments, _UPDATE)
    function.run(numbers, [(range(count), count, None)], stepper.knobs, bounded=False)
    total, grads = _replayed(stepper, first, count)
    if not same(grads, numbers.gradients) or not same([total], [numbers.total]):
        return "gradients"
    function.run(numbers, [(range(0), count, 0.1)], stepper.knobs, bounded=False)
    update = OPTIMIZERS[stepper.settings.optimizer].update
    moved = []
    for p in range(0, len(first), max(1, len(first) // 500)):
        row = update(first[p], grads[p], 0.1, _UPDATE, *stepper.knobs, *(0.0 for _ in plan.state))
        frozen = p in stepper.frozen
        moved.append((first[p] if frozen else row[0], numbers.parameters[p]))
    return "" if same(*zip(*moved, strict=True)) else "updates"


def _difference_of_orders(call: Callable[[int], int]) -> str:
    """Whether the orders of a few epochs are not Python's."""
    batches = Batches(_SHUFFLED, 1, 0)
    made, start = Orders(call, batches.n, batches.text).of(8, 4)
    own = [sample for epoch in range(8, 12) for sample in batches.order(epoch)]
    return "" if made[start : start + len(own)].tolist() == own else "order of samples"


def _replayed(stepper: Stepper, first: Sequence[float], count: int) -> tuple[float, list[float]]:
    """The losses of the first samples added up, and the gradients that they leave, by the tape."""
    program, plan = stepper.program, stepper.compilation.plan
    memory = program.slots.memory()
    memory.data[: len(first)] = first
    memory.grad[: len(first)] = [0.0 + 2.0 * (plan.l2 * p) + (plan.l1 * sign(p) if plan.l1 else 0.0) for p in first]
    total = 0.0
    for index in range(count):
        stepper.load(memory, index)
        program.tape.forward(memory)
        total += memory.data[program.root]
        memory.grad[program.root] = 1.0 / count if plan.mean else 1.0
        program.tape.backward(memory)
    return total, memory.grad[: len(first)]


def same(ours: Iterable[float], theirs: Iterable[float]) -> bool:
    """Whether all numbers have the same bits: −0.0 is 0.0, and any nan is any nan."""
    return all(a == b or (a != a and b != b) for a, b in zip(ours, theirs, strict=True))
