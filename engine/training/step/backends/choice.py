"""Which backend is to carry training on. Knows all of them; must not know history or runs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ..stepper import Stepper
from .backend import Backend
from .compiled import CompiledBackend
from .replay import ReplayBackend

if TYPE_CHECKING:
    from .native import NativeBackend


def fastest_backend(stepper: Stepper, steps: int, *, prepare: bool) -> Backend:
    """The fastest backend that is ready for up to `steps` whole steps, or for 0 for a part of one: see `Backend`."""
    if stepper.compilation.native is not None:
        native = _native()(stepper)
        if native.ready(steps, prepare=prepare):
            return native
    compiled = CompiledBackend(stepper)
    return compiled if compiled.ready(steps, prepare=prepare) else ReplayBackend(stepper)


@cache
def _native() -> type[NativeBackend]:
    from .native import NativeBackend  # few have machine code

    return NativeBackend
