"""A session as records: whatever was told in between, those that were handed over open to the same bits. Must not know
files.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.archive import parts
from chainstep.engine.training.archive.archive import Archive
from chainstep.engine.training.archive.errors import ArchiveError
from chainstep.engine.training.archive.load import load
from chainstep.engine.training.archive.numbers import packed, rows
from chainstep.engine.training.archive.parts import Say
from chainstep.engine.training.archive.restore import restore
from chainstep.engine.training.commands import (
    Back,
    Command,
    Fork,
    Forward,
    Goto,
    RenameFork,
    Restart,
    SetCursor,
    SetKnob,
    SetSample,
)
from chainstep.engine.training.run import begin as begin_module
from chainstep.engine.training.run.begin import build
from chainstep.engine.training.session import Session
from chainstep.tui.files.store.format import MAX_RECORDS, valid_key
from support.archives import reopened, save
from support.cases import each
from support.forgetful import forgetful
from support.sessions import Begin, Bits, standing
from support.walks import EDITS, FORKS, walked

step = st.one_of(
    st.builds(Forward, st.sampled_from(["op", "phase", "step", "epoch"]), st.integers(1, 9)),
    st.builds(Back, st.sampled_from(["op", "phase", "step"]), st.integers(1, 9)),
    st.builds(Goto, st.integers(0, 90), st.sampled_from([0, 0, 7])),
    EDITS,
    FORKS,
    st.just(RenameFork("fork 1", "other")),
)


def same(one: Session, other: Session, bits: Bits) -> None:
    """They stand alike, in runs with the same past and future."""
    assert bits(standing(one)) == bits(standing(other))
    assert list(one.log) == list(other.log)
    branches = [session.editor.without_redo() for session in (one, other)]
    for ours, theirs in zip(*branches, strict=True):
        assert (ours.name, ours.parent, ours.since, ours.automatic) == (
            theirs.name, theirs.parent, theirs.since, theirs.automatic,
        )  # fmt: skip
        a, b = ours.run.history, theirs.run.history
        assert repr((a.loss.stored(), a.accuracy.stored())) == repr((b.loss.stored(), b.accuracy.stored()))
        assert (a.edits, list(a.epochs), a.tests, a.stops) == (b.edits, list(b.epochs), b.tests, b.stops)
        assert [kept.step for kept in a.checkpoints] == [kept.step for kept in b.checkpoints]
        assert [kept.step for kept in a.newest] == [kept.step for kept in b.newest]
        assert (ours.run.ghost is None) == (theirs.run.ghost is None)
        if ours.run.ghost is not None and theirs.run.ghost is not None:
            assert repr(ours.run.ghost.losses.stored()) == repr(theirs.run.ghost.losses.stored())


@given(walk=st.lists(step, min_size=1, max_size=10), times=st.integers(1, 4))
def test_what_is_handed_over_in_pieces_opens_to_the_same_bits(
    walk: list[Command], times: int, begin: Begin, bits: Bits
) -> None:
    with forgetful():
        session, records = begin("xor", steps=40), dict[str, bytes]()
        archive = Archive(session)
        for place in range(0, len(walk), times):
            walked(session, walk[place : place + times])
            changes = archive.changes()
            assert changes.drop <= records.keys()
            assert not changes.drop & changes.records.keys()
            records = {key: record for key, record in records.items() if key not in changes.drop} | changes.records
        assert len(records) == len(Archive(session).changes().records)
        assert all(map(valid_key, records))
        opened = restore(session.subject, records)
        same(opened, session, bits)
        # It goes on alike.
        for command in (Goto(session.step + 3), Fork(), Back("step", 2)):
            opened.apply(command)
            session.apply(command)
        assert bits(standing(opened)) == bits(standing(session))


def test_stretches_of_before_it_was_known_how_often_they_rise_may_have_risen_all_the_way(begin: Begin) -> None:
    with forgetful():
        session = begin("xor", steps=40)
        session.apply(Goto(400))
        records = dict(Archive(session).changes().records)
        for key in records:
            if key.startswith("stretches/"):
                columns = rows(records[key], 18)
                records[key] = packed(*columns[:8], *columns[9:17])
        ours, theirs = restore(session.subject, records).run.history.loss, session.run.history.loss
        assert {*ours.column("rises")} == {ours.width - 1.0}
        assert ours.stored()[1][:8] == theirs.stored()[1][:8]


def test_nothing_new_is_nothing(begin: Begin) -> None:
    session = begin("xor")
    session.apply(Goto(3_000))
    archive = Archive(session)
    assert len(archive.changes().records) > 10
    assert archive.changes() == ({}, frozenset())
    session.apply(SetCursor(7))
    assert archive.changes() == ({}, frozenset())
    session.apply(Forward("step"))
    changes = archive.changes()
    assert sorted(changes.records) == ["block/0/2048", "near/0", "run/0", "session"]
    assert not changes.drop


def test_checkpoints_come_and_go_as_a_long_run_thins_them(begin: Begin) -> None:
    session, records = begin("expression"), dict[str, bytes]()
    archive = Archive(session)
    for target in (3_000, 60_000, 140_000, 200_000, 199_990, 260_000, 400_000):
        session.apply(Goto(target))
        if target == 140_000:
            session.apply(SetKnob("lr", 0.3))
        new, gone = archive.changes()
        records = {key: record for key, record in records.items() if key not in gone} | dict(new)
        assert records.keys() == Archive(session).changes().records.keys()
    assert restore(session.subject, records).run.history.checkpoints[-1].step > 300_000


def test_what_is_in_the_file_and_not_in_the_session_goes(begin: Begin) -> None:
    session = begin("xor")
    changes = Archive(session, ["run/0", "run/7", "session/000"]).changes()
    assert changes.drop == {"run/7", "session/000"}
    assert Archive(session, ["run/7"]).changes().records == changes.records


def test_a_long_run_is_few_records(begin: Begin) -> None:
    session = begin("expression")
    session.train(200_000, 200_000)
    records = Archive(session).changes().records
    assert len(records) < MAX_RECORDS / 10
    assert sum(map(len, records.values())) < 3 * 2**20
    opened = restore(session.subject, records)
    assert opened.step == 200_000
    opened.apply(Back("step", 3))


def test_a_run_of_old_that_has_only_the_losses_of_its_ghost_keeps_them(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("step", 30))
    losses = session.losses[:]
    session.apply(Restart())
    assert session.run.ghost is not None
    object.__setattr__(session.run.ghost, "run", None)
    ghost = reopened(session).run.ghost
    assert ghost is not None
    assert (ghost.run, ghost.losses[:]) == (None, losses)


# --- what is no session


@pytest.fixture(scope="module")
def sound(begin: Begin) -> tuple[Session, dict[str, bytes]]:
    with forgetful():
        session = begin("xor", steps=20)
        for command in (SetSample(1, 0, 0.25), Goto(30), SetKnob("lr", 0.3), Restart(), Goto(40), Fork(), Goto(60)):
            session.apply(command)
        session.apply(Goto(13))
        return session, dict(Archive(session).changes().records)


def test_a_record_that_is_missing_is_named(sound: tuple[Session, dict[str, bytes]]) -> None:
    session, records = sound
    assert restore(session.subject, records).step == session.step
    for gone in records:
        rest = {key: record for key, record in records.items() if key != gone}
        if gone.startswith("checkpoint/") and not gone.endswith("/0"):
            restore(session.subject, rest)
            continue
        with pytest.raises(ArchiveError) as error:
            restore(session.subject, rest)
        assert gone in str(error.value)
        assert "\n" not in str(error.value)


@each(
    ("key", "field", "value", "words"),
    [
        ("session", "format", 4, "saved in format 4"),
        ("session", "forks", [0, 0], "its forks"),
        ("session", "forks", "x", "its forks"),
        ("session", "forks", [], "it has no run"),
        ("session", "current", "nobody", "its forks"),
        ("session", "log", [{"command": "Goto", "step": "x"}], "its log"),
        ("run/0", "name", "\x1b[2J", "its name"),
        ("run/0", "settings", {"hidden": [4, 10**9]}, "parameters are too many"),
        ("run/0", "settings", {"hidden": [3]}, "a number for every parameter"),
        ("run/0", "width", 0, "its width"),
        ("run/0", "width", 1, "its curves"),
        ("run/0", "exact_from", 2**40, "its curves"),
        ("run/0", "steps", 2**50, "its curves"),
        ("run/0", "position", [10**9, 0], "it stands at step"),
        ("run/0", "position", [39, 10**6], "step 39 has no op"),
        ("run/0", "epochs", [5, []], "its epochs"),
        ("run/0", "epochs", [2**50, [[0, 0, 2**50], [9, 1, 1]]], "its epochs"),
        ("run/0", "ghost", 99, "there is no 'run/99'"),
        ("run/0", "interval", 0, "its interval"),
        ("run/0", "edits", [[0, 0, [0, 0], 0, {"command": "Undo"}]], "is no edit"),
    ],
)
def test_a_field_that_is_not_what_a_session_saves_is_named(
    key: str, field: str, value: object, words: str, sound: tuple[Session, dict[str, bytes]]
) -> None:
    session, records = sound
    changed = json.dumps({**json.loads(records[key]), field: value}).encode()
    with pytest.raises(ArchiveError, match=words) as error:
        restore(session.subject, {**records, key: changed})
    assert str(error.value).isprintable()


@each("key", ["checkpoint/0/0", "near/0", "tests/0", "block/0/38", "stretches/0/0", "replayed/1"])
def test_numbers_that_are_too_many_or_too_few_are_refused(key: str, sound: tuple[Session, dict[str, bytes]]) -> None:
    session, records = sound
    key = next(known for known in records if known.rpartition("/")[0] == key.rpartition("/")[0])
    for changed in (records[key][:-1], records[key][:-8], records[key] + bytes(8), bytes(5)):
        if changed == records[key]:
            continue
        with pytest.raises(ArchiveError):
            restore(session.subject, {**records, key: changed})


@each("field", range(5))
@each("value", [-1, 10**6, 2**62])
def test_a_checkpoint_lies_where_a_step_begins(field: int, value: int, sound: tuple[Session, dict[str, bytes]]) -> None:
    session, records = sound
    head = [*struct.unpack_from("<5q", records["near/0"])]
    if (field, value) in ((1, 10**6), (3, 10**6)):  # epochs and updates are what they are said to be
        return
    head[field] = value
    with pytest.raises(ArchiveError):
        restore(session.subject, {**records, "near/0": struct.pack("<5q", *head) + records["near/0"][40:]})


def far_records(session: Session, say: Say) -> Session:
    """The session of its records, which have nothing near where it stands."""
    records = Archive(session).changes().records
    return restore(session.subject, {**records, "near/0": records["checkpoint/0/0"]}, say)


def far_json(session: Session, say: Say) -> Session:
    """The same of format 2."""
    plain = save(session)
    plain["forks"][0]["checkpoints"] = []
    return load(session.subject, plain, say)


@pytest.mark.parametrize("opened", [far_records, far_json])
@pytest.mark.parametrize(("batch", "steps"), [(None, 30), (1, 60)])
def test_no_long_way_is_gone_to_where_a_run_was_left(
    opened: Callable[[Session, Say], Session],
    batch: int | None,
    steps: int,
    begin: Begin,
    bits: Bits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Batches of one are turned into whole ones: that is where the way becomes long."""
    session = begin("lecture", batch_size=batch)
    session.apply(Goto(2))
    if batch == 1:
        session.apply(SetKnob("batch_size", None))
    session.apply(Goto(steps, 7))
    said: list[str] = []
    tape = len(session.run.stepper.program.tape)
    way = steps * (4 * tape + 100) + (500 * tape if batch == 1 else 0)
    monkeypatch.setattr(parts, "FARTHEST", way)
    assert bits(standing(opened(session, said.append))) == bits(standing(session))
    assert said == []
    monkeypatch.setattr(parts, "FARTHEST", way - 1)
    short = opened(session, said.append)
    assert said == [f"main stands at its start: the way to step {steps}, where it was left, is long; g goes there"]
    assert (short.step, short.op, len(short.run.history.loss)) == (0, 0, steps)
    short.apply(Goto(steps, 7))
    assert bits(standing(short)) == bits(standing(session))


