"""Formulas of the tables of operations and optimisers as LLVM's statements. Knows how formulas are written; must not
know which there are.

Every operation stays as it is, in its order: no flag of a statement allows to reorder or to contract.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

from .code import Function, number

_ARITHMETIC = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}

_COMPARISONS = {ast.Lt: "olt", ast.LtE: "ole", ast.Gt: "ogt", ast.GtE: "oge", ast.Eq: "oeq", ast.NotEq: "une"}
"""As Python compares: with nan, all are false but `!=`."""

_INTRINSICS = {"abs": "llvm.fabs.f64", "sqrt": "llvm.sqrt.f64", "trunc": "llvm.trunc.f64"}
"""What is one instruction of a machine, and exact."""

_NAMES = {"inf": float("inf"), "nan": float("nan")}


def symbol(name: str) -> str:
    """What a function is called here. LLVM takes what is called `exp` for the C library's, whatever it is."""
    return name if name.startswith("libm_") else f"ieee_{name}"


@lru_cache(maxsize=256)
def _parsed(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


def called(formula: str) -> set[str]:
    """The functions that a formula calls."""
    nodes = ast.walk(_parsed(formula))
    return {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def computed(code: Function, formula: str, values: Mapping[str, str]) -> str:
    """A formula's value, by those of its variables.

    Raises:
        ValueError: a formula cannot have what it has.
    """
    return _Computing(code, values).value(_parsed(formula))


class _Computing:
    def __init__(self, code: Function, values: Mapping[str, str]) -> None:
        self._code = code
        self._values = values

    def value(self, node: ast.expr) -> str:
        """The double that an expression is."""
        code = self._code
        match node:
            case ast.Constant(float() | int() as constant):
                return number(float(constant))
            case ast.Name(name):
                return self._values[name] if name in self._values else number(_NAMES[name])
            case ast.UnaryOp(ast.USub(), operand):
                return code.value(f"fneg double {self.value(operand)}")
            case ast.BinOp(left, operator, right) if type(operator) in _ARITHMETIC:
                return code.binary(_ARITHMETIC[type(operator)], self.value(left), self.value(right))
            case ast.BinOp(left, ast.Pow(), right):
                # As of two floats in Python, which is the C library's.
                base, exponent = self.value(left), self.value(right)
                return code.value(f"call double @libm_pow(double {base}, double {exponent})")
            case ast.IfExp(test, body, orelse):
                condition, one, other = self.truth(test), self.value(body), self.value(orelse)
                return code.value(f"select i1 {condition}, double {one}, double {other}")
            case ast.Call(ast.Name(name), arguments):
                given = ", ".join(f"double {self.value(argument)}" for argument in arguments)
                return code.value(f"call double @{_INTRINSICS.get(name) or symbol(name)}({given})")
        raise ValueError(f"no formula of machine code can have {ast.unparse(node)!r}")

    def truth(self, node: ast.expr) -> str:
        """The i1 that a condition is."""
        match node:
            case ast.Compare(left, [operator], [right]):
                return self._code.value(
                    f"fcmp {_COMPARISONS[type(operator)]} double {self.value(left)}, {self.value(right)}"
                )
            case ast.BoolOp(operator, operands):
                truths = [self.truth(operand) for operand in operands]
                found = truths[0]
                for truth in truths[1:]:
                    found = self._code.binary("or" if isinstance(operator, ast.Or) else "and", found, truth, "i1")
                return found
        raise ValueError(f"no condition of machine code can be {ast.unparse(node)!r}")
