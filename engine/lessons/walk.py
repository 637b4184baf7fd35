"""A walk through lessons: which beat it is at, what was answered, what is right. Is shown the learner's session and
says what leads it on; must not move it, nor know screen, keys, clocks or files.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TypeVar

from ..records import record
from ..training.moves import Moves
from ..training.session import Session
from .commands import Answer, BackToLesson, Choose, Hint, LessonCommand, NextBeat, Opened, PreviousBeat, Reveal
from .errors import LessonError
from .events import Answered, Ended, Event, Reached
from .language import evaluation
from .language.elsewhere import Quantum
from .language.evaluation import Place
from .language.numbers import written
from .pieces import as_long_as
from .plan.lesson import Lesson
from .play.attempts import Attempts
from .play.judging import read
from .play.paths import Path, path
from .play.prepared import Asked, Prepared, Preparing
from .play.scenes import stands
from .play.visit import Visit
from .view import LessonView, Verdict

T = TypeVar("T")

Work = Callable[[Quantum], Moves]
"""Something to be done piece by piece, given how many samples' worth a piece has."""


@record(eq=False)
class Stop:
    """A beat on the way."""

    lesson: Lesson
    beat: int
    """From 0."""
    review: bool = False
    """It is asked again because it went wrong before."""


def way(lesson: Lesson, beat: int = 0, review: Sequence[tuple[Lesson, int]] = ()) -> list[Stop]:
    """The beats of a lesson from one on, with old questions before them."""
    old = [Stop(other, place, review=True) for other, place in review]
    return [*old, *(Stop(lesson, place) for place in range(beat, len(lesson.beats)))]


@record(eq=False)
class Among:
    """The lessons that there are."""

    numbers: Mapping[str, int]
    """By id, from 1."""
    next_title: str = ""
    """Of the lesson that comes after this one."""
    known: frozenset[tuple[str, int]] = frozenset()
    """Questions that are known already: a lesson's id, and a beat from 1."""


