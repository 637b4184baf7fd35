"""The verdicts on what takes more than one expression. Knows the bench; must not know what is played."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from .bench import Bench
from .checks.plays import Numbers, Play
from .diagnosis import Finding
from .rows import Row
from .stages import shown
from .trial import FAULTS, described, unsupported


def play_rows(bench: Bench, plays: Sequence[Play]) -> Iterator[Row]:
    """A row for each play."""
    for play in plays:
        yield play_row(bench, play)


def play_row(bench: Bench, play: Play) -> Row:
    """The row of one play."""
    try:
        with _from_top_level():
            got = play.act(bench.adapter)
    except FAULTS as error:
        return Row(play.name, "missing" if unsupported(error) else "raises", play.expression, {}, got=described(error))
    want = play.act(bench.truth) if play.want is None else play.want
    name = next((name for name in want if not bench.same(got[name], want[name])), None)
    told = name or next(iter(want))
    row = Row(play.name, "right", play.expression, {}, told, shown(got[told]), shown(want[told]))
    choice = next((words for numbers, words in play.choices if _all_same(bench, got, numbers)), None)
    if play.open or (choice is not None and name is not None):
        return row.changed(verdict="choice", why=choice or "as no other engine that is known here")
    if name is None:
        return row
    finding = _finding(bench, play, got)
    return bench.wrong(row, finding)


def _all_same(bench: Bench, got: Numbers, want: Numbers) -> bool:
    return all(bench.same(got[name], want[name]) for name in want)


def _finding(bench: Bench, play: Play, got: Numbers) -> Finding | None:
    """A mistake that was found before and gives these numbers; or else what the play itself shows."""
    known = bench.diagnosis.explain_act(lambda model: play.act(model), got)
    if known is None and play.kind is not None:
        return Finding(play.kind, play.words, "", part="order")
    return known


@contextmanager
def _from_top_level() -> Iterator[None]:
    """As deep a recursion as a script of one's own would have: what is called here does not count."""
    limit, depth = sys.getrecursionlimit(), 0
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(limit + depth)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
