"""Compiler: the tape that is stepped op by op becomes one Python function for continuous training.

Knows tapes, ops and the order of a batch's sums; must not know sessions, data sets, or what an optimiser is called.

The generated function does the very additions and multiplications of the replay, in the same order, so that it gives
the same bits; its docstring tells the rules by which it leaves out what changes none. Where a network has gates (ReLU,
hinge), there are two variants. The fast one skips what an inactive gate multiplies by zero. That hides the NaN of
0·inf, so it is only allowed while every number is known to be finite: `limit` finds a bound on the parameters that
proves it, and the fast variant stops before the first step that does not keep to it. The dense one takes over there.

A tape becomes a straight line of statements, in which every number has a variable: that is the fastest form, and the
longest. A longer one that is recognised as layers becomes loops over them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import CodeType

from ..autograd.ops.ieee import NAMESPACE
from .plan import LONGEST_LINE, Numbers, Piece, Plan, Row, Train

__all__ = [
    "LONGEST_LINE",
    "Numbers",
    "Piece",
    "Plan",
    "Row",
    "Train",
    "code_object",
    "function",
    "source",
    "source_in_pieces",
]


def source(plan: Plan, *, dense: bool) -> str:
    """The generated function, readable. Without gates there is only the dense variant."""
    return "".join(source_in_pieces(plan, dense=dense))


def source_in_pieces(plan: Plan, *, dense: bool) -> Iterator[str]:
    """The same, piece by piece, so that something else can be done in between; many pieces are empty."""
    # The first frame waits for neither.
    fast = plan.has_fast_variant and not dense
    if plan.network is None or not plan.layered:
        from . import writer

        yield from writer.source_in_pieces(plan, fast=fast)
    else:
        from .layered import writer as layered

        yield from layered.source_in_pieces(plan, plan.network, fast=fast)


def code_object(text: str) -> CodeType:
    """The bytecode of a generated source. It takes longest, needs nothing but the text, and can be made elsewhere."""
    return compile(text, "<chainstep>", "exec", dont_inherit=True, optimize=0)


def function(plan: Plan, made: CodeType) -> Train:
    """The function behind the bytecode of `source(plan)`."""
    scope: dict[str, object] = {"inf": math.inf, "nan": math.nan, "hypot": math.hypot, **NAMESPACE}
    if plan.network is not None:
        from .layered.matrices import FUNCTIONS

        scope.update(FUNCTIONS)
    scope.update(plan.functions)
    exec(made, scope)
    return scope["train"]  # type: ignore[return-value]
