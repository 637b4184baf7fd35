"""The functions that formulas call, in terms of the C library's that CPython calls. Knows what they compute; must not
know who calls them.

Each row says what `autograd.ops.ieee` says of the function of its name; what loads machine code compares them.
The C library's functions have names of their own here, so that LLVM, which knows `exp` and `pow`, replaces none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from .code import Function
from .formulas import called, computed, symbol

LIBM = ("tanh", "exp", "expm1", "log", "log1p", "sin", "cos", "erfc", "pow")
"""What is taken from the C library; `libm_exp` is its exp."""

LIBRARY: Mapping[str, tuple[str, str]] = {
    "divide": ("a, b", "a / b"),
    "power": (
        "a, b",
        "a * a if b == 2.0 else nan if a == -inf and b - b == 0.0 and trunc(b) != b else libm_pow(a, b)",
    ),
    "exp": ("a", "libm_exp(a)"),
    "log": ("a", "libm_log(a)"),
    "root": ("a", "sqrt(a)"),
    "sin": ("a", "libm_sin(a)"),
    "cos": ("a", "libm_cos(a)"),
    "sigmoid": ("a", "(1.0 if a >= 0.0 else libm_exp(-abs(a))) / (1.0 + libm_exp(-abs(a)))"),
    "softplus": ("a", "(a if a > 0.0 else 0.0) + libm_log1p(libm_exp(-abs(a)))"),
    "expm1": ("a", "libm_expm1(a)"),
    "normal_cdf": ("a", f"0.5 * libm_erfc(-a * {math.sqrt(0.5)!r})"),
    "normal_pdf": ("a", f"{1.0 / math.sqrt(2.0 * math.pi)!r} * libm_exp(-0.5 * a * a)"),
    "sign": ("a", "a if a == 0.0 or a != a else 1.0 if a > 0.0 else -1.0"),
    "heaviside": ("a", "1.0 if a > 0.0 else a if a != a else 0.0"),
    "tanh": ("a", "libm_tanh(a)"),
}
"""The arguments and the formula of each function of `ieee.NAMESPACE`."""


def arity(name: str) -> int:
    """How many arguments a function has."""
    return len(LIBRARY[name][0].split(", "))


def needed_by(formulas: Iterable[str]) -> list[str]:
    """The rows that these formulas call."""
    return sorted(set().union(*map(called, formulas)) & set(LIBRARY))


def library(formulas: Iterable[str]) -> str:
    """The definitions of all functions that these formulas call, and the declarations of what those call."""
    needed = needed_by(formulas)
    texts = [f"declare double @llvm.{name}.f64(double)" for name in ("fabs", "sqrt", "trunc")]
    # They have no effect but their value, so that one that is called twice is computed once.
    texts += [
        f"declare double @libm_{name}(double{', double' * (name == 'pow')}) nounwind willreturn memory(none)"
        for name in LIBM
    ]
    return "\n".join((*texts, "", *(_definition(name) for name in needed)))


def _definition(name: str) -> str:
    arguments, formula = LIBRARY[name]
    names = arguments.split(", ")
    code = Function(f"define double @{symbol(name)}({', '.join(f'double %{a}' for a in names)}) alwaysinline")
    code.line(f"ret double {computed(code, formula, {a: f'%{a}' for a in names})}")
    return code.text()
