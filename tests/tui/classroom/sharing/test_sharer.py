"""A session that is shared over a socket: who follows stands where it stands, whoever is slow is told anew, and nobody
holds it up. Must not know the screen.
"""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from itertools import pairwise
from pathlib import Path
from unittest import mock

import pytest

from chainstep.engine.training.commands import AddBreakpoint, Back, Continue, Fork, Forward, Goto, SetKnob, Undo
from chainstep.engine.training.replication.update import Update
from chainstep.tui.classroom.sharing import pace as pace_module
from chainstep.tui.classroom.sharing.outbox import BACKLOG, DEAD, Outbox
from chainstep.tui.classroom.sharing.pace import FEW, LATEST, SOONEST, STEP, Pace
from chainstep.tui.classroom.sharing.questions import Questions
from chainstep.tui.classroom.sharing.subject import subject_of
from chainstep.tui.classroom.wire import places
from chainstep.tui.files.subjects.opening import open_subject
from support.classroom.shared import Pupil, Teacher, shared, until
from support.sessions import numbers_of, standing

pytestmark = pytest.mark.usefixtures("runtime")


async def test_followers_stand_where_the_teacher_stands_whenever_they_come() -> None:
    async with shared() as teacher:
        session = teacher.session
        first = await teacher.joined()
        await teacher.told()
        for command in (Forward("op", 3), SetKnob("lr", 0.3), Forward("step", 2), AddBreakpoint("backward")):
            session.apply(command)
        session.apply(Continue())
        await teacher.told()
        assert first.session.stopped == session.stopped
        second = await teacher.joined()
        for command in (Goto(500), Back("op", 2), Fork(), Undo(), Goto(20, 3), SetKnob("lr", 0.1)):
            session.apply(command)
            await teacher.told()
        assert standing(first.session) == standing(second.session) == standing(session)
        assert teacher.sharer.count == 2
        other, source = open_subject("lecture")
        teacher.session, teacher.subject = other, subject_of(other, source, leave=False)
        await teacher.told()
        assert first.following.title == "lecture"
        assert numbers_of(first.session) == numbers_of(other)
        await second.end()
        await until(lambda: teacher.sharer.count == 1)
        teacher.sharer.stop()
        await first.until(lambda: first.following.left and first.ended)
        assert places.shared() == []


async def test_while_it_plays_states_come_in_place_of_steps_and_at_a_pause_where_it_stands() -> None:
    async with shared("moons", steps=10_000) as teacher:
        session, pupil = teacher.session, await teacher.joined()
        await teacher.told()
        teacher.playing = True
        session.apply(Goto(150))
        before = teacher.sharer.sent[0]
        teacher.sharer.changed()
        await pupil.until(lambda: pupil.session.step == 151)
        assert pupil.following.playing
        assert pupil.following.age < 20
        assert teacher.sharer.sent[0] - before < 5_000
        session.apply(Forward("step"))
        assert standing(pupil.session) == standing(session)
        session.apply(Goto(session.step + 33, 7))
        teacher.playing = False
        await teacher.told()
        assert standing(pupil.session) == standing(session)
        await pupil.until(lambda: not pupil.following.playing)


async def test_ones_own_table_travels_once_and_with_leave_alone(tmp_path: Path) -> None:
    rows = "\n".join(f"{n},{n % 7},{'yes' if n % 3 else 'no'}" for n in range(40))
    table = tmp_path / "own.csv"
    table.write_text(f"a,b,goes\n{rows}\n")
    async with shared(str(table), "goes") as teacher:
        pupil = await teacher.joined()
        await pupil.until(lambda: pupil.following.title == "own.csv")
        assert pupil.following.withheld
        assert pupil.following.session is None
        source = open_subject(str(table), "goes")[1]
        teacher.subject = subject_of(teacher.session, source, leave=True)
        teacher.session.apply(Forward("step", 3))
        await teacher.told()
        assert standing(pupil.session) == standing(teacher.session)
        own = pupil.following.source
        assert own is not None
        assert own.hashed() == source.hashed()
        assert own.name != str(table)
        before = teacher.sharer.sent[0]
        teacher.session.apply(Forward("step"))
        await teacher.told()
        assert teacher.sharer.sent[0] - before < 100


