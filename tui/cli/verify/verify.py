"""`chainstep verify`: judges engines, reports on them and ends with a status. Must not know how an engine is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from chainstep.datasets import DataError, printable
from chainstep.engine.verify.rows import Row

from ..output import complain, console, emit, on_terminal, write_file
from ..statuses import BAD_INPUT, INTERRUPTED, WRONG_GRADIENT
from .judged import VERDICTS, Asked, Judged, asked, judge_all
from .report import print_judged


def verify(
    words: Sequence[str], *, python: str, as_json: bool, html: str | None, done: list[Judged] | None = None
) -> int:
    """Judge every engine; returns 1 if a verdict is wrong, 2 if one could not be judged, else 0. What came of each is
    put into `done`.

    Raises:
        DataError: nothing of a name can be, or the page cannot be written.
    """
    engines = asked(words)
    if html is not None and not (folder := Path(html).absolute().parent).is_dir():
        raise DataError(f"{printable(str(folder), 200)}: there is no such folder")
    done = [] if done is None else done
    try:
        asyncio.run(_judge(engines, python, done, as_json=as_json))
    except KeyboardInterrupt:
        complain(f"interrupted after {len(done)} of {len(engines)}")
        return INTERRUPTED
    finally:
        if html is not None and done:
            from .page import page  # few ask for it

            write_file(html, page(done).encode())
    return status(done)


def status(engines: Sequence[Judged]) -> int:
    """What the command ends with: that one could not be judged weighs more than that one is wrong."""
    if any(engine.failed for engine in engines):
        return BAD_INPUT
    return WRONG_GRADIENT if any(engine.count("wrong") for engine in engines) else 0


async def _judge(engines: Sequence[Asked], python: str, done: list[Judged], *, as_json: bool) -> None:
    waiting = console().status(_progress(0, engines)) if on_terminal() and not as_json else nullcontext()
    with waiting as shown:
        async for judged in judge_all(engines, python):
            done.append(judged)
            if shown is not None:
                shown.stop()  # what is printed would stand behind it
            if as_json:
                emit(*records(judged))
                if judged.failed:
                    complain(f"{judged.asked.shown}: {judged.failed}")
            else:
                print_judged(judged)
            if shown is not None:
                shown.update(_progress(len(done), engines))
                shown.start()


def _progress(done: int, engines: Sequence[Asked]) -> str:
    return f"checking {min(done + 1, len(engines))} of {len(engines)}"


def records(judged: Judged) -> list[dict[str, object]]:
    """A row for each check, then the end, as JSON has them."""
    file = judged.asked.shown
    if judged.failed:
        return [{"event": "failed", "file": file, "error": judged.failed}]
    start: dict[str, object] = {
        "event": "start",
        "file": file,
        "loaded": judged.file,
        "class": judged.cls,
        "network": judged.network,
    }
    end: dict[str, object] = {"event": "end", "file": file}
    end |= {verdict: judged.count(verdict) for verdict in VERDICTS}
    if judged.trouble:
        end["trouble"] = judged.trouble
    return [start, *(_record(file, row) for row in judged.rows), end]


def _record(file: str, row: Row) -> dict[str, object]:
    told = {"event": "check", "file": file, "check": row.check, "verdict": row.verdict, "expression": row.expression}
    found = {"got": row.got, "want": row.want, "kind": row.kind, "line": row.line}
    return told | found | {"at": dict(row.at), "of": row.of, "why": row.why}
