"""Rows of the benchmark table, and interleaved timing. Must not know what is measured."""

from __future__ import annotations

import gc
import json
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from time import perf_counter

Measure = Callable[[], float]
"""One repetition: a number in the row's unit."""

_UNITS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}


@dataclass(frozen=True, slots=True)
class Goal:
    """The issue's figure: at most, or at least, so much of a row's ratio or, without one, of its own figure."""

    number: float
    most: bool = False
    of_ratio: bool = False

    def reached(self, ours: float, ratio: float | None) -> bool | None:
        """Whether a row reaches it; None where there is no ratio to tell by."""
        got = ratio if self.of_ratio else ours
        if got is None:
            return None
        return got <= self.number if self.most else got >= self.number


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ours` and `peer` are medians in `unit`; `spread` is of the ratio of each repetition, or
    of `ours` where there is no peer.
    """

    what: str
    unit: str
    ours: float | None = None
    peer: float | None = None
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    wanted: str = ""
    reached: bool | None = None
    note: str = ""

    def to_json(self) -> str:
        """As a JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False)


def skipped(what: str, why: str) -> Row:
    """A row that could not be measured."""
    return Row(what, "", note=f"skipped: {why}")


def interleaved(measures: Mapping[str, Measure], repetitions: int, *, warm: bool = False) -> dict[str, list[float]]:
    """Every measure once, then every measure again …; the first round warms up and does not count. Where all is `warm`
    there is none.
    """
    results: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(warm, repetitions + 1):
        for name, measure in measures.items():
            gc.collect()
            figure = measure()
            if turn:
                results[name].append(figure)
    return results


def alone(what: str, unit: str, ours: Sequence[float], goal: Goal | None = None, note: str = "") -> Row:
    """A row without a peer."""
    middle = statistics.median(ours)
    wanted = f"{'≤' if goal.most else '≥'} {goal.number:g} {unit}" if goal else ""
    reached = goal.reached(middle, None) if goal else None
    return Row(what, unit, middle, None, None, (min(ours), max(ours)), wanted, reached, note)


def against(
    what: str,
    unit: str,
    ours: Sequence[float],
    peer: Sequence[float],
    goal: Goal | None = None,
    note: str = "",
    *,
    inverse: bool = False,
) -> Row:
    """A row with a peer: the ratio is peer / ours, how many times faster we are; `inverse` is ours / peer."""
    mine, its = statistics.median(ours), statistics.median(peer)
    pairs = list(zip(ours, peer, strict=True))
    ratios = [a / b if inverse else b / a for a, b in pairs]
    ratio = mine / its if inverse else its / mine
    wanted = f"{'≤' if goal.most else '≥'} {goal.number:g}x" if goal else ""
    reached = goal.reached(mine, ratio) if goal else None
    return Row(what, unit, mine, its, ratio, (min(ratios), max(ratios)), wanted, reached, note)


def timed(work: Callable[[], object], unit: str, count: int = 1) -> float:
    """How long `work` takes, each of the `count` things that it does."""
    began = perf_counter()
    work()
    return (perf_counter() - began) / count / _UNITS[unit]


@contextmanager
def collector(setting: str) -> Iterator[None]:
    """The garbage collector as it is, "tuned" (all there is frozen, one pass per 100,000 objects) or "off"."""
    thresholds, enabled = gc.get_threshold(), gc.isenabled()
    gc.collect()
    if setting == "tuned":
        gc.freeze()
        gc.set_threshold(100_000, 50, 1000)
    elif setting == "off":
        gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        if enabled:
            gc.enable()


_HEAD = ("what", "ours", "peer", "ratio", "spread", "wanted", "reached")


def table(rows: Sequence[Row]) -> str:
    """All rows, in columns; notes stand below."""
    cells = [_HEAD, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEAD))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    notes = [f"  {row.what}: {row.note}" for row in rows if row.note]
    return "\n".join([text[0], "  ".join("-" * width for width in widths), *text[1:], "", *notes])


def _cells(row: Row) -> tuple[str, ...]:
    reached = "" if row.reached is None else "yes" if row.reached else "NO"
    spread = f"{_short(row.spread[0])} - {_short(row.spread[1])}" if row.spread else ""
    ours = "skipped" if row.ours is None else f"{_short(row.ours)} {row.unit}".rstrip()
    peer = "" if row.peer is None else f"{_short(row.peer)} {row.unit}".rstrip()
    ratio = "" if row.ratio is None else f"{_short(row.ratio)}x"
    return row.what, ours, peer, ratio, spread, row.wanted, reached


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