async def test_who_stops_reading_costs_nothing_and_is_told_anew_or_let_go() -> None:
    async with shared("moons") as teacher:
        reads, stops = await teacher.joined(), Pupil()
        await teacher.told()
        await until(lambda: len(teacher.sharer.sent) == 2 and all(teacher.sharer.sent))
        # It has said hello, and reads nothing; what waits for it is bounded.
        chance = random.Random(1)
        for _ in range(2_400):
            teacher.sharer.ask(chance.randbytes(199).hex(), "", "", 1.0, "")
        stuck = list(teacher.sharer._outboxes.values())[1:]
        assert stuck[0].lost
        assert stuck[0].sent < 1_000_000
        teacher.sharer.reveal()
        teacher.session.apply(Forward("step"))
        await teacher.told(reads)
        teacher.pupils.append(stops)
        await stops.begin()
        await until(lambda: not stuck[0].lost or teacher.sharer.changed())
        await teacher.told()
        assert standing(stops.session) == standing(teacher.session)
        # The question that it saw last is over, as the one that it has missed.
        await stops.until(lambda: stops.following.question is None)


async def test_nothing_but_one_answer_each_flows_back() -> None:
    async with shared() as teacher:
        pupil, other = await teacher.joined(), await teacher.joined()
        await teacher.told()
        teacher.sharer.ask("What will w0.grad be?", "w0.grad", "", 0.5, "x0 · 0.25")
        await pupil.until(lambda: pupil.following.question is not None)
        answer = pupil.following.answered(0.5)
        assert answer is not None
        assert pupil.following.answered(0.7) is None
        pupil.connection.say(answer)
        pupil.connection.say(answer)
        await until(lambda: len(teacher.sharer.questions.answers) == 1)
        later = await teacher.joined()
        await later.until(lambda: later.following.question is not None)
        teacher.sharer.reveal()
        await other.until(lambda: other.following.question is not None and other.following.question.right == 0.5)
        assert other.following.answered(0.5) is None


async def test_who_answers_again_and_again_is_let_go() -> None:
    async with shared() as teacher:
        pupil = await teacher.joined()
        await teacher.told()
        teacher.sharer.ask("What will w0.grad be?", "w0.grad", "", 0.5, "")
        for _ in range(9):
            pupil.connection.say(Update("answer", {"number": 1, "value": 0.5}))
        await pupil.until(lambda: pupil.ended)
        assert len(teacher.wrong) == 1
        assert teacher.wrong[0].endswith("it answers more than it is asked")
        assert len(teacher.sharer.questions.answers) == 1


async def test_nobody_waits_while_it_is_looked_up_who_is_of_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    known, members = threading.Event(), set[str]()

    def may_follow(_: places.Peer, group: str | None) -> bool:
        return group is not None and known.wait(20) and group in members

    async with shared() as teacher:
        own = await teacher.joined()
        await teacher.told()
        monkeypatch.setattr(teacher.sharer, "_group", "class")
        monkeypatch.setattr(places, "may_follow", may_follow)
        stranger = await teacher.joined()
        teacher.session.apply(Forward("op"))
        await teacher.told(own)
        known.set()
        await stranger.until(lambda: stranger.ended)
        members.add("class")
        member = await teacher.joined()
        await teacher.told(own, member)
        assert teacher.sharer.count == 2


@pytest.mark.parametrize("said", [b"", b"\x02h}", b"\xff\xff\xff\x7f", b"\x05Zabcd", b"\x06a\x04null"])
async def test_what_is_no_message_is_told_in_a_line_and_ends_the_connection(said: bytes) -> None:
    async with shared() as teacher:
        pupil = await teacher.joined()
        await teacher.told()
        stranger = socket.socket(socket.AF_UNIX)
        stranger.connect(str(places.shared()[0].path))
        stranger.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(stranger, said)
        if not said:
            stranger.shutdown(socket.SHUT_WR)
        with stranger:
            async with asyncio.timeout(20):
                assert await loop.sock_recv(stranger, 100) == b""
        assert [line.count("\n") for line in teacher.wrong] == [0] * bool(said)
        teacher.session.apply(Forward("op"))
        await teacher.told(pupil)
        assert teacher.sharer.count == 1


