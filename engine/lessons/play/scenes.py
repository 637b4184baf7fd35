"""Where the beats of a lesson stand: sessions made of its set-up and its moves, the same each time. Must not know what
is asked there, nor the learner's session.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from ...records import record
from ...training.commands import Back, Command, Forward, Goto, Restart, SetParameter, Undo
from ...training.moves import Moves
from ...training.session import Session
from ..errors import LessonError
from ..language import elsewhere, evaluation, moves, names
from ..language.elsewhere import Quantum, copy_of
from ..language.evaluation import Opener, Place
from ..language.moves import Move
from ..language.reading import Expression
from ..plan.drawing import redrawn
from ..plan.lesson import Beat, Lesson

_MOST_PRESSED = 5000
"""Times that a key is pressed until what is waited for comes about."""

_PRESSED: Mapping[str, Command] = {
    "forward": Forward(),
    "back": Back(),
    "phase": Forward("phase"),
    "restart": Restart(),
    "undo": Undo(),
}
"""What a key does by itself, by its command's id."""

PRESSED = frozenset({*_PRESSED, "play"})
"""Commands whose key brings something about without being told how."""


@record(eq=False)
class Scene:
    """A place of the lesson."""

    session: Session
    """It stands there; it is copied, and never moved."""
    before: Scene | None = None
    """The one that comes before it on the same subject."""
    steps: tuple[Command, ...] = ()
    """What leads there from the one before, movements as where they end."""


Making = Generator[int, None, Scene]


class Scenes:
    """The scenes of a lesson, each made when it is needed first."""

    def __init__(self, lesson: Lesson, opener: Opener) -> None:
        self._lesson = lesson
        self._opener = opener
        self._opened: dict[tuple[str, ...], Session] = {}
        self._known: dict[tuple[int, bool], Scene] = {}
        """By beat, and whether it is its end: with the numbers of the file."""

    def setup(self, beat: int) -> tuple[int, Sequence[str]]:
        """The beat that opened what a beat is about, and the words with which it did."""
        for place in range(beat, -1, -1):
            found = self._lesson.beats[place].setup
            if found is not None:
                return place, found
        return 0, self._lesson.setup

    def start(self, beat: int, numbers: Mapping[str, float], quantum: Quantum) -> Making:
        """Where a beat begins, with other numbers in its set-up if there are any.

        Raises:
            LessonError: the lesson does not get there; it says in which beat.
        """
        return (yield from self._at(beat, False, numbers, quantum))

    def end(self, beat: int, numbers: Mapping[str, float], quantum: Quantum) -> Making:
        """Where it ends: behind what comes after its answer, or where what is waited for has come about.

        Raises:
            LessonError: likewise.
        """
        return (yield from self._at(beat, True, numbers, quantum))

    def _at(self, beat: int, ended: bool, numbers: Mapping[str, float], quantum: Quantum) -> Making:
        if not numbers and (beat, ended) in self._known:
            return self._known[beat, ended]
        opened, words = self.setup(beat)
        if ended:
            before = yield from self._at(beat, False, numbers, quantum)
            found = yield from self._ended(beat, before, quantum)
        elif beat == opened:
            words, parameters = redrawn(words, numbers)
            session = self._open(words, beat)
            yield 1  # a network has been built
            if parameters:
                session = self._set(copy_of(session), parameters, beat)
            base = Scene(session)
            found = yield from self._moved(base, self._lesson.beats[beat].go, (beat, "go"), quantum)
        else:
            before = yield from self._at(beat - 1, True, numbers, quantum)
            found = yield from self._moved(before, self._lesson.beats[beat].go, (beat, "go"), quantum)
        if not numbers:
            self._known[beat, ended] = found
        return found

    def _open(self, words: tuple[str, ...], beat: int) -> Session:
        """What is opened once is the same subject each time."""
        if words not in self._opened:
            try:
                self._opened[words] = self._opener(words)
            except LessonError as error:
                inside = ("beat", beat, "setup") if self._lesson.beats[beat].setup is not None else ("setup",)
                raise error.inside(*inside) from None
        return self._opened[words]

    @staticmethod
    def _set(session: Session, parameters: Mapping[str, float], beat: int) -> Session:
        """Put numbers into parameters of a copy."""
        for name, number in parameters.items():
            try:
                elsewhere.told(session, SetParameter(names.parameter(session, name), number))
            except LessonError as error:
                raise error.inside("beat", beat, "draw", name) from None
        return session

    def _ended(self, beat: int, before: Scene, quantum: Quantum) -> Making:
        made: Beat = self._lesson.beats[beat]
        if made.ask is not None:
            return (yield from self._moved(before, made.ask.then, (beat, "then"), quantum))
        if made.do is None or made.do.until is None:
            return before
        if made.do.way is not None:
            return (yield from self._moved(before, made.do.way, (beat, "way"), quantum))
        twin = copy_of(before.session)
        yield from self._pressed(twin, made.do.action, made.do.until, beat, quantum)
        return Scene(twin, before, (Goto(twin.step, twin.op),))

    def _moved(self, before: Scene, wanted: Sequence[Move], where: tuple[int, str], quantum: Quantum) -> Making:
        if not wanted:
            return before
        twin = copy_of(before.session)
        steps: list[Command] = []
        for place, move in enumerate(wanted):
            try:
                step = yield from moves.made(move, twin, quantum)
            except LessonError as error:
                raise error.inside("beat", *where, place) from None
            if step is not None:
                steps.append(step)
        return Scene(twin, before, tuple(steps))

    def _pressed(self, session: Session, action: str, until: Expression, beat: int, quantum: Quantum) -> Moves:
        """Press a key until what is waited for has come about."""
        place = Place(session, session, self._opener, quantum, self._lesson.named)
        try:
            for _ in range(_MOST_PRESSED):
                before = session.step, session.op
                if (yield from evaluation.truth(until, place)):
                    return
                yield from _press(session, action, quantum)
                if (session.step, session.op) == before:
                    break
        except LessonError as error:
            raise error.inside("beat", beat, "until") from None
        if not (yield from evaluation.truth(until, place)):
            raise LessonError(f"pressing {action} never brings it about", ("beat", beat, "until"))


