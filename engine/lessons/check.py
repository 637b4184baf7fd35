"""Plays a lesson without a learner, and says what in it does not hold. Must not know files, nor the screen.

Every question is answered rightly, and with each of its wrong answers, on the numbers of the file and on drawn ones.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import field

from ..records import record
from ..training.moves import result
from ..training.session import Session
from ..training.step.timeline import PHASES
from .errors import LessonError
from .language import names
from .language.evaluation import Opener, Place, truth
from .language.reading import Expression
from .plan.lesson import Ask, Beat, Do, Lesson
from .play.asking import Answers
from .play.attempts import ROUNDS
from .play.judging import read
from .play.prepared import Asked, Begun, Prepared, Preparing
from .play.scenes import PRESSED
from .view import Lit

_DRAWN = ROUNDS - 1
"""Times that a question with drawn numbers is asked on other ones."""


@record
class Known:
    """What a lesson may name of the screen."""

    actions: Collection[str]
    """Ids of commands that have a key."""
    opening: Collection[str]
    """Those of them that only open something to look at."""
    panes: Collection[str]


@record
class Row:
    """What was found of a beat."""

    beat: int
    """From 1."""
    ask: str
    """The question; empty where there is none."""
    right: float | str | None
    """The right answer."""
    error: LessonError | None
    """What does not hold."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """The drawn numbers on which it was looked at, if there are any."""


def check(lesson: Lesson, prepared: Prepared, known: Known) -> Iterator[Row]:
    """A row for each beat, the first thing that does not hold in it; and one for each time that numbers are drawn."""
    preparing = prepared.of(lesson)
    for place, beat in enumerate(lesson.beats):
        found = _Found()
        try:
            result(_checked(preparing, place, prepared.opener, known, found))
        except LessonError as error:
            yield Row(place + 1, found.ask, found.right, error)
            continue
        yield Row(place + 1, found.ask, found.right, None)
        if beat.ask is not None and beat.ask.draw and found.asked is not None:
            yield from _on_drawn(preparing, place, beat.ask, found.asked.answers)


@record(eq=False, frozen=False)
class _Found:
    ask: str = ""
    right: float | str | None = None
    asked: Asked | None = None


def _quantum() -> int:
    return 100_000


def _checked(
    preparing: Preparing, place: int, opener: Opener, known: Known, found: _Found
) -> Generator[int, None, None]:
    beat = preparing.lesson.beats[place]
    begun = yield from preparing.begun(place, {}, _quantum)
    found.ask = begun.said.ask
    try:
        _check_names(beat, begun.start.session, known)
        if beat.do is not None and beat.do.until is not None:
            where = Place(begun.start.session, begun.start.session, opener, _quantum, preparing.lesson.named)
            yield from _check_waiting(beat.do, beat.do.until, where)
    except LessonError as error:
        raise error.inside("beat", place) from None
    if beat.ask is not None:
        found.asked = yield from preparing.asked(place, begun.start, {}, _quantum)
        found.right = _right(found.asked.answers, begun)
        _check_answers(found.asked.answers, begun, place)
    ended = yield from preparing.ended(place, _quantum)
    until = None if beat.do is None else beat.do.until
    if until is not None and not (
        yield from truth(until, Place(ended.session, ended.session, opener, _quantum, preparing.lesson.named))
    ):
        raise LessonError("until does not hold where way leads", ("beat", place, "until"))


def _right(answers: Answers, begun: Begun) -> float | str:
    return answers.right if answers.right is not None else begun.said.options[answers.option or 0]


def _check_waiting(do: Do, until: Expression, place: Place) -> Generator[int, None, None]:
    if do.way is None and do.action not in PRESSED:
        raise LessonError(f"{do.action} needs way: the moves by which until comes to hold", ("do",))
    try:
        held = yield from truth(until, place)
    except LessonError:
        return  # what it asks for is still to be computed
    if held:
        raise LessonError("until holds before anything is done", ("until",))


def _check_answers(answers: Answers, begun: Begun, place: int) -> None:
    unsound = answers.unsound()
    if unsound is not None:
        raise unsound.inside("beat", place)
    if answers.right is not None and not answers.is_right(read(f"{answers.right:.4g}")):
        raise LessonError(f"{answers.right:.4g}, its own four digits, is refused", ("beat", place, "close"))
    for index, (number, words) in enumerate(answers.wrong):
        if answers.meaning(number) != words:
            raise LessonError("this wrong answer gets the words of another", ("beat", place, "wrong", index))
    if len(set(begun.said.options)) < len(begun.said.options):
        raise LessonError("two choices read the same", ("beat", place, "choice"))


def _on_drawn(preparing: Preparing, place: int, ask: Ask, first: Answers) -> Iterator[Row]:
    others = [first]
    for number in range(_DRAWN):
        try:
            drawn = result(preparing.drawn(place, f"check/{number}", others, _quantum))
        except LessonError as error:
            yield Row(place + 1, str(ask.text), None, error)
            return
        answers = drawn.asked.answers
        others.append(answers)
        yield Row(place + 1, drawn.begun.said.ask, _right(answers, drawn.begun), None, drawn.numbers)


# --- what is named


def _check_names(beat: Beat, session: Session, known: Known) -> None:
    """See that a session and the screen have what a beat names."""
    if beat.do is not None and beat.do.action not in known.actions:
        raise LessonError(f"there is no command called {beat.do.action}", ("do",))
    if beat.do is not None and beat.do.until is None and beat.do.action not in known.opening:
        opening = ", ".join(sorted(known.opening))
        raise LessonError(f"{beat.do.action} needs until; what only opens something needs none: {opening}", ("do",))
    for index, lit in enumerate(beat.lit):
        _check_lit(lit, session, known, ("show", index))
    for index, covered in enumerate(beat.cover):
        kind, _, name = covered.partition(" ")
        lit = Lit("pane", name) if kind == "pane" else Lit("number", covered)
        _check_lit(lit, session, known, ("cover", index))


def _check_lit(lit: Lit, session: Session, known: Known, where: tuple[str, int]) -> None:
    if not _there(lit, session, known):
        what = (
            f"pane {lit.name}: there are {', '.join(known.panes)}" if lit.kind == "pane" else f"{lit.kind} {lit.name}"
        )
        raise LessonError(f"there is no {what}", where)


def _there(lit: Lit, session: Session, known: Known) -> bool:
    match lit.kind:
        case "pane":
            return lit.name in known.panes
        case "phase":
            return lit.name in PHASES
        case "parameter":
            return lit.name in session.labels
        case "node":
            return names.is_value(session, lit.name)
        case "wire":
            ends = [end.strip() for end in lit.name.split("->")]
            return all(names.is_value(session, end) for end in ends) if len(ends) == 2 else lit.name in session.labels
        case _:
            return names.is_known(session, lit.name)
