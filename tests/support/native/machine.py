"""Training by machine code beside the replay. Knows steppers, native functions and who loads them; takes llvmlite."""

from __future__ import annotations

from collections.abc import Sequence

from chainstep.engine.compiler.native import native
from chainstep.engine.compiler.native.function import NativeFunction
from chainstep.engine.compiler.plan import Share
from chainstep.engine.training.step.backends.native import NativeBackend, install, wanted
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


def trained_natively(stepper: Stepper, first: Sequence[float], shares: Sequence[Share]) -> Bits:
    """What machine code makes of it, in one call."""
    numbers = fresh(stepper, first)
    done, losses, rights = machine_code(stepper).run(numbers, shares, stepper.knobs, bounded=False)
    assert done == len(shares)
    return bits_of(stepper.compilation.plan, numbers, losses, rights)
