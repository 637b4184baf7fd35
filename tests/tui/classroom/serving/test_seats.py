"""Who sits in a class, and what share of the processor is whose. Must not know what is played."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chainstep.tui.classroom.serving import seats
from chainstep.tui.classroom.serving.priority import NICE, Priority
from chainstep.tui.classroom.serving.seats import Seat, Seats


def test_seats_are_taken_and_left() -> None:
    room = Seats(2)
    first, second = room.take(), room.take()
    assert (first, second) == (0, 1)
    assert room.sessions() == 0  # nobody has said yet what for
    room.sit(0, "moons --as Ünal")
    room.sit(1, "x" * 1_000)
    Seat(room, 1, os.getppid()).play(True)
    ours, other = room.sitting()
    assert (ours.pid, ours.words, ours.playing) == (os.getpid(), "moons --as Ünal", False)
    assert other.playing
    assert set(other.words) == {"x"}
    assert (room.sessions(), room.playing()) == (2, 1)
    assert room.leave(1)
    assert not room.leave(1)
    assert (room.take(), room.sessions()) == (1, 1)


def test_a_class_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "MOST", 2)
    room = Seats(1)
    assert [room.take() for _ in range(3)] == [0, 1, None]


def test_who_plays_alone_has_it_all_and_others_share() -> None:
    room = Seats(2)
    players = []
    for number in range(6):
        assert room.take() == number
        room.sit(number, "lecture")
        players.append(Seat(room, number, os.getppid()))
        if number == 0:
            players[0].play(True)
            assert players[0].crowd() == 1.0
    assert players[0].crowd() == 1.0  # of one and a half processors
    for player in players[1:]:
        player.play(True)
    assert players[0].crowd() == pytest.approx(6 / (2 * seats.ROOM))
    players[5].play(False)
    assert players[0].crowd() == pytest.approx(5 / (2 * seats.ROOM))
    assert Seat(room, 0, -1).crowd() == 1.0  # the class is closed


def test_who_plays_gives_way_and_whoever_pauses_does_so_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    autogroup = tmp_path / "autogroup"
    autogroup.write_text("")
    room = Seats(1)
    assert room.take() == 0
    seat = Seat(room, 0, os.getppid(), Priority(str(autogroup)))
    try:
        seat.play(True)
        assert seat.settled()
        if hasattr(os, "SCHED_BATCH"):
            assert os.sched_getscheduler(0) == os.SCHED_BATCH
        seat.play(False)
        monkeypatch.setattr(os, "write", _busy)
        assert not seat.settled()
        monkeypatch.undo()
        assert seat.settled()
    finally:
        if hasattr(os, "SCHED_BATCH"):
            assert os.sched_getscheduler(0) == os.SCHED_OTHER
    assert autogroup.read_text() == f"{NICE}0"
    assert Priority(str(tmp_path / "none")).give_way(False)
    assert Priority("/dev/full").give_way(False)


def _busy(descriptor: int, text: bytes) -> int:
    raise BlockingIOError
