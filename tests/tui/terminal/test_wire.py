"""Flow control: one query at a time, whose answers and silences mean what they should."""

from __future__ import annotations

import re

import pytest

from chainstep.tui.terminal.wire import FIRST_COLUMN, FROZEN, PATIENCE, ROW, Wire
from support.cases import each


def asked(query: str | None) -> tuple[int, int]:
    """Where a query has the cursor when it asks for it."""
    assert query is not None
    found = re.fullmatch(r"\x1b7\x1b\[(\d+);(\d+)H\x1b\[6n\x1b8", query)
    assert found is not None
    return int(found[1]), int(found[2])


@pytest.fixture
def wire() -> Wire:
    """To a terminal that has answered once, 0.1 s after it was asked."""
    wire = Wire()
    assert wire.hear(*asked(wire.ask(10.0)), 10.1)
    return wire


def ticked(wire: Wire, times: int) -> Wire:
    for _ in range(times):
        wire.tick()
    return wire


def test_a_frame_waits_for_the_answer_to_the_one_before(wire: Wire) -> None:
    assert not wire.busy
    place = asked(wire.ask(11.0))
    assert wire.busy
    assert wire.hear(*place, 11.4)
    assert not wire.busy
    assert wire.round_trip == pytest.approx(0.4)


def test_a_frame_that_nobody_asked_for_leaves_the_link_alone_for_as_long(wire: Wire) -> None:
    wire.hear(*asked(wire.ask(11.0)), 11.4)
    assert not wire.rested(11.7)
    assert wire.rested(11.9)


def test_a_terminal_that_never_answers_is_asked_once_and_waited_for_never() -> None:
    wire = Wire()
    assert wire.ask(1.0)
    assert wire.ask(2.0) is None
    ticked(wire, 10 * FROZEN)
    assert not wire.busy
    assert not wire.frozen
    assert wire.rested(3.0)


def test_an_answer_that_got_lost_is_waited_for_three_seconds(wire: Wire) -> None:
    wire.ask(11.0)
    assert ticked(wire, PATIENCE - 1).busy
    assert not ticked(wire, 1).busy
    assert asked(wire.ask(14.0))
    assert wire.busy


def test_the_answer_to_an_earlier_query_is_not_taken_for_that_of_the_last(wire: Wire) -> None:
    late = asked(wire.ask(11.0))
    ticked(wire, PATIENCE)
    place = asked(wire.ask(14.0))
    assert not wire.hear(*late, 14.1)
    assert wire.busy
    assert wire.hear(*place, 14.2)


@pytest.mark.parametrize("place", [(1, 1), (1, 17), (ROW, 5), (30, 100)])
def test_another_position_is_an_answer_too(wire: Wire, place: tuple[int, int]) -> None:
    """A window may be too small for the place, and a simple terminal may always say the same."""
    wire.ask(11.0)
    assert wire.hear(*place, 11.1)
    assert not wire.busy


@each("modifier", range(2, 17))
def test_f3_with_a_modifier_is_no_answer(wire: Wire, modifier: int) -> None:
    wire.ask(11.0)
    assert not wire.hear(1, modifier, 11.1)
    assert wire.busy


def test_nobody_asked_means_no_answer(wire: Wire) -> None:
    assert not wire.hear(ROW, FIRST_COLUMN, 12.0)


def test_silence_while_a_frame_is_on_its_way_is_a_dead_link(wire: Wire) -> None:
    wire.ask(11.0)
    for _ in range(FROZEN):
        assert not wire.frozen
        ticked(wire, 1)
        if not wire.busy:
            wire.ask(12.0)  # frames that were sent in vain do not start it anew
    assert wire.frozen


def test_an_answer_that_cannot_get_lost_is_waited_for(wire: Wire) -> None:
    """A page that nobody looks at answers when somebody does; the link is not left alone for as long again."""
    wire.lossless = True
    place = asked(wire.ask(11.0))
    assert ticked(wire, 100 * FROZEN).busy
    assert not wire.frozen
    assert wire.hear(*place, 900.0)
    assert wire.rested(900.0 + PATIENCE)


def test_a_link_that_takes_nothing_is_dead_though_its_terminal_never_answers() -> None:
    wire = Wire()
    wire.ask(1.0)
    assert wire.awaited(1.5)
    assert not wire.awaited(2.5), "nobody is known to answer"
    for taken in (0, None, 7, *range(7, 7 + 5 * FROZEN)):
        wire.tick(taken)
        assert not wire.frozen, "it moves"
    for _ in range(FROZEN):
        assert not wire.frozen
        wire.tick(taken)
    assert wire.frozen
    wire.tick(None)
    assert not wire.frozen
    wire.lossless = True
    for _ in range(FROZEN + 1):
        wire.tick(taken)
    assert not wire.frozen, "a page that sleeps"


def test_silence_that_nobody_broke_is_none(wire: Wire) -> None:
    assert not ticked(wire, 10 * FROZEN).frozen
    wire.ask(11.0)
    assert not ticked(wire, FROZEN - 1).frozen


def test_any_sign_of_life_counts(wire: Wire) -> None:
    late = asked(wire.ask(11.0))
    ticked(wire, PATIENCE)
    wire.ask(14.0)
    ticked(wire, FROZEN - PATIENCE - 1)
    wire.hear(*late, 22.0)
    assert not ticked(wire, FROZEN - 1).frozen
    assert ticked(wire, 1).frozen