@pytest.mark.parametrize("apart", [False, True])
def test_thousands_of_edits_are_no_reason_to_build_thousands_of_programs(
    apart: bool, begin: Begin, bits: Bits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a file is forged. All of one point, or one a step, where nothing near leads to where it stood."""
    session = begin("xor")
    session.apply(Goto(3_000))
    records = dict(Archive(session).changes().records)
    saved = json.loads(records["run/0"])
    for number in range(2_000):
        point = [number if apart else 0, 0]
        turn = {"command": "SetKnob", "name": "l2", "value": (number % 7) / 100}
        saved["edits"].append([*point, point, number, turn])
    changed = {**records, "run/0": json.dumps(saved).encode(), "near/0": records["checkpoint/0/0"]}
    built: list[object] = []
    monkeypatch.setattr(begin_module, "build", lambda *asked: built.append(asked) or build(*asked))
    opened = restore(session.subject, changed, lambda line: None)
    assert opened.step == (0 if apart else 3_000)
    assert len(built) <= 1


@given(edits=st.lists(EDITS | st.builds(SetKnob, st.just("l2"), st.sampled_from([0.0, 0.25])), min_size=2, max_size=8))
def test_edits_of_one_point_made_at_once_are_those_made_one_by_one(
    edits: list[Command], begin: Begin, bits: Bits
) -> None:
    session = begin("xor", steps=20, batch_size=3)
    session.apply(Goto(9))
    walked(session, edits)
    one_by_one = bits(standing(session))
    session.run.stand_at(session.run.history.start)
    session.apply(Goto(9))
    assert bits(standing(session)) == one_by_one


@each("record", [b"", b"\xff", b"[" * 100_000, b"1" * 5_000, b"[]", b"null"])
def test_what_is_no_object_is_refused(record: bytes, sound: tuple[Session, dict[str, bytes]]) -> None:
    session, records = sound
    for key in ("session", "run/0", "run/1"):
        with pytest.raises(ArchiveError):
            restore(session.subject, {**records, key: record})


def test_any_numbers_are_numbers(begin: Begin) -> None:
    session = begin("parabola", lr=1e30)
    session.apply(Goto(30))
    assert session.loss is not None
    assert not math.isfinite(session.loss)
    assert repr(reopened(session).losses[:]) == repr(session.losses[:])
