"""A beat in words and numbers: its sentences filled in, its right answer and its wrong ones computed. Must not know
what the learner has answered.
"""

from __future__ import annotations

import math
from collections.abc import Generator

from ...records import record
from ...training.session import Session
from ..errors import LessonError, Where
from ..language import evaluation
from ..language.elsewhere import copy_of
from ..language.evaluation import Place
from ..language.numbers import written
from ..language.templates import Sentence, filled
from ..pieces import all_of
from ..plan.lesson import Ask, Beat, Wrong
from .judging import agrees
from .rules import NO_RULE, Rule, rule_of


@record
class Said:
    """What a beat says before anything is answered."""

    say: str
    ask: str
    hints: tuple[str, ...]
    words: str
    """What its key is for."""
    options: tuple[str, ...]


@record
class Answers:
    """What answers to a question are worth."""

    ask: Ask
    right: float | None
    """The right number; None where one of the options is."""
    option: int | None
    """The right one of them."""
    wrong: tuple[tuple[float, str], ...]
    """Usual wrong numbers, and what each means."""
    words: tuple[str, ...]
    """What choosing each of the options means, where it is wrong."""
    tell: str
    rule: Rule = NO_RULE

    def is_right(self, answer: float) -> bool:
        """Whether a number is the right one."""
        return self.right is not None and self._agrees(answer, self.right)

    def meaning(self, answer: float) -> str:
        """What a wrong number means; empty where nobody knows."""
        return next((words for number, words in self.wrong if self._agrees(answer, number)), "")

    def _agrees(self, answer: float, right: float) -> bool:
        return agrees(answer, right, close=self.ask.close, within=self.ask.within)

    def unsound(self) -> LessonError | None:
        """What is wrong with numbers: one is not finite, a wrong one is right, or two are the same."""
        if self.right is None:
            return None
        if not math.isfinite(self.right):
            return LessonError(f"the right answer is {written(self.right)}", ("answer",))
        for place, (number, _) in enumerate(self.wrong):
            where: Where = ("wrong", place, "answer")
            if not math.isfinite(number):
                return LessonError(f"this wrong answer is {written(number)}", where)
            if self.is_right(number):
                return LessonError(f"this wrong answer, {written(number)}, is right", where)
            for before, (other, _) in enumerate(self.wrong[:place]):
                if self._agrees(number, other) or self._agrees(other, number):
                    return LessonError(f"this wrong answer, {written(number)}, is that of number {before + 1}", where)
        return None


def said(beat: Beat, place: Place) -> Generator[int, None, Said]:
    """What a beat says where it stands.

    Raises:
        LessonError: something in it is not there; it says in which field.
    """
    say = yield from _filled(beat.say, place, "say")
    if beat.ask is None:
        words = "" if beat.do is None else (yield from _filled(beat.do.words, place, "words"))
        return Said(say, "", (), words, ())
    ask = yield from _filled(beat.ask.text, place, "ask")
    options = yield from all_of(
        _filled(option.text, place, "choice", index, "text") for index, option in enumerate(beat.ask.options)
    )
    hints = yield from all_of(_filled(hint, place, "hint") for hint in beat.ask.hints)
    return Said(say, ask, tuple(hints), "", tuple(options))


def answers(ask: Ask, place: Place, start: Session) -> Generator[int, None, Answers]:
    """What answers are worth at a place, to which it went from a `start`.

    Raises:
        LessonError: the right one cannot be computed, or there is not one; it says in which field.
    """
    tell = yield from _filled(ask.tell, place, "tell")
    if ask.answer is None:
        option = yield from _right_option(ask, place)
        words = yield from all_of(
            _filled(each.words, place, "choice", index, "words") for index, each in enumerate(ask.options)
        )
        return Answers(ask, None, option, (), tuple(words), tell)
    try:
        right = yield from evaluation.number(ask.answer, place)
    except LessonError as error:
        raise error.inside("answer") from None
    wrong = yield from all_of(_usual(usual, index, place) for index, usual in enumerate(ask.wrong))
    yield 1
    rule = yield from rule_of(ask.answer, copy_of(start), place.session, place.quantum)
    return Answers(ask, right, None, tuple(wrong), (), tell, rule)


def _usual(usual: Wrong, index: int, place: Place) -> Generator[int, None, tuple[float, str]]:
    """A wrong answer, and what it means."""
    try:
        number = yield from evaluation.number(usual.answer, place)
    except LessonError as error:
        raise error.inside("wrong", index, "answer") from None
    return number, (yield from _filled(usual.words, place, "wrong", index, "words"))


def _right_option(ask: Ask, place: Place) -> Generator[int, None, int]:
    right = []
    for index, option in enumerate(ask.options):
        try:
            if (yield from evaluation.truth(option.right, place)):
                right.append(index)
        except LessonError as error:
            raise error.inside("choice", index, "right") from None
    if len(right) != 1:
        named = " and ".join(str(index + 1) for index in right) or "none"
        raise LessonError(f"one choice has to be right, here {named} {'are' if len(right) > 1 else 'is'}", ("choice",))
    return right[0]


def _filled(sentence: Sentence, place: Place, *where: str | int) -> Generator[int, None, str]:
    try:
        return (yield from filled(sentence, lambda expression: evaluation.value(expression, place)))
    except LessonError as error:
        raise error.inside(*where) from None
