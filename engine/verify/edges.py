"""The verdicts on kinks, poles, saturation and NaN. Knows the bench; must not know ordinary input."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .bench import Bench, Tried
from .checks.edges import EDGES, Edge
from .diagnosis import Finding
from .rows import Row
from .stages import failure_row, shown


def edge_rows(bench: Bench) -> Iterator[Row]:
    """A row for each edge; those of a function that the engine does not have are left out: its own row says so."""
    for edge in EDGES:
        tried = bench.tried(edge.text, edge.at)
        if not tried.got[0].missing:
            yield _row(bench, edge, tried)


def _row(bench: Bench, edge: Edge, tried: Tried) -> Row:
    (outcome,) = tried.got
    if outcome.error and not (outcome.computed and edge.judged == ("",)):
        return failure_row(edge.name, edge.text, edge.at, outcome)
    got, want = outcome.numbers(), tried.want.numbers()
    off = [name for name in want if name in edge.judged and name in got and not bench.same(got[name], want[name])]
    name = off[0] if off else ""
    numbers = (name, shown(got[name]), shown(want[name]))
    if not off:
        return Row(edge.name, "right", edge.text, edge.at, *numbers)
    if all(each in edge.open for each in off):
        return Row(edge.name, "choice", edge.text, edge.at, *numbers, why=edge.words)
    row = Row(edge.name, "wrong", edge.text, edge.at, *numbers)
    return bench.wrong(row, _finding(bench, edge, outcome.value))


def _finding(bench: Bench, edge: Edge, value: float | complex) -> Finding | None:
    """What gives these numbers, if one of the mistakes does that are made at edges."""
    op = edge.text.partition("(")[0]
    if any(math.isnan(each) for each in edge.at.values()):
        return Finding("nan-lost", "nan is lost: the result looks like an ordinary number", op, part="value")
    known = bench.diagnosis.explain_known(op, edge.text, edge.at, bench.tried(edge.text, edge.at).got)
    if known is not None:
        return known
    if op == "log" and _clamped(bench, edge):
        return Finding("clamped", "the logarithm is taken of a number that is kept away from 0", op, part="value")
    if op in ("tanh", "sigmoid") and isinstance(value, float) and math.isnan(value):
        words = "the exponential overflows, and inf/inf is nan: math.tanh, or an exponential of −|x|, does not"
        return Finding("other", words, op, part="value")
    return None


def _clamped(bench: Bench, edge: Edge) -> bool:
    """Whether log(x + c) or log(max(x, c)), with c as it follows from one x, is what it gives for another."""
    seen = []
    for x in (edge.at["a"], edge.at["a"] / 1e5):
        (outcome,) = bench.tried(edge.text, {"a": x}).got
        if outcome.error or isinstance(outcome.value, complex):
            return False
        seen.append((x, outcome.value))
    (x, log), (smaller, again) = seen
    added, least = math.exp(log) - x, math.exp(log)
    return bench.same(again, math.log(smaller + added)) if added > 0 else bench.same(again, math.log(least))
