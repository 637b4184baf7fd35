"""Training by machine code beside the replay. Knows steppers, native functions and who loads them; takes llvmlite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import cycle

from chainstep.engine.compiler.native import native
from chainstep.engine.compiler.native.function import NativeFunction
from chainstep.engine.compiler.plan import Share
from chainstep.engine.training.step.backends.native import NativeBackend, install, wanted
from chainstep.engine.training.step.state import State
from chainstep.engine.training.step.stepper import Stepper
from chainstep.tui.native import Machine
from support.compiled import Bits, bits_of, fresh


class Immediate(NativeBackend):
    """The backend of machine code, which makes it where it is asked for."""

    def ready(self, steps: int, *, prepare: bool) -> bool:
        text = wanted(self._stepper)
        if steps and text is not None:
            assert install(self._stepper, Machine(text)) == ""
        return super().ready(steps, prepare=prepare)


def machine_code(stepper: Stepper) -> NativeFunction:
    """A stepper's machine code, which nobody has held against anything."""
    plan = stepper.compilation.plan
    return NativeFunction(plan, Machine(native.text(plan)), native.scratch(plan), stepper.program.rows)


def shares_of(stepper: Stepper, steps: int, cuts: Iterable[int] = ()) -> list[Share]:
    """The first steps in pieces of so many samples, over and over; each in one where none are given."""
    state = State(stepper.program, (), stepper.settings)
    shares: list[Share] = []
    pieces = cycle([*cuts])
    for k in range(steps):
        batch = stepper.batch(state)
        rate = stepper.lr(k) * (-1.0 if stepper.climbs else 1.0)
        start = 0
        while len(batch) - start > (cut := next(pieces, len(batch))):
            shares.append((batch[start : start + cut], len(batch), None))
            start += cut
        shares.append((batch[start:], len(batch), rate))
        stepper.complete(state, len(batch))
    return shares


def trained_natively(stepper: Stepper, first: Sequence[float], shares: Sequence[Share]) -> Bits:
    """What machine code makes of it, in one call."""
    numbers = fresh(stepper, first)
    done, losses, rights = machine_code(stepper).run(numbers, shares, stepper.knobs, bounded=False)
    assert done == len(shares)
    return bits_of(stepper.compilation.plan, numbers, losses, rights)
