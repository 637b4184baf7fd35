"""Machine code of a plan: its text for LLVM, and what it takes to run what was made of that. Knows which form a plan
gets; must not know LLVM's own library.
"""

from __future__ import annotations

from ..plan import Plan
from .batches.shuffling import shuffling
from .formulas import symbol
from .layers import LayerByLayer
from .library import LIBM, arity, needed_by
from .module import LONGEST_LINE, LineBySample, Samples, formulas, module

__all__ = ["LIBM", "arity", "functions", "possible", "scratch", "symbol", "text"]


def possible(plan: Plan) -> bool:
    """Whether machine code of a plan is worth its making."""
    return plan.network is not None or len(plan.tape) <= LONGEST_LINE


def text(plan: Plan, *, shuffles: bool = False) -> str:
    """The plan's function for LLVM, with that which makes orders of samples where it `shuffles`."""
    return module(plan, _samples(plan)) + (shuffling() if shuffles else "")


def functions(plan: Plan) -> list[str]:
    """The functions of `ieee.NAMESPACE` that it has a version of its own of."""
    return needed_by(formulas(plan))


def scratch(plan: Plan) -> int:
    """How many doubles the function needs for itself."""
    return _samples(plan).scratch


def _samples(plan: Plan) -> Samples:
    if plan.network is not None:
        return LayerByLayer(plan, plan.network)
    return LineBySample(plan)
