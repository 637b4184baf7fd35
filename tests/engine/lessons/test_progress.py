"""How far somebody has come, of what happened. Must not know files."""

from __future__ import annotations

from chainstep.engine.lessons.events import Answered, Ended, Reached
from chainstep.engine.lessons.progress import Progress
from support.lessons.written import PLUS_EQUALS, of_text

LESSON = of_text(PLUS_EQUALS)
OTHER = of_text(PLUS_EQUALS.replace('id = "plus-equals"', 'id = "other"'))


def answered(beat: int, *, ok: bool = True, attempt: int = 1, helped: bool = False, mastered: bool = False) -> Answered:
    return Answered(LESSON.id, beat, "What?", 0, attempt, 1.0, 2.0, ok, helped, mastered)


def test_what_is_not_right_at_the_first_go_comes_again_until_it_is_known() -> None:
    wrong = [answered(2, ok=False), answered(2, attempt=2), answered(3, helped=True), answered(4)]

    assert Progress.of(wrong).wrong == ((LESSON.id, 2), (LESSON.id, 3))
    assert Progress.of([*wrong, answered(2, mastered=True)]).wrong == ((LESSON.id, 3),)
    assert Progress.of([*wrong, answered(2, ok=False)]).wrong == ((LESSON.id, 3), (LESSON.id, 2))


def test_what_was_known_and_is_wrong_now_is_known_no_more() -> None:
    known = Progress.of([answered(2, mastered=True)])
    assert (known.knows(LESSON), known.to_review([LESSON])) == ({1}, [])

    wrong = Progress.of([answered(2, mastered=True), answered(2, ok=False)])
    assert (wrong.knows(LESSON), wrong.to_review([LESSON])) == (set(), [(LESSON, 1)])
    assert wrong.to_review([LESSON], but=LESSON.id) == []


def test_what_once_went_wrong_comes_again_after_one_day_three_and_seven() -> None:
    day = 24 * 3600.0
    asked = [answered(2, ok=False), answered(2, mastered=True)]
    times, due = [0.0, 0.0], [day, 4 * day, 11 * day]

    for when in due:
        progress = Progress.of(asked, times)
        assert progress.to_review([LESSON], now=when - 1) == []
        assert progress.to_review([LESSON], now=when) == [(LESSON, 1)]
        assert progress.to_review([LESSON]) == []
        asked.append(answered(2, mastered=True))
        times.append(when)

    assert Progress.of(asked, times).again == {}
    again = Progress.of([*asked[:3], answered(2, mastered=True)], [*times[:3], 2 * day]).again[LESSON.id, 2]
    assert (again.turn, again.due) == (1, 4 * day)  # right before its day, it still comes then
    assert Progress.of([*asked[:3], answered(2, ok=False)], times[:4]).wrong == ((LESSON.id, 2),)


def test_a_lesson_is_mastered_when_it_is_done_and_all_of_it_is_known() -> None:
    known = [answered(beat, mastered=True) for beat in (2, 3, 4)]

    assert not Progress.of(known).has_mastered(LESSON)
    assert Progress.of([*known, Ended(LESSON.id)]).has_mastered(LESSON)
    assert not Progress.of([*known[1:], Ended(LESSON.id)]).has_mastered(LESSON)


def test_it_goes_on_with_what_was_begun_last_and_else_with_the_first_that_is_not_done() -> None:
    lessons = [LESSON, OTHER]

    assert Progress.of([]).next(lessons) is LESSON
    assert Progress.of([Reached("other", 2), Reached(LESSON.id, 1), Ended(LESSON.id)]).next(lessons) is OTHER
    assert Progress.of([Reached("other", 2)]).at == {"other": 2}
    assert Progress.of([Ended(LESSON.id), Ended("other")]).next(lessons) is None
    assert Progress.of([Reached("somewhere else", 2)]).next(lessons) is LESSON
