"""A course goes on where one left off, and brings back what went wrong. Must not know the screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import time

import pytest

from chainstep.datasets import DataError
from chainstep.engine.lessons.commands import Answer, LessonCommand, NextBeat
from chainstep.engine.lessons.walk import Walk
from chainstep.engine.training.moves import finish
from chainstep.tui.cli.learning.setups import Setups
from chainstep.tui.files.lessons.course import Course
from chainstep.tui.files.lessons.kept import kept_file, told
from support.cases import each
from support.lessons.written import PLUS_EQUALS, of_text, quantum

OPENED: list[Course] = []


@pytest.fixture(autouse=True)
def closed(state: None) -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()  # what one test writes is not to come to the next one's folder


def course(*, own: bool = False) -> Course:
    later = PLUS_EQUALS.replace('id = "plus-equals"', 'id = "later"\nneeds = ["plus-equals"]')
    OPENED.append(Course([of_text(PLUS_EQUALS), of_text(later)], Setups(), own=own))
    return OPENED[-1]


def walked(walk: Walk | None, *commands: LessonCommand) -> Walk:
    assert walk is not None
    for command in (None, *commands):
        if command is not None:
            walk.tell(command)
        while (work := walk.work()) is not None:
            finish(work(quantum))
    return walk


def test_it_goes_on_where_one_left_off_in_another_process_too() -> None:
    first = course()
    for _ in range(2):
        walked(first.walk())
    walked(first.walk(), NextBeat(), Answer("2"), NextBeat())
    first.close()
    assert [type(event).__name__ for _, event in told(kept_file())] == ["Reached", "Reached", "Answered", "Reached"]

    view = walked(course().walk()).view()
    assert (view.id, view.number, view.total, view.beat, view.mastered) == ("plus-equals", 1, 2, 3, 1)
    assert view.question is not None


def test_what_went_wrong_comes_back_before_a_later_lesson_and_in_a_review() -> None:
    own = course()
    assert own.review() is None
    later = own.named("later")
    assert [lesson.id for lesson in own.progress().missing(later, own.lessons)] == ["plus-equals"]
    walk = walked(own.walk(), NextBeat(), Answer("1"), NextBeat(), NextBeat(), NextBeat())
    assert (walk.view().stage, walk.view().next_title) == ("end", "Why +=")

    own.close()
    own = course()
    assert own.progress().missing(own.named("later"), own.lessons) == []
    view = walked(own.walk()).view()
    assert (view.id, view.beat, view.review) == ("plus-equals", 2, True)
    review = walked(own.review(), Answer("2"))
    assert review.view().verdict is not None
    assert walked(own.walk()).view().review is False
    assert own.review() is None


def test_an_old_question_that_was_right_comes_again_when_its_days_are_over() -> None:
    own = course()
    walked(own.walk(), NextBeat(), Answer("1"), NextBeat(), NextBeat(), NextBeat())
    walked(own.review(), Answer("2"))
    own.close()

    now = time()
    lessons = own.lessons
    soon, later = (Course(lessons, Setups(), clock=lambda days=days: now + days * 86_400) for days in (0.9, 1.1))
    OPENED.extend((soon, later))
    assert soon.review() is None
    assert walked(later.walk()).view().review is True
    assert walked(later.review(), Answer("2")).view().verdict is not None
    assert later.review() is None


def test_a_beat_that_was_put_in_later_shifts_nothing() -> None:
    first = course()
    walked(first.walk(), NextBeat(), Answer("2"), NextBeat(), Answer("1"), NextBeat())
    first.close()

    text = PLUS_EQUALS.replace("[[beat]]", '[[beat]]\nsay = "Put in."\n\n[[beat]]', 1)
    anew = Course([of_text(text)], Setups())
    progress = anew.progress()
    assert (progress.at, progress.mastered) == ({"plus-equals": 5}, {("plus-equals", 3)})
    assert anew.to_review() == [(anew.lessons[0], 3)]
    assert Course([of_text(PLUS_EQUALS.replace("What", "Which", 1))], Setups()).progress().mastered == set()

    # One that was kept before beats had keys counts by its number.
    lines = [{**json.loads(line), "key": ""} for line in kept_file().read_text().splitlines()]
    kept_file().write_text("".join(json.dumps({k: v for k, v in line.items() if v != ""}) + "\n" for line in lines))
    assert Course([of_text(text)], Setups()).progress().mastered == {("plus-equals", 2)}


def test_all_that_is_done_leaves_nothing_to_go_on_with() -> None:
    own = course()
    for name in ("1", "later"):
        walked(own.walk(name), *[NextBeat()] * 5)

    assert own.walk() is None
    assert walked(own.walk("later")).view().beat == 1


def test_a_lesson_of_ones_own_may_be_called_as_another_one() -> None:
    own = course(own=True)
    view = walked(own.walk(), NextBeat()).view()
    assert (view.number, view.total, view.beat) == (0, 0, 2)
    own.close()

    assert course().progress().at == {}
    assert course(own=True).progress().at == {"plus-equals": 2}


@each(("name", "near"), [("plus-equal", "plus-equals"), ("Why +", "later"), ("9", ""), ("zzz", "")])
def test_a_lesson_that_is_not_there_is_told_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(DataError, match=f"did you mean {near}" if near else "learn --list has them all"):
        course().named(name)


def test_what_happens_is_told_a_listener_too() -> None:
    own, heard = course(), []
    own.listen = heard.append
    walked(own.walk(), NextBeat(), Answer("6"))

    assert [type(event).__name__ for event in heard] == ["Reached", "Reached", "Answered"]
    assert (heard[-1].answer, heard[-1].right, heard[-1].ok) == (6.0, 2.0, False)
