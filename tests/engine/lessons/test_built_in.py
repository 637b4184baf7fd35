"""The built-in lessons: what they ask has the answers that arithmetic by hand, plain Python and PyTorch give, every
wrong answer is wrong and has words of its own, and whoever answers rightly comes to the end. Must not know the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from chainstep.datasets.lessons.bundled import files
from chainstep.datasets.lessons.reading import read
from chainstep.engine.lessons.check import check
from chainstep.engine.lessons.commands import Answer, Choose, NextBeat
from chainstep.engine.lessons.plan.lesson import Lesson
from chainstep.engine.lessons.plan.reading import lesson
from chainstep.engine.lessons.play.prepared import Prepared
from chainstep.engine.training.moves import result
from chainstep.tui.cli.learning.report import known_of_the_screen
from support.cases import each
from support.lessons.truths import TRUTHS
from support.lessons.walking import OPEN, Learner
from support.lessons.written import quantum


@cache
def built_in() -> dict[str, Lesson]:
    """By the lesson's id, in their order."""
    return {found.id: found for found in (lesson(read(path).data) for path in files())}


def ids() -> list[str]:
    return [re.sub(r"^\d\d-", "", path.stem) for path in files()]


@pytest.mark.parametrize("name", ids())
def test_a_lesson_holds_tells_wrong_answers_what_they_mean_and_is_mastered_by_right_ones(name: str) -> None:
    # One after the other, on what is prepared once: most of what they take is to compute the answers.
    found, prepared = built_in()[name], Prepared(OPEN)
    known = known_of_the_screen()
    assert [str(row.error) for row in check(found, prepared, known) if row.error is not None] == []
    _answer_wrongly(found, prepared)
    _answer_rightly(found, prepared)


def _answer_rightly(found: Lesson, prepared: Prepared) -> None:
    """Whoever does comes to its end, and the answers are those that are found by other means."""
    learner = Learner(found, prepared=prepared)
    answers = list(_walked(learner))

    assert answers == [
        truth if isinstance(truth, str) else pytest.approx(truth, 1e-8, 1e-12) for truth in TRUTHS[found.id]()
    ]
    assert (learner.view.mastered, learner.view.questions) == (len(answers), len(answers))
    assert learner.view.can == found.can


def _walked(learner: Learner) -> Iterator[float | str]:
    """Go through a lesson; what was right the first time that each question was asked."""
    while learner.view.stage != "end":
        view = learner.view
        if view.stage == "do":
            learner.does_what_is_asked()
        elif view.stage == "ask":
            assert view.question is not None
            answer = learner.answers_rightly()
            assert learner.view.stage == "answered", learner.view
            if not view.question.again:
                yield answer
        else:
            learner.tells(NextBeat())


def _answer_wrongly(found: Lesson, prepared: Prepared) -> None:
    """Each wrong answer gets the words that are its own."""
    learner = Learner(found, prepared=prepared)
    for beat in range(len(found.beats)):
        for answer, words in _wrong(found, beat, prepared):
            learner.tells(answer)
            verdict = learner.view.verdict
            assert verdict is not None
            assert (learner.view.beat, verdict.right, verdict.words) == (beat + 1, False, words)
            learner.comes_again()
        learner.tells(NextBeat())


def _wrong(found: Lesson, beat: int, prepared: Prepared) -> list[tuple[Answer | Choose, str]]:
    """The wrong answers to a question that a lesson knows, and what it says to each."""
    if found.beats[beat].ask is None:
        return []
    preparing = prepared.of(found)
    start = result(preparing.begun(beat, {}, quantum)).start
    answers = result(preparing.asked(beat, start, {}, quantum)).answers
    typed: list[tuple[Answer | Choose, str]] = [(Answer(repr(number)), words) for number, words in answers.wrong]
    return typed or [(Choose(place), words) for place, words in enumerate(answers.words) if place != answers.option]


def test_they_come_after_what_they_need_and_each_has_a_name_of_its_own() -> None:
    before: set[str] = set()
    for found in built_in().values():
        assert set(found.needs) <= before, found.id
        before.add(found.id)
    assert list(built_in()) == ids()
    assert before == set(TRUTHS)


@each("path", files())
def test_a_beat_is_short(path: Path) -> None:
    """A beat says one thing, in at most two sentences and 25 words; so does whatever an answer is told."""
    for beat in built_in()[re.sub(r"^\d\d-", "", path.stem)].beats:
        ask = beat.ask
        texts = [f"{beat.say} {ask.text if ask else ''}"]
        if ask is not None:
            texts += [str(each) for each in (ask.tell, *ask.hints, *(wrong.words for wrong in ask.wrong))]
            texts += [str(option.words) for option in ask.options]
        for text in texts:
            plain = re.sub(r"\{[^}]*\}", "0", text)
            assert sum(any(map(str.isalnum, word)) for word in plain.split()) <= 25, text
            assert len(re.findall(r"[.?!](?=\s|$)", plain)) <= 2, text
