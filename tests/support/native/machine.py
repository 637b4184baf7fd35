"""Training by machine code beside the replay. Knows steppers, native functions and who loads them; takes llvmlite."""

from __future__ import annotations

from collections.abc import Sequence

from chainstep.engine.compiler.native import native
from chainstep.engine.compiler.native.function import NativeFunction
from chainstep.engine.compiler.plan import Numbers, Share
from chainstep.engine.training.moves import result
from chainstep.engine.training.step.backends.native import NativeBackend, install, wanted
from chainstep.engine.training.step.state import State
from chainstep.engine.training.step.stepper import Stepper
from chainstep.tui.native import Machine
from support.compiled import Bits, bits_of, fresh, shares_of


class Immediate(NativeBackend):
    """The backend of machine code, which makes it where it is asked for."""

    def ready(self, steps: int, *, prepare: bool) -> bool:
        text = wanted(self._stepper)
        if steps and text is not None:
            assert install(self._stepper, Machine(text)) == ""
        return super().ready(steps, prepare=prepare)


def machine_code(stepper: Stepper) -> NativeFunction:
    """A stepper's machine code; where nobody has made it yet, it has not been held against anything."""
    plan, made = stepper.compilation.plan, stepper.compilation.native
    return made or NativeFunction(plan, Machine(native.text(plan)), native.scratch(plan), stepper.program.rows)


def trained_natively(stepper: Stepper, first: Sequence[float], shares: Sequence[Share]) -> Bits:
    """What machine code makes of it, in one call."""
    numbers = fresh(stepper, first)
    done, losses, rights = machine_code(stepper).run(numbers, shares, stepper.knobs, bounded=False)
    assert done == len(shares)
    return bits_of(stepper.compilation.plan, numbers, losses, rights)


def stepped_natively(stepper: Stepper, first: Sequence[float], steps: int, spacing: int) -> tuple[Bits, list[bytes]]:
    """What the backend of machine code makes of whole steps, with the batches that it finds by itself, and the marks
    that it leaves behind every so many of them.
    """
    backend, state = Immediate(stepper), State(stepper.program, first, stepper.settings)
    backend.spacing = spacing
    losses: list[float] = []
    rights: list[int] = []
    marks: list[bytes] = []
    while state.step < steps:
        assert backend.ready(steps - state.step, prepare=True)
        progress = result(backend.advance(state, (steps, 0), 10**12, lambda: 10**12))
        sizes = [len(samples) for samples, _, _ in shares_of(stepper, state.step)[len(losses) :]]
        losses += progress.losses
        marks += [mark.tobytes() for mark in progress.marks]
        if stepper.program.coding.classes:
            rights += [round(part * size) for part, size in zip(progress.accuracies, sizes, strict=True)]
    numbers, count = Numbers(state.memory.data[: len(first)], state.moments, state.updates + 1), len(first)
    numbers.gradients, numbers.previous = state.memory.grad[:count], state.previous
    return bits_of(stepper.compilation.plan, numbers, losses, rights), marks
