"""A walk through lessons: which beat it is at, what was answered, what is right. Is shown the learner's session and
says what leads it on; must not move it, nor know screen, keys, clocks or files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..records import record
from ..training.moves import Moves
from ..training.session import Session
from .commands import Answer, BackToLesson, Choose, Hint, LessonCommand, NextBeat, PreviousBeat, Reveal
from .errors import LessonError
from .events import Answered, Ended, Event, Reached
from .language import evaluation
from .language.elsewhere import Quantum
from .language.evaluation import Place
from .language.numbers import written
from .language.reading import number_name
from .pieces import as_long_as
from .plan.lesson import Beat, Lesson
from .play.attempts import Attempts
from .play.judging import read
from .play.paths import Path, path
from .play.prepared import Asked, Begun, Prepared, Preparing
from .play.scenes import Scene, stands
from .view import Choice, LessonView, NextKey, Question, Revealed, Verdict

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
        self._index = -1
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

    @property
    def _beat(self) -> Beat:
        return self.stop.lesson.beats[self.stop.beat]

    def _enter(self, index: int) -> None:
        """Go to a beat: it has to be prepared before anything is known of it."""
        self._index = max(0, index)
        ask = self._beat.ask
        self._attempts = Attempts(drawn=ask is not None and bool(ask.draw), short=self.stop.review)
        self._begin()
        if self.ended:
            self._listen(Ended(self.stop.lesson.id))
        elif not self.stop.review:
            self._listen(Reached(self.stop.lesson.id, self.stop.beat + 1))

    def _begin(self) -> None:
        self._begun: Begun | None = None
        self._asked: Asked | None = None
        self._rounds: list[Asked] = []
        """The rounds of this question so far."""
        self._broken: LessonError | None = None
        self._complaint = ""
        self._waiting: Answer | Choose | Reveal | None = None
        """An answer that came before it was known what is right."""
        self._done = False
        """What is waited for has come about."""
        self._at_lesson = True
        self._away = False
        """What the session is about is something else, of which the beat says nothing."""
        self._target: Scene | None = None
        """Where the session belongs."""
        self._leads = False
        """The session is to be brought there."""

    # --- commands

    def tell(self, command: LessonCommand) -> None:
        """Carry out a command; what cannot be done changes nothing."""
        self._complaint = ""
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
                self._leads = self._target is not None

    def _next(self) -> None:
        if self._beat.ask is not None and self._attempts.again and self._asked is not None:
            rounds = [*self._rounds, self._asked]
            self._attempts.next_round()
            self._begin()
            self._rounds = rounds
        else:
            self._enter(self._index + 1)

    def _hint(self) -> None:
        begun, tried = self._begun, self._attempts
        if begun is not None and not tried.answered and tried.hints < len(begun.said.hints):
            tried.hints += 1

    def _answer(self, command: Answer | Choose | Reveal) -> None:
        if self._beat.ask is None or self._attempts.answered or self.ended:
            return
        if isinstance(command, Answer):
            try:
                read(command.text)
            except ValueError as error:
                self._complaint = str(error)
                return
        if self._asked is None:
            self._waiting = command
        else:
            self._judge(command, self._asked)

    def _judge(self, command: Answer | Choose | Reveal, asked: Asked) -> None:
        tried, answers = self._attempts, asked.answers
        helped, given = tried.helped, self._given(command)
        if given is None:
            return
        hints = len(self._begun.said.hints) if self._begun is not None else 0
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
            self._known.add((self.stop.lesson.id, self.stop.beat + 1))
        self._report(given, answers.right, helped)
        if tried.answered:
            self._target, self._leads = asked.end, True

    def _given(self, command: Answer | Choose | Reveal) -> float | str | None:
        """The answer as it is kept; None where it is none."""
        options = self._begun.said.options if self._begun is not None else ()
        match command:
            case Reveal():
                return ""
            case Choose(choice):
                return options[choice] if 0 <= choice < len(options) else None
            case Answer(text):
                return None if options else read(text)

    def _report(self, given: float | str, right: float | None, helped: bool) -> None:
        stop, tried = self.stop, self._attempts
        said = self._begun.said if self._begun is not None else None
        option = self._asked.answers.option if self._asked is not None else None
        self._listen(
            Answered(
                lesson=stop.lesson.id,
                beat=stop.beat + 1,
                ask=said.ask if said is not None else "",
                round=tried.round,
                attempt=tried.count,
                answer=given,
                right=right if right is not None else said.options[option or 0] if said is not None else "",
                ok=tried.verdict is not None and tried.verdict.right,
                helped=helped or tried.revealed,
                mastered=tried.mastered,
            )
        )

    # --- what takes long

    def work(self) -> Work | None:
        """What has to be done next; None if nothing. While it is not done, answers wait."""
        if self.ended or self._broken is not None:
            return None
        if self._begun is None:
            return self._prepare if self._attempts.round == 0 else self._draw
        return self._prepare_answers if self._beat.ask is not None and self._asked is None else None

    @property
    def _preparing(self) -> Preparing:
        return self._prepared.of(self.stop.lesson)

    def _prepare(self, quantum: Quantum) -> Moves:
        index, work = self._index, self._preparing.begun(self.stop.beat, {}, quantum)
        try:
            begun = yield from as_long_as(lambda: self._index == index, work)
        except LessonError as error:
            self._broken = error
            return
        if begun is not None:
            self._begun, self._target, self._leads = begun, begun.start, True

    def _prepare_answers(self, quantum: Quantum) -> Moves:
        begun = self._begun
        assert begun is not None
        work = self._preparing.asked(self.stop.beat, begun.start, {}, quantum)
        try:
            asked = yield from as_long_as(lambda: self._begun is begun, work)
        except LessonError as error:
            self._broken = error
            return
        if asked is not None:
            self._take(asked)

    def _draw(self, quantum: Quantum) -> Moves:
        tried, others = self._attempts, [asked.answers for asked in self._rounds]
        work = self._preparing.drawn(self.stop.beat, f"{self._seed}/{tried.round}", others, quantum)
        try:
            found = yield from as_long_as(lambda: self._attempts is tried, work)
        except LessonError:
            # On these it cannot be asked again: it goes on.
            self._enter(self._index + 1)
            return
        if found is not None:
            tried.numbers = found.numbers
            self._begun, self._target, self._leads = found.begun, found.begun.start, True
            self._take(found.asked)

    def _take(self, asked: Asked) -> None:
        self._asked = asked
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._judge(waiting, asked)

    # --- the learner's session

    def path(self, live: Session) -> Path:
        """What leads the learner's session to where it belongs; it is told once. Nothing where it may stay."""
        if not self._leads or self._target is None:
            return ()
        self._leads, self._at_lesson, self._away = False, True, False
        return path(live, self._target)

    def look(self, live: Session, quantum: Quantum) -> Moves:
        """Look at where the learner's session stands, piece by piece."""
        target, do = self._target, self._beat.do
        if target is None or self._leads:
            return
        there = target.session
        self._away = (live.subject.name, live.labels) != (there.subject.name, there.labels)
        if self.ended:
            return
        if do is not None and not self._done and live.subject is there.subject:
            place = Place(live, there, self._prepared.opener, quantum, self.stop.lesson.named)
            try:
                done = yield from evaluation.truth(do.until, place)
            except LessonError:
                done = False  # not computed yet
            if target is not self._target:
                return
            self._done = done
        self._at_lesson = self._done or stands(live, target)

    # --- what there is to see

    def view(self) -> LessonView:
        """Where it is."""
        stop, beat, begun, tried = self.stop, self._beat, self._begun, self._attempts
        said = begun.said if begun is not None else None
        broken = "" if self._broken is None else f"this beat does not hold: {self._broken}"
        return LessonView(
            id=stop.lesson.id,
            title=stop.lesson.title,
            number=self._among.numbers.get(stop.lesson.id, 0),
            total=len(self._among.numbers),
            beat=stop.beat + 1,
            beats=len(stop.lesson.beats),
            stage=self._stage(),
            say=said.say if said is not None else "",
            lit=() if self._away else beat.lit,
            covered=() if self._away else self._covered(),
            screen=beat.screen,
            key=None if beat.do is None or self._done else NextKey(beat.do.action, said.words if said else ""),
            question=self._question(),
            hints=said.hints[: tried.hints] if said is not None else (),
            more_hints=said is not None and not tried.answered and tried.hints < len(said.hints),
            verdict=tried.verdict,
            revealed=self._revealed(),
            attempts=tried.count,
            mastered=sum((stop.lesson.id, place + 1) in self._known for place in stop.lesson.questions),
            questions=len(stop.lesson.questions),
            at_lesson=self._at_lesson,
            review=stop.review,
            working=self._waiting is not None or (begun is None and not self.ended and not broken),
            complaint=self._complaint or broken,
            can=stop.lesson.can if self.ended and not stop.review else "",
            next_title=self._among.next_title if self.ended else "",
        )

    @property
    def asked(self) -> tuple[str, float] | None:
        """What the number that is asked for is called, and what is right of it: it is not to be shown. None where no
        number of the screen is asked for, or what is right is not worked out yet.
        """
        ask = self._beat.ask
        if ask is None or ask.answer is None or self._asked is None or self._asked.answers.right is None:
            return None
        name = number_name(ask.answer)
        return None if name is None else (name, self._asked.answers.right)

    def _covered(self) -> tuple[str, ...]:
        ask = self._beat.ask
        if ask is None:
            return () if self.ended else self._beat.cover  # the next beat asks for it
        if self._stage() != "ask":
            return ()
        asked = None if ask.answer is None else number_name(ask.answer)
        return (*self._beat.cover, *([asked] if asked is not None else ()))

    def _stage(self) -> str:
        if self.ended:
            return "end"
        if self._broken is not None:
            return "say"
        if self._beat.ask is not None:
            return "answered" if self._attempts.answered else "ask"
        if self._beat.do is not None:
            return "done" if self._done else "do"
        return "say"

    def _question(self) -> Question | None:
        if self._begun is None or self._beat.ask is None or self.ended:
            return None
        said, tried = self._begun.said, self._attempts
        option = self._asked.answers.option if self._asked is not None and tried.answered else None
        choices = [
            Choice(text, None if option is None else place == option, place == tried.choice)
            for place, text in enumerate(said.options)
        ]
        return Question(said.ask, tuple(choices), tuple(tried.numbers.items()))

    def _revealed(self) -> Revealed | None:
        if not self._attempts.answered or self._asked is None or self._begun is None:
            return None
        answers = self._asked.answers
        text = self._begun.said.options[answers.option or 0] if answers.right is None else written(answers.right)
        return Revealed(answers.right, text, answers.tell, answers.rule.symbols, answers.rule.numbers)
