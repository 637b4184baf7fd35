"""How a session that plays rests, so that others come to their turn. Must not know who they are."""

from __future__ import annotations

import pytest

from chainstep.tui.playback.shared import turns


class Alone:
    """A share with a crowd that the test sets."""

    many = 1.0

    def play(self, playing: bool) -> None:
        pass

    def settled(self) -> bool:
        return True

    def crowd(self) -> float:
        return self.many


def test_it_rests_as_long_as_the_others_take(monkeypatch: pytest.MonkeyPatch) -> None:
    share, clock = Alone(), [0.0]
    monkeypatch.setattr(turns, "process_time", lambda: clock[0])
    turn = turns.Turns(share)

    def worked(seconds: float) -> float:
        clock[0] += seconds
        return turn.rest()

    assert worked(0.01) == 0.0  # nobody else plays
    share.many = 3.0
    assert worked(0.01) == pytest.approx(0.02)
    share.many = 1.1
    assert [worked(0.01), worked(0.01)] == [0.0, pytest.approx(0.002)]  # what is too short comes with the next
    share.many = 30.0
    assert worked(0.2) == turns.MOST


def test_pictures_come_more_rarely_in_a_crowd() -> None:
    share = Alone()
    turn = turns.Turns(share)
    found = []
    for share.many in (1.0, 4.0, 8.0, 40.0):
        found.append(turn.rarer)
    assert found == [1.0, 1.0, 2.0, 4.0]
