"""Runs' files with a field changed and every check right, as whoever means it makes them. Must not know how they are
read.
"""

from __future__ import annotations

import copy
import io
import json
import math
import os
import random
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, get_args
from unittest.mock import patch

from chainstep.engine.training.archive.archive import Archive
from chainstep.engine.training.commands import Back, CommandError, Forward, Goto
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part
from chainstep.tui.cli import main, opening
from chainstep.tui.files import runs
from chainstep.tui.files.store.format import Summary
from chainstep.tui.files.subjects.source import Source
from support.cases import every_case
from support.runs.files import NOW, save
from support.runs.old import OLD, digested

_KINDS = ("lecture", "nan", "iris", "expression")

_ACTS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What acts on a terminal; a line may end."""

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 3, 7, 41, 1_000_000, 10**9, 2**53 + 1, 10**30, 0.5, 1e9, 1e308, -1e308, 5e-324,
    math.nan, math.inf, -math.inf, "", "x", "main", "nan", "lr", "adam", "softmax", "\x1b]0;title\x07", "\x9b2J",
    "\u202e", "x\ny", "x" * 5_000, "AAAAAAAA8D8=", "A" * 4_000, "=", [], {}, [[]], [1, 2, 3], [3_000, 3_000],
    [4, 10**9], [10**9] * 3, [None] * 4, ["x", 1.0], {"command": "Undo"}, {"command": "Goto", "step": "x"}, {"a": 1},
    {"command": "SetKnob", "name": "hidden", "value": [9_000, 9_000]},
    {"command": "SetParameter", "index": 10**6, "value": 0.0},
)  # fmt: skip


def forge(folder: Path, count: int, seed: int) -> int:
    """Change a field of a run's file `count` times, with right checks. Each is refused in a line, with status 2, or
    opened, and then shown and gone on with; within 2 s of computing, and nothing acts on the terminal. How many could
    be opened; raises CaseError.
    """
    opened = 0

    def case(number: int) -> None:
        nonlocal opened
        chance = random.Random(number)
        state = folder / str(number)
        name = _json(state / "runs", chance) if number % 2 else _store(state / "runs", chance)
        with patch.dict(os.environ, CHAINSTEP_STATE=str(state)):
            opened += _resumed(name, chance)
            status, out, err, _ = _run("resume", "--list")
            assert (status, err.count("\n") + out.count("\n")) in ((0, 2), (0, 1), (2, 1))
        shutil.rmtree(state)

    every_case(count, seed, case)
    return opened


def _resumed(name: str, chance: random.Random) -> bool:
    began = time.process_time()
    status, out, err, session = _run("resume", name)
    took = time.process_time() - began
    assert took < 2, f"{took:.1f} s"
    if session is None:
        assert (status, out, err.count("\n")) == (2, "", 1), err
        return False
    assert (status, out) == (0, "")
    for command in (None, Forward("op", 3), Forward("step"), Back("step"), Goto(session.step + 3), Goto(0)):
        with suppress(CommandError):
            if command is not None:
                session.apply(command)
        assert _acts(session) is None
    Archive(session).changes()
    return True


def _acts(session: Session) -> str | None:
    """A text of the session's picture that would act on a terminal."""
    seen = repr(session.snapshot(set(get_args(Part)) - {"map", "proof"}))
    found = re.search(r"\\x[01][0-9a-f]|\\x[89][0-9a-f]|\\u202|\\n|\\t", seen)
    return seen[found.start() - 30 : found.end() + 30] if found else None


def _run(*words: str) -> tuple[int, str, str, Session | None]:
    """The program: its status, what it writes, and the session that the app would show."""
    out, err = io.StringIO(), io.StringIO()
    shown: list[Session] = []

    def show(session: Session, _: Source, __: str, owned: Any = None, ___: object = ()) -> int:
        if owned is not None:
            owned.close()
        shown.append(session)
        return 0

    with patch.object(opening, "show", show), redirect_stdout(out), redirect_stderr(err):
        status = main(words)
    assert not _ACTS.search(out.getvalue() + err.getvalue())
    return status, out.getvalue(), err.getvalue(), shown[0] if shown else None


# --- what is forged


def _json(folder: Path, chance: random.Random) -> str:
    record = json.loads((OLD / f"{chance.choice(_KINDS)}.json").read_bytes())
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        _change(record, chance)
    folder.mkdir(parents=True)
    with suppress(KeyError, TypeError):
        record = digested(record)
    (folder / "forged.json").write_text(json.dumps(record), encoding="utf-8")
    return "forged"


_SOUND: dict[str, tuple[Mapping[str, bytes], str]] = {}
"""The records and the source of each kind."""


def _store(folder: Path, chance: random.Random) -> str:
    kind = chance.choice(_KINDS)
    if kind not in _SOUND:
        resumed = runs.resume(str(OLD / f"{kind}.json"))
        _SOUND[kind] = Archive(resumed.session).changes()[0], json.dumps(resumed.source.to_json())
    sound, source = _SOUND[kind]
    records, summary = dict(sound), Summary("moons", source, 7, 0.25)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if chance.random() < 0.1:
            told = json.loads(summary.source)
            _change(told, chance)
            summary = summary._replace(source=json.dumps(told))
        elif records:
            key = chance.choice(sorted(records))
            records[key] = _changed(records[key], chance)
            if chance.random() < 0.05:
                records[chance.choice(sorted(sound))] = records.pop(key)
    return save(folder, records, summary=summary, now=NOW).stem


def _changed(record: bytes, chance: random.Random) -> bytes:
    """A record of JSON with a field changed, or any other with bytes changed."""
    try:
        value = json.loads(record)
    except ValueError:
        found = bytearray(record or bytes(8))
        for _ in range(chance.choice((1, 2, 9))):
            found[chance.randrange(len(found))] = chance.randrange(256)
        return bytes(found[: chance.choice((len(found), len(found), len(found) // 2))])
    _change(value, chance)
    return json.dumps(value).encode()


def _change(value: Any, chance: random.Random) -> None:
    """Another value somewhere in a tree of lists and objects."""
    places = list(_places(value))
    if not places:
        return
    holder, key = chance.choice(places)
    old = holder[key]
    kind = chance.randrange(6)
    if kind == 0:
        del holder[key]
    elif kind == 1 and type(old) in (int, float):
        holder[key] = chance.choice((old + 1, old - 1, -old, old * 1000))
    elif kind == 1 and isinstance(old, list):
        holder[key] = chance.choice((old[::-1], old + old, old[:-1], old[1:]))
    elif kind == 1 and isinstance(old, str):
        holder[key] = chance.choice((old + "\x1b[31m", old[: len(old) // 2], old * 2, old + "AAAAAAAA"))
    elif kind == 2:
        other, at = chance.choice(places)
        holder[key] = copy.deepcopy(other[at])
    else:
        holder[key] = copy.deepcopy(chance.choice(_VALUES))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