class _Transport:
    """Takes bytes, and sends as many as it is told."""

    waiting = 0

    def write(self, data: bytes) -> None:
        self.waiting += len(data)

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def is_closing(self) -> bool:
        return False


def test_whoever_reads_nothing_for_long_is_dead() -> None:
    transport = _Transport()
    box = Outbox(transport)  # type: ignore[arg-type]
    box.begin(bytes(100))
    assert not box.is_dead(0.0)
    assert not box.is_dead(DEAD)
    transport.waiting = 50
    assert not box.is_dead(DEAD + 1)  # it reads
    assert not box.is_dead(2 * DEAD)
    assert box.is_dead(2 * DEAD + 2)
    transport.waiting = 0
    assert not box.is_dead(9 * DEAD)
    box.put(bytes(BACKLOG + 1))
    box.put(b"more")
    assert (box.lost, transport.waiting) == (True, BACKLOG + 1)


def test_a_state_is_due_where_it_has_few_numbers_of_its_own_and_never_late() -> None:
    pace = Pace()
    pace.told(0.0, running=False)
    assert not pace.due(STEP / 2, running=False, odd=1)
    assert pace.due(STEP, running=False, odd=1)
    assert pace.due(STEP / 2, running=True, odd=1)
    pace.told(0.0, running=True)
    assert not pace.due(SOONEST, running=True, odd=2 * FEW)
    assert pace.due(SOONEST, running=True, odd=FEW)
    assert pace.due(LATEST, running=True, odd=2 * FEW)
    assert not pace.due(SOONEST - 0.1, running=True, odd=0)
    assert pace.due(0.01, running=False, odd=2 * FEW)
    assert pace.wait(0.1, running=True) == pytest.approx(LATEST - 0.1)


def test_while_it_plays_many_are_told_in_turns_and_each_as_often_as_one_alone() -> None:
    pace, now, told = Pace(), 0.0, dict[int, list[float]]()
    pace.part(30)
    assert pace.turns == 8
    pace.told(now, running=True)
    while now < 10:
        now += 0.004
        if pace.due(now, running=True, odd=0):
            told.setdefault(pace.turn, []).append(now)
            pace.told(now, running=True, all_turns=False)
    every = sorted(when for times in told.values() for when in times)
    assert min(b - a for a, b in pairwise(every)) > SOONEST / 20
    assert {*told} == {*range(8)}
    for times in told.values():
        assert times[0] < LATEST
        assert all(SOONEST <= b - a < LATEST for a, b in pairwise(times))


async def test_each_of_many_is_told_while_it_plays_and_all_at_a_pause() -> None:
    brief = mock.patch.multiple(pace_module, SOONEST=0.03, LATEST=0.04, AT_ONCE=2)
    async with shared("xor", steps=10**6) as teacher:
        for _ in range(5):
            await teacher.joined()
        await teacher.told()
        teacher.playing = True
        with brief:
            await plays(teacher)
        teacher.session.apply(Forward("op"))
        teacher.playing = False
        await teacher.told()
        for pupil in teacher.pupils:
            assert standing(pupil.session) == standing(teacher.session)


async def plays(teacher: Teacher) -> None:
    """Until each follower has been told twice."""
    for _ in range(2):
        before = [pupil.session.step for pupil in teacher.pupils]
        while not all(pupil.session.step > step for pupil, step in zip(teacher.pupils, before, strict=True)):
            teacher.session.train(64)
            teacher.sharer.changed()
            await asyncio.sleep(0)


def test_each_answers_once_while_a_question_is_open() -> None:
    questions = Questions()
    assert not questions.answer("a", 1, 0.5)
    first = questions.ask("?", "", "", 1.0, "")
    assert questions.answer("a", first.number, 0.5)
    assert not questions.answer("a", first.number, 0.7)
    assert not questions.answer("b", first.number + 1, 0.7)
    second = questions.ask("?", "", "", 1.0, "")
    assert questions.answers == {}
    assert not questions.answer("a", first.number, 0.5)
    questions.close()
    assert not questions.answer("a", second.number, 0.5)