def _press(session: Session, action: str, quantum: Quantum) -> Moves:
    if action == "play":
        yield from session.training(session.limit, quantum, halts=True)
        return
    if action not in _PRESSED:
        raise LessonError(f"{action} needs way: the moves by which it comes about")
    yield from elsewhere.carry_out(session, _PRESSED[action], quantum)


# --- the learner's session beside a scene


def stands(live: Session, scene: Scene) -> bool:
    """Whether a session stands at a scene, by whatever way it came there: the same place and the same numbers."""
    there = scene.session
    return (
        live.subject is there.subject
        and live.run.position == there.run.position
        and live.settings == there.settings
        and _same(live.run.parameters, there.run.parameters)
        and _same(live.run.gradients, there.run.gradients)
    )


def leads_by(live: Session, scene: Scene) -> bool:
    """Whether a session is on the run that leads by a scene: going to its place is being there."""
    here, there = live.run.history, scene.session.run.history
    position = scene.session.run.position
    mine, others = (
        [(edit.step, edit.op, edit.command) for edit in history.edits if (edit.step, edit.op) <= position]
        for history in (here, there)
    )
    return (
        live.subject is scene.session.subject
        and here.start.stepper.settings == there.start.stepper.settings
        and _same(here.start.parameters, there.start.parameters)
        and mine == others
    )


def _same(numbers: Sequence[float], others: Sequence[float]) -> bool:
    return len(numbers) == len(others) and all(
        a == b or (a != a and b != b) for a, b in zip(numbers, others, strict=True)
    )
