"""Every field of a saved session is looked at before anything is built of it. Must not know files."""

from __future__ import annotations

import copy
import dataclasses
import json
import math
from typing import Any, get_args

import pytest

from chainstep.engine.training import commands
from chainstep.engine.training.archive import saved
from chainstep.engine.training.archive.errors import ArchiveError
from chainstep.engine.training.archive.load import load
from chainstep.engine.training.archive.parts import checkpoint_of
from chainstep.engine.training.archive.saved import SavedError
from chainstep.engine.training.commands import (
    AddBreakpoint,
    CommandError,
    Fork,
    Forward,
    Goto,
    SetKnob,
    SetParameter,
    SetProbe,
    SetSample,
    SetWatch,
)
from chainstep.engine.training.run.checkpoint import Checkpoint
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.size import MAX_PARAMETERS
from support.archives import save
from support.cases import each
from support.sessions import Begin, Bits

Path = tuple[str | int, ...]


@pytest.fixture
def session(begin: Begin) -> Session:
    session = begin("xor", steps=20)
    for command in (
        SetProbe((0.5, 1.0)),
        SetWatch("L1.n1.w0"),
        AddBreakpoint("step 900"),
        SetSample(1, 0, 0.25),
        Goto(3),
        SetKnob("lr", 0.3),
        SetParameter(0, 0.5),
        Fork(),
        Goto(5),
    ):
        session.apply(command)
    return session


def plain(session: Session) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(save(session)))
    return made


BAD: dict[str, tuple[Path, Any]] = {
    "its granularity": (("granularity",), "\x1b[2J"),
    "an input has 2 numbers, not 1": (("probe",), [1.0]),
    "its probe": (("probe",), ["x", None]),
    "its watches": (("watches",), [[1]]),
    "its watches ": (("watches",), ["\x9b2J"]),
    "its breakpoints": (("breakpoints", 0, "hits"), None),
    "its current": (("current",), None),
    "its forks are": (("current",), "nobody"),
    "its forks are ": (("forks", 0, "name"), "fork 1"),
    "its log": (("log", 0), {"command": "Goto", "step": "x"}),
    "its log ": (("log", 0), {"command": "Goto", "step": 1, "op": -2}),
    "its name": (("forks", 0, "name"), "\x1b]0;title\x07"),
    "its begun": (("forks", 0, "begun"), "\u202e"),
    "its stops": (("forks", 0, "stops"), [[1, 2, "\x07"]]),
    "its since": (("forks", 0, "since"), [1]),
    "its settings": (("forks", 0, "settings", "lr"), [[0.1]]),
    "lr cannot be": (("forks", 0, "settings", "lr"), "fast"),
    "parameters are too many": (("forks", 1, "settings", "hidden"), [4, 10**9]),
    "parameters are too many: ": (("forks", 0, "settings", "hidden"), [3_000, 3_000]),
    "it has not a first weight ": (("forks", 0, "first"), [1.0]),
    "it has not a first weight": (("forks", 1, "first"), [1.0]),
    "its first ": (("forks", 0, "first"), "x"),
    "its position": (("forks", 0, "position"), [1.5, 0]),
    "it stands at step": (("forks", 0, "position"), [10**9, 0]),
    "its measurements": (("forks", 0, "accuracy"), ""),
    "its accuracy": (("forks", 0, "accuracy"), 7),
    "its epochs": (("forks", 0, "epochs"), [0, 4, 2]),
    "its tests": (("forks", 0, "tests"), [[0, "x", None]]),
    "its ghost": (("forks", 0, "ghost"), 5),
    "its fault": (("forks", 0, "fault"), {"step": 1}),
    "its edits are": (("forks", 0, "edits", 0, 0), 9),
    "there is no parameter": (("forks", 0, "edits", 2, 4, "index"), 10**6),
    "there is no sample": (("forks", 0, "edits", 0, 4, "sample"), 10**6),
    "lr must be": (("forks", 0, "edits", 1, 4, "value"), -1.0),
    "hidden begins another run": (
        ("forks", 0, "edits", 1, 4),
        {"command": "SetKnob", "name": "hidden", "value": [9_000, 9_000]},
    ),
    "there is no sample 100": (("forks", 0, "amendments"), [[99, 0, 1.0]]),
    "its amendments": (("forks", 0, "amendments"), [[0, 0, math.nan]]),
    "an edit is recorded where none can be": (("forks", 0, "edits", 0, 1), 10**6),
}


@each(("words", "place", "value"), [(words, *bad) for words, bad in BAD.items()])
def test_a_field_that_is_not_what_a_session_saves_is_named(
    words: str, place: Path, value: Any, session: Session
) -> None:
    made = plain(session)
    holder: Any = made
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    with pytest.raises(ArchiveError, match=words.strip()):
        load(session.subject, made)


def test_every_field_is_needed(session: Session, bits: Bits) -> None:
    made = plain(session)
    assert bits(load(session.subject, made)) == bits(session)
    for name in made:
        with pytest.raises(ArchiveError):
            load(session.subject, {key: value for key, value in made.items() if key != name})
    for name in made["forks"][0].keys() - saved.LATER.keys():
        less = copy.deepcopy(made)
        del less["forks"][0][name]
        with pytest.raises(ArchiveError):
            load(session.subject, less)


def test_the_oldest_files_have_no_stops(session: Session) -> None:
    made = plain(session)
    for branch in made["forks"]:
        for name in saved.LATER:
            del branch[name]
    assert load(session.subject, made).step == session.step


def test_every_field_of_every_command_has_a_kind() -> None:
    annotations = {str(field.type) for kind in get_args(commands.Command) for field in dataclasses.fields(kind)}
    assert annotations <= saved.OF_COMMANDS.keys()


def test_an_edit_that_lies_behind_the_position_is_refused_when_it_comes(session: Session) -> None:
    session.apply(Goto(1))
    run = session.run
    run.history.edits = [dataclasses.replace(edit, op=10**6) for edit in run.history.edits if edit.step > 1]
    assert run.history.edits
    with pytest.raises(CommandError, match="an edit is recorded where none can be made: step 3, op 1000000"):
        session.apply(Forward("step", 5))


def test_the_largest_network_can_be_saved(begin: Begin) -> None:
    assert len(begin("moons").parameters) * 100 < MAX_PARAMETERS


def test_a_root_is_taken_of_no_number_below_0(begin: Begin) -> None:
    session = begin("xor", optimizer="adam", steps=20)
    session.apply(Goto(3))
    stepper = session.run.stepper
    kept = Checkpoint.of(stepper, session.run.state, 0)
    fields = (kept.step, kept.epoch, kept.cursor, kept.updates, kept.edits)
    assert checkpoint_of(stepper, fields, kept.numbers).numbers == kept.numbers
    kept.numbers[-1] = -1e-9
    with pytest.raises(SavedError, match="a checkpoint has a square below 0"):
        checkpoint_of(stepper, fields, kept.numbers)
