"""The verdicts on what takes more than one expression. Knows the bench; must not know what is played."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from ..records import replace
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
    if name is None and not play.open:
        return row
    known = bench.diagnosis.explain_act(play.act, got)
    choice = next((words for numbers, words in play.choices if _all_same(bench, got, numbers)), None)
    if play.open:
        words = "what comes of the mistakes above" if known else choice or "as no other engine that is known here"
        return replace(row, verdict="choice", why=words)
    if choice is not None and known is None:
        return replace(row, verdict="choice", why=choice)
    return bench.wrong(row, known or _of_the_play(bench, play))


def _all_same(bench: Bench, got: Numbers, want: Numbers) -> bool:
    return all(bench.same(got[name], want[name]) for name in want)


def _of_the_play(bench: Bench, play: Play) -> Finding | None:
    """What is left to say: what was found in the ops it is made of, or else what the play itself shows."""
    if bench.diagnosis.first is None and play.kind is not None and not bench.puzzled:
        return Finding(play.kind, play.words, "", part="order")
    return bench.diagnosis.first


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
