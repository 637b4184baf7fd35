"""One engine judged in a child: which, what was found, and how it ended. Knows the child's messages, and looks at each
before it is believed; must not know how they are shown.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, get_args

from chainstep.datasets import DataError, printable
from chainstep.engine.records import record
from chainstep.engine.verify.rows import Kind, Row, Verdict

from ...children.child import Child, ChildError
from ...children.task import Limits, Task

SECONDS = 60.0
"""A file may train before its engine can be judged, which then takes at most ten."""

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
KINDS: tuple[Kind, ...] = get_args(Kind)

MOST_ROWS = 10_000


@record
class Asked:
    """An engine that is to be judged."""

    shown: str
    """As it was typed."""
    what: str
    """An absolute path, or a module's dotted name."""
    is_file: bool
    cls: str | None = None


@record(frozen=False)
class Judged:
    """What came of one engine."""

    asked: Asked
    file: str = ""
    """The file that its class is from."""
    cls: str = ""
    network: str | None = None
    trouble: str = ""
    """What its file raised after the class was defined; or what ended the check before it was whole."""
    failed: str = ""
    """Why it could not be judged at all."""
    rows: list[Row] = field(default_factory=list)

    def count(self, verdict: Verdict) -> int:
        """How many rows have that verdict."""
        return sum(row.verdict == verdict for row in self.rows)

    def of(self, verdict: Verdict) -> list[Row]:
        """The rows with that verdict."""
        return [row for row in self.rows if row.verdict == verdict]


def asked(words: Sequence[str]) -> list[Asked]:
    """What was typed: FILE.py, DIR or MODULE, each with :CLASS behind it or without. Of a folder that is no package,
    every Python file.

    Raises:
        DataError: nothing of that name can be.
    """
    return [each for word in words for each in _asked(word)]


def _asked(word: str) -> list[Asked]:
    name, colon, cls = word.rpartition(":")
    if not colon or not cls.isidentifier() or Path(word).exists():
        name, cls = word, ""
    path = Path(name)
    if path.is_dir() and not (path / "__init__.py").exists():
        files = sorted(path.glob("*.py"))
        if not files:
            raise DataError(f"{printable(name, 200)}: there is no Python file in this folder")
        return [Asked(str(file), str(file.absolute()), True, cls or None) for file in files]
    if path.exists() or os.sep in name or name.endswith(".py"):
        return [Asked(name, str(path.absolute()), True, cls or None)]
    if all(part.isidentifier() for part in name.split(".")):
        return [Asked(name, name, False, cls or None)]
    raise DataError(f"{printable(name, 200)}: there is no such file, and no module can be called so")


async def judge_all(engines: Sequence[Asked], python: str, seconds: float = SECONDS) -> AsyncIterator[Judged]:
    """Judge each, several side by side; given in the order that they were asked for."""
    turns = asyncio.Semaphore(os.cpu_count() or 1)

    async def in_turn(engine: Asked) -> Judged:
        async with turns:
            return await judge(engine, python, seconds)

    waiting = [asyncio.create_task(in_turn(engine)) for engine in engines]
    try:
        for task in waiting:
            yield await task
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def judge(engine: Asked, python: str, seconds: float = SECONDS) -> Judged:
    """Judge one engine in a child; what it had found stays, however it ends."""
    judged = Judged(engine)
    if engine.is_file and (wrong := _no_engine(Path(engine.what))):
        judged.failed = wrong
        return judged
    folder = Path(engine.what).parent if engine.is_file else Path.cwd()
    data = {"what": engine.what, "is_file": engine.is_file, "cls": engine.cls}
    task = Task("chainstep.tui.cli.verify.child", data, folder, python)
    whole = False
    try:
        async with Child(task, Limits(seconds=seconds)) as child:
            async for message in child:
                whole = "whole" in message or whole
                _hear(judged, message)
    except ChildError as error:
        judged.failed = str(error)
        return judged
    assert child.end is not None
    if not whole and not judged.failed:
        reason = _why_it_ended(child)
        if judged.rows:
            judged.trouble = reason
        else:
            judged.failed = reason
    return judged


def _why_it_ended(child: Child) -> str:
    """What a child that had not done says of it."""
    assert child.end is not None
    if child.end.cause != "exit":
        return child.end.why
    told = child.errors.last_line
    return printable(f"{child.end.why} before it was judged" + (f": {told}" if told else ""), 400)


def _no_engine(path: Path) -> str:
    """Why nothing at `path` can be run; empty if it can."""
    if not path.exists():
        return "there is no such file"
    if path.is_dir() or (path.is_file() and path.suffix in (".py", "")):
        return ""
    return "is no Python file" if path.is_file() else "is no regular file"


def _hear(judged: Judged, message: Mapping[str, Any]) -> None:
    if "failed" in message:
        judged.failed = printable(str(message["failed"]), 400)
    if "loaded" in message:
        judged.file = str(message["loaded"])
        judged.cls = printable(str(message.get("cls", "")), 80)
        network = message.get("network")
        judged.network = None if network is None else printable(str(network), 80)
        judged.trouble = printable(str(message.get("trouble", "")), 400)
    if "row" in message and len(judged.rows) < MOST_ROWS and (row := believed(message["row"])):
        judged.rows.append(row)


def believed(told: Any) -> Row | None:
    """A row that a stranger sent; None if it is none."""
    if not isinstance(told, Mapping) or told.get("verdict") not in VERDICTS:
        return None
    kind, line = told.get("kind"), told.get("line")
    return Row(
        check=printable(str(told.get("check", "")), 120),
        verdict=told["verdict"],
        expression=printable(str(told.get("expression", "")), 400),
        at=_leaves(told.get("at")),
        of=printable(str(told.get("of", "")), 40),
        got=_result(told.get("got")),
        want=_result(told.get("want")),
        kind=kind if kind in KINDS and told["verdict"] == "wrong" else None,
        line=line if type(line) is int else None,
        why=printable(str(told.get("why", "")), 600),
    )


def _leaves(told: object) -> dict[str, float]:
    """The leaves' numbers; what is none is left out."""
    if not isinstance(told, Mapping):
        return {}
    numbers = {printable(str(name), 40): _number(value) for name, value in told.items()}
    return {name: value for name, value in numbers.items() if value is not None}


def _result(told: object) -> float | str | None:
    """A number, or what there is in its place."""
    number = _number(told)
    return number if number is not None or told is None else printable(str(told), 300)


def _number(told: object) -> float | None:
    """A number, if it is one and a float can hold it."""
    try:
        return float(told) if isinstance(told, int | float) and not isinstance(told, bool) else None
    except OverflowError:
        return None
