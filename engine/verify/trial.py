"""One expression computed by one engine: its value, its gradients, or what was raised. Knows that an engine has leaves,
functions and a backward; must not know what is right.

Every trial builds its expression anew. Somebody's code may raise anything, and may call `exit()`; only Ctrl-C gets
through.
"""

from __future__ import annotations

import builtins
import functools
import math
from collections.abc import Callable, Mapping
from types import CodeType, MappingProxyType
from typing import Any, Protocol

from ..records import record

FAULTS = (Exception, SystemExit)
"""What is caught of somebody's code."""


class Engine(Protocol):
    """What a trial needs; an `Adapter` is one."""

    @property
    def make(self) -> Callable[[Any], Any]: ...
    @property
    def backward(self) -> Callable[[Any], object]: ...
    @property
    def functions(self) -> Mapping[str, Callable[[Any], Any]]: ...
    def data(self, node: Any) -> float | complex: ...
    def grad(self, node: Any) -> float | complex: ...


class MissingError(Exception):
    """The engine has no such function."""


@record
class Outcome:
    """What came of one trial."""

    value: float | complex = math.nan
    grads: Mapping[str, float | complex] = MappingProxyType({})
    """∂value/∂leaf, by the leaf's name."""
    error: str = ""
    """What was raised, as `ValueError: math domain error`; then the numbers say nothing."""
    missing: bool = False
    """It is not supported: no fault."""
    computed: bool = False
    """The value was, and it was raised after that."""

    def numbers(self) -> dict[str, float | complex]:
        """The value as "", then each gradient by its leaf's name."""
        return {"": self.value, **self.grads}


def attempt(engine: Engine, text: str, at: Mapping[str, float], known: Mapping[str, object] | None = None) -> Outcome:
    """`text`, a Python expression over leaves with these numbers, forwards and backwards.

    It may call `relu`, `tanh`, … of the engine's functions, `sum`, `abs`, and what is in `known`.
    """
    value: float | complex = math.nan
    forwards = False
    try:
        leaves = {name: engine.make(number) for name, number in at.items()}
        root = computed(engine, text, {**leaves, **(known or {})})
        value = engine.data(root)
        forwards = True
        engine.backward(root)
        return Outcome(value, {name: engine.grad(leaf) for name, leaf in leaves.items()})
    except MissingError as error:
        return Outcome(error=str(error), missing=True)
    except FAULTS as error:
        return Outcome(value, {}, described(error), not forwards and unsupported(error), forwards)


def computed(engine: Engine, text: str, known: Mapping[str, object]) -> Any:
    """The node that an expression gives."""
    return eval(_code(text), {"__builtins__": {}}, _Names(engine, known))


def described(error: BaseException) -> str:
    """`ValueError: math domain error`, of one line."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words[:200]}" if words else type(error).__name__


def unsupported(error: BaseException) -> bool:
    """Whether it says that the engine does not do this, and not that it failed: nobody wrote `__rtruediv__`, or it is
    refused by an `assert isinstance(other, (int, float))`, or a plain number is used as if it were a node.
    """
    words = str(error)
    return (
        isinstance(error, (AssertionError, NotImplementedError))
        or (isinstance(error, TypeError) and ("operand" in words or "supported" in words or "must be" in words))
        or (isinstance(error, AttributeError) and words.startswith(_PLAIN))
    )


_PLAIN = tuple(f"'{name}' object has no attribute" for name in ("int", "float", "numpy.float64", "numpy.int64"))


@functools.cache
def _code(text: str) -> CodeType:
    # Only text of the tables of checks ever comes here.
    return compile(text, "<check>", "eval")


class _Names(dict[str, Any]):
    """The names in an expression: leaves, then the engine's functions."""

    def __init__(self, engine: Engine, known: Mapping[str, Any]) -> None:
        super().__init__(known)
        self._engine = engine

    def __missing__(self, name: str) -> Any:
        if name in self._engine.functions:
            return self._engine.functions[name]
        if name in ("sum", "abs"):
            return getattr(builtins, name)
        raise MissingError(f"there is no {name}")


def same(got: float | complex, want: float | complex, precision: float) -> bool:
    """Whether they agree: to the relative precision, or the absolute one for numbers below 1. NaN equals NaN."""
    if isinstance(got, complex) or isinstance(want, complex):
        return got == want
    if got != got or want != want:
        return got != got and want != want
    return math.isclose(got, want, rel_tol=precision, abs_tol=precision)
