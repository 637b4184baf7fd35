"""Gradients side by side, and what makes them differ: found by trying each convention in our own backward. Knows an
arithmetic and a library; must not know how rows are shown.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chainstep.datasets import DataError
from chainstep.engine.records import record
from chainstep.engine.training.analysis.arithmetic import Arithmetic

from . import reference
from .conventions import differing
from .library import Library

ROUNDING = 1e-12
"""A difference below this, relative to what was added up, is no more than another order of the same sums."""

SAME, ROUNDED, REDUCTION, UNEXPLAINED = "", "rounding", "reduction", "unexplained"


@record
class Row:
    """One parameter's gradient by both."""

    name: str
    ours: float
    theirs: float
    ulps: int | None
    """How many floats lie from one to the other; None where one alone is nan."""
    convention: str
    """What makes them differ: one of the four above, or names of conventions."""


def compare(arithmetic: Arithmetic, library: Library) -> list[Row]:
    """A row for each parameter.

    Raises:
        DataError: the library cannot compute this.
    """
    theirs = _theirs(arithmetic, library)
    ours = arithmetic.gradients
    tried = [(SAME, reference.gradients(arithmetic, library.name, ()), 1.0)]
    if _own_loss(arithmetic, library) is not None and len(arithmetic.outputs) > 1:
        tried.append((REDUCTION, tried[0][1], 1.0 / len(arithmetic.outputs)))
    used = {operation.op for operation in arithmetic.operations} | ({"abs"} if arithmetic.l1 else set())
    choices = [choice for choice in differing(library.name) if choice.op in used]
    for chosen in (*([choice] for choice in choices), choices):
        found = reference.gradients(arithmetic, library.name, chosen) if chosen else None
        if found is not None and found.met:
            tried.append((", ".join(sorted(found.met)), found, 1.0))
    return [
        Row(name, ours[i], theirs[i], ulps(ours[i], theirs[i]), _convention(i, ours[i], theirs[i], tried))
        for i, name in enumerate(arithmetic.names)
    ]


def _convention(index: int, ours: float, theirs: float, tried: Sequence[tuple[str, reference.Gradients, float]]) -> str:
    if ulps(ours, theirs) == 0:
        return SAME
    for name, found, factor in tried:
        if _near(found.slopes[index] * factor, theirs, found.sizes[index] * factor):
            return name or ROUNDED
    return UNEXPLAINED


def _near(expected: float, theirs: float, size: float) -> bool:
    if expected != expected or theirs != theirs:
        return expected != expected and theirs != theirs
    return expected == theirs or abs(expected - theirs) <= ROUNDING * max(size, abs(expected))


def ulps(a: float, b: float) -> int | None:
    """How many floats lie from a to b: 0 for equal ones, 1 for neighbours; None for nan and a number."""
    if a != a or b != b:
        return 0 if a != a and b != b else None
    return abs(_place(a) - _place(b))


def _place(number: float) -> int:
    """The number's place among all floats in their order; both zeros have one."""
    bits: int = struct.unpack("<q", struct.pack("<d", number))[0]
    return bits if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)


def _theirs(arithmetic: Arithmetic, library: Library) -> list[float]:
    if missing := sorted(_needed(arithmetic, library) - library.ops.keys()):
        raise DataError(f"{library.name} {library.version} has no {', '.join(missing)}, which this needs")
    if arithmetic.surrogate:
        raise DataError("Rosenblatt's rule is no derivative: there is nothing to compare it with")

    def function(leaves: Sequence[Any]) -> Any:
        return _loss(arithmetic, library, leaves)

    try:
        return library.gradients(function, arithmetic.parameters)
    except (ArithmeticError, RecursionError, RuntimeError, TypeError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        raise DataError(f"{library.name} {library.version} raises {type(error).__name__}: {said}") from None


def _needed(arithmetic: Arithmetic, library: Library) -> set[str]:
    """The ops that the library has to have: those of the network, and of the loss where it has none of its own."""
    ends = arithmetic.outputs if _own_loss(arithmetic, library) else (arithmetic.root,)
    by_result = {operation.result: operation for operation in arithmetic.operations}
    found, ahead = set[int](), [*ends]
    while ahead:
        operation = by_result.get(ahead.pop())
        if operation is not None and operation.result not in found:
            found.add(operation.result)
            ahead += operation.inputs
    return {by_result[result].op for result in found}


def _own_loss(arithmetic: Arithmetic, library: Library) -> Callable[..., Any] | None:
    """The library's own loss; None where it has none, or weighs samples otherwise than we do."""
    return None if arithmetic.weighted else library.losses.get(arithmetic.loss_name)


def _loss(arithmetic: Arithmetic, library: Library, parameters: Sequence[Any]) -> Any:
    """The whole loss as the library computes it."""
    own = _own_loss(arithmetic, library)
    if library.vectorised:
        columns = [library.column(column) for column in zip(*arithmetic.rows, strict=True)]
        numbers = _forward(arithmetic, library, parameters, columns, whole=own is None)
        if own is not None:
            outputs, targets = ([numbers[slot] for slot in slots] for slots in (arithmetic.outputs, arithmetic.targets))
            total = own(outputs, targets)
        else:
            total = library.total(numbers[arithmetic.root]) if columns else numbers[arithmetic.root]
    else:
        rows = [[library.constant(number) for number in row] for row in arithmetic.rows]
        total = library.total([_forward(arithmetic, library, parameters, row)[arithmetic.root] for row in rows])
    if own is None and arithmetic.mean:
        total = total / len(arithmetic.rows)
    if arithmetic.l1:
        total = total + library.constant(arithmetic.l1) * sum(library.ops["abs"](p) for p in parameters)
    if arithmetic.l2:
        total = total + library.constant(arithmetic.l2) * sum(p * p for p in parameters)
    return total


def _forward(
    arithmetic: Arithmetic, library: Library, parameters: Sequence[Any], row: Sequence[Any], *, whole: bool = True
) -> Mapping[int, Any]:
    """Every slot's number; without `whole` only as far as the library has the ops, which is beyond the outputs."""
    numbers: dict[int, Any] = dict(enumerate(parameters))
    numbers |= zip(arithmetic.leaves, row, strict=True)
    numbers |= {slot: library.constant(number) for slot, number in arithmetic.constants.items()}
    for name, inputs, result in arithmetic.operations:
        if not whole and name not in library.ops:
            break
        if name == "powc":
            numbers[result] = library.ops[name](numbers[inputs[0]], arithmetic.constants[inputs[1]])
        else:
            numbers[result] = library.ops[name](*(numbers[slot] for slot in inputs))
    return numbers
