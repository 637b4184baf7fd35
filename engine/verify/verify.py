"""Somebody's engine against the truth, check by check. Knows the stages and their order; must not know files, processes
or time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from .adapter import Adapter, adapt
from .bench import Bench
from .checks.graphs import DIAMONDS, NUMPY, TOGETHER
from .checks.ops import FIRST, OPS
from .checks.plays import DEEP_AND_WIDE, PLAYS
from .edges import edge_rows
from .networks import network_rows
from .plays import play_rows
from .rows import Row
from .stages import hear, stage_rows


def verify(
    engine: type | Mapping[str, object] | Adapter, *, name: str | None = None, source: str | None = None
) -> Iterator[Row]:
    """Each check of an engine and its verdict, as soon as it is found.

    `engine` is the class itself, or a mapping of names that has it, such as `vars(module)`; `name` says which class of
    these, if it is not found. With `source`, the text of the file in which the class is, mistakes get their lines.

    Raises:
        NoEngineError: there is no class that can be used as one.
    """
    bench = Bench(adapted(engine, name), source)
    yield from _foundations(bench)
    for stage in (*OPS, *TOGETHER):
        yield from stage_rows(bench, hear(bench, stage))
    yield from edge_rows(bench)
    yield from play_rows(bench, PLAYS)
    yield from network_rows(bench)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        for stage in NUMPY:
            yield from stage_rows(bench, hear(bench, stage, {"np": numpy}))
    yield from play_rows(bench, DEEP_AND_WIDE)


def assert_right(
    engine: type | Mapping[str, object] | Adapter, *, name: str | None = None, source: str | None = None
) -> None:
    """Nothing, if no number of the engine is wrong: for a test of one's own, or of a class of thirty.

    What raises, is missing or is a matter of choice is no failure. The arguments are those of `verify`.

    Raises:
        AssertionError: a number is wrong; it names each mistake once, with the first expression that shows it.
        NoEngineError: there is no class that can be used as an engine.
    """
    wrong = [row for row in verify(engine, name=name, source=source) if row.verdict == "wrong"]
    first = {row.why: row for row in reversed(wrong)}
    if wrong:
        told = [f"{row.shown} is {row.got}, not {row.want}: {row.why}" for row in reversed(first.values())]
        raise AssertionError("\n".join([f"{len(wrong)} checks are wrong", *told]))


def _foundations(bench: Bench) -> Iterator[Row]:
    """Sums, products, and what is used twice. Where backward itself is wrong, it shows in all of them."""
    heard = [hear(bench, stage) for stage in (*FIRST, DIAMONDS)]
    wrong = [each for each in heard if each.differences]
    if wrong:
        bench.explain_whole([answer for each in heard for answer in each.evidence])
    unexplained = [each for each in wrong if bench.diagnosis.explain(each.stage.op, each.evidence) is None]
    if unexplained:
        # What is found in + and * is known by now.
        bench.explain_whole(heard[-1].evidence)
        bench.suspect_order([answer for each in heard for answer in each.evidence])
    for each in heard:
        yield from stage_rows(bench, each)


def adapted(engine: type | Mapping[str, object] | Adapter, name: str | None = None) -> Adapter:
    """The adapter of an engine that is given by its class, or by a mapping of names that has it."""
    if isinstance(engine, Adapter):
        return engine
    return adapt({engine.__name__: engine} if isinstance(engine, type) else engine, name)