class Walk:
    """A walk along `stops`, whose beats are made ready by what is `prepared`. `listen` is told what happens; `seed`
    makes drawn numbers others than in another walk.

    Everything that takes long is asked for by `work`, and done piece by piece; where that is over, `path` says what
    leads the learner's session on. Whoever moves the session shows it to `look`.
    """

    def __init__(
        self,
        stops: Sequence[Stop],
        prepared: Prepared,
        among: Among | None = None,
        listen: Callable[[Event], object] = lambda event: None,
        seed: str = "",
    ) -> None:
        self._stops = tuple(stops)
        self._prepared = prepared
        self._among = among or Among({})
        self._listen = listen
        self._seed = seed
        self._known = set(self._among.known)
        self._enter(0)

    # --- where it is

    @property
    def stop(self) -> Stop:
        """The beat that it is at; at the end the last one."""
        return self._stops[min(self._index, len(self._stops) - 1)]

    @property
    def ended(self) -> bool:
        """It is behind the last beat."""
        return self._index >= len(self._stops)

    def _enter(self, index: int) -> None:
        """Go to a beat: it has to be prepared before anything is known of it."""
        self._index = max(0, index)
        stop = self.stop
        ask = stop.lesson.beats[stop.beat].ask
        attempts = Attempts(drawn=ask is not None and bool(ask.draw), short=stop.review)
        self._visit = Visit(stop.lesson, stop.beat, attempts)
        if self.ended:
            self._listen(Ended(stop.lesson.id))
        elif not stop.review:
            self._listen(Reached(stop.lesson.id, stop.beat + 1))

    # --- commands

    def tell(self, command: LessonCommand) -> None:
        """Carry out a command; what cannot be done changes nothing."""
        self._visit.complaint = ""
        match command:
            case Answer() | Choose() | Reveal():
                self._answer(command)
            case Hint():
                self._hint()
            case NextBeat() if not self.ended:
                self._next()
            case PreviousBeat() if self._index > 0:
                self._enter(self._index - 1)
            case BackToLesson():
                self._visit.leads = self._visit.target is not None
            case Opened(action) if not self.ended:
                self._visit.open(action)

    def _next(self) -> None:
        visit = self._visit
        if visit.beat.ask is not None and visit.attempts.again and visit.asked is not None:
            self._visit = visit.another(visit.asked)
        else:
            self._enter(self._index + 1)

    def _hint(self) -> None:
        tried = self._visit.attempts
        if not tried.answered and tried.hints < len(self._visit.hints):
            tried.hints += 1

    def _answer(self, command: Answer | Choose | Reveal) -> None:
        visit = self._visit
        if visit.beat.ask is None or visit.attempts.answered or self.ended:
            return
        if isinstance(command, Answer):
            try:
                read(command.text)
            except ValueError as error:
                visit.complaint = str(error)
                return
        if visit.asked is None:
            visit.waiting = command
        else:
            self._judge(command, visit.asked)

    def _judge(self, command: Answer | Choose | Reveal, asked: Asked) -> None:
        visit, tried, answers = self._visit, self._visit.attempts, asked.answers
        helped, given = tried.helped, self._given(command)
        if given is None:
            return
        hints = len(visit.hints)
        if isinstance(command, Reveal):
            tried.revealed = True
        elif isinstance(given, str):
            tried.choice = command.choice if isinstance(command, Choose) else None
            right = tried.choice == answers.option
            words = "" if right or tried.choice is None else answers.words[tried.choice]
            tried.mark(Verdict(right, given, words), hints)
        else:
            right = answers.is_right(given)
            tried.mark(Verdict(right, written(given), "" if right else answers.meaning(given)), hints)
        if tried.mastered:
            self._known.add((visit.lesson.id, visit.place + 1))
        self._report(given, answers.right, helped)
        if tried.answered:
            visit.target, visit.leads = asked.end, True

    def _given(self, command: Answer | Choose | Reveal) -> float | str | None:
        """The answer as it is kept; None where it is none."""
        options = self._visit.options
        match command:
            case Reveal():
                return ""
            case Choose(choice):
                return options[choice] if 0 <= choice < len(options) else None
            case Answer(text):
                return None if options else read(text)

    def _report(self, given: float | str, right: float | None, helped: bool) -> None:
        visit, tried = self._visit, self._visit.attempts
        option = visit.asked.answers.option if visit.asked is not None else None
        self._listen(
            Answered(
                lesson=visit.lesson.id,
                beat=visit.place + 1,
                ask=visit.said.ask if visit.said is not None else "",
                round=tried.round,
                attempt=tried.count,
                answer=given,
                right=right if right is not None else visit.options[option or 0] if visit.options else "",
                ok=tried.verdict is not None and tried.verdict.right,
                helped=helped or tried.revealed,
                mastered=tried.mastered,
            )
        )

    # --- what takes long

    def work(self) -> Work | None:
        """What has to be done next; None if nothing. While it is not done, answers wait."""
        visit = self._visit
        if self.ended or visit.broken is not None:
            return None
        if visit.begun is None:
            return self._prepare if visit.attempts.round == 0 else self._draw
        return self._prepare_answers if visit.beat.ask is not None and visit.asked is None else None

    @property
    def _preparing(self) -> Preparing:
        return self._prepared.of(self._visit.lesson)

    def _while_here(self, search: Generator[int, None, T]) -> Generator[int, None, T | None]:
        """What a search for this beat finds; None where the learner has gone on, or where it breaks the beat."""
        visit = self._visit
        try:
            return (yield from as_long_as(lambda: self._visit is visit, search))
        except LessonError as error:
            visit.broken = error
            return None

    def _prepare(self, quantum: Quantum) -> Moves:
        visit = self._visit
        begun = yield from self._while_here(self._preparing.begun(visit.place, {}, quantum))
        if begun is not None:
            visit.begin(begun)

    def _prepare_answers(self, quantum: Quantum) -> Moves:
        visit = self._visit
        assert visit.begun is not None
        asked = yield from self._while_here(self._preparing.asked(visit.place, visit.begun.start, {}, quantum))
        if asked is not None:
            self._take(asked)

    def _draw(self, quantum: Quantum) -> Moves:
        visit = self._visit
        others = [asked.answers for asked in visit.rounds]
        work = self._preparing.drawn(visit.place, f"{self._seed}/{visit.attempts.round}", others, quantum)
        try:
            found = yield from as_long_as(lambda: self._visit is visit, work)
        except LessonError:
            # On these it cannot be asked again: it goes on.
            self._enter(self._index + 1)
            return
        if found is not None:
            visit.attempts.numbers = found.numbers
            visit.begin(found.begun)
            self._take(found.asked)

    def _take(self, asked: Asked) -> None:
        visit = self._visit
        visit.asked = asked
        waiting, visit.waiting = visit.waiting, None
        if waiting is not None:
            self._judge(waiting, asked)

    # --- the learner's session

    def path(self, live: Session) -> Path:
        """What leads the learner's session to where it belongs; it is told once. Nothing where it may stay."""
        visit = self._visit
        if not visit.leads or visit.target is None:
            return ()
        visit.leads, visit.at_lesson, visit.away = False, True, False
        return path(live, visit.target)

    def look(self, live: Session, quantum: Quantum) -> Moves:
        """Look at where the learner's session stands, piece by piece."""
        visit = self._visit
        target, do = visit.target, visit.beat.do
        if self.ended or target is None or visit.leads:
            return
        there = target.session
        visit.away = (live.subject.name, live.labels) != (there.subject.name, there.labels)
        if do is not None and do.until is not None and not visit.done and live.subject is there.subject:
            place = Place(live, there, self._prepared.opener, quantum, visit.lesson.named)
            try:
                done = yield from evaluation.truth(do.until, place)
            except LessonError:
                done = False  # not computed yet
            if self._visit is not visit or target is not visit.target:
                return
            visit.done = done
        visit.at_lesson = visit.done or stands(live, target)

    # --- what there is to see

    def view(self) -> LessonView:
        """Where it is."""
        stop, visit, ended = self.stop, self._visit, self.ended
        lesson, tried = visit.lesson, visit.attempts
        return LessonView(
            id=lesson.id,
            title=lesson.title,
            number=self._among.numbers.get(lesson.id, 0),
            total=len(self._among.numbers),
            beat=visit.place + 1,
            beats=len(lesson.beats),
            stage="end" if ended else visit.stage,
            say=visit.said.say if visit.said is not None else "",
            lit=visit.lit,
            covered=() if ended else visit.covered,
            screen=visit.beat.screen,
            key=None if ended else visit.key,
            question=None if ended else visit.question,
            hints=visit.hints[: tried.hints],
            more_hints=not tried.answered and tried.hints < len(visit.hints),
            verdict=tried.verdict,
            revealed=visit.revealed,
            attempts=tried.count,
            mastered=sum((lesson.id, place + 1) in self._known for place in lesson.questions),
            questions=len(lesson.questions),
            at_lesson=visit.at_lesson,
            review=stop.review,
            working=visit.waiting is not None or (visit.begun is None and not ended and visit.broken is None),
            complaint=visit.complaint or visit.fault,
            can=lesson.can if ended and not stop.review else "",
            next_title=self._among.next_title if ended else "",
        )

    @property
    def asked(self) -> tuple[str, float] | None:
        """What the number that is asked for is called, and what is right of it: it is not to be shown. None where no
        number of the screen is asked for, or what is right is not worked out yet.
        """
        return self._visit.number
