"""A course: lessons in their order, how far somebody has come in them, and the next walk. Must not know the screen, nor
how a set-up's words are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from time import time, time_ns
from typing import Protocol

from chainstep.datasets import DataError, printable
from chainstep.engine.lessons.events import Answered, Ended, Event, Reached
from chainstep.engine.lessons.language.elsewhere import copy_of
from chainstep.engine.lessons.plan.lesson import Lesson
from chainstep.engine.lessons.play.prepared import Prepared
from chainstep.engine.lessons.progress import Progress
from chainstep.engine.lessons.walk import Among, Stop, Walk, way
from chainstep.engine.records import replace
from chainstep.engine.training.session import Session

from ..subjects.source import Source
from .kept import Keeper, kept_file, told


class Setups(Protocol):
    """Opens what lessons set up."""

    def open(self, words: Sequence[str]) -> Session:
        """A session on what words of the command line name; the same one for the same words, so it is to be copied.

        Raises:
            LessonError: they name nothing that can be opened.
        """

    def source(self, session: Session) -> Source:
        """What such a session, or a copy of it, was opened on."""


OWN = "own/"
"""What stands before the id of a lesson of somebody's own where it is kept: it may be called as another one is."""


class Course:
    """Lessons, and somebody who learns. `own` says that they are of a file of somebody's own; `listen` is told what
    happens beside what keeps it, such as a teacher who follows. `clock` says what time it is, in seconds since 1970:
    old questions come again after days.
    """

    def __init__(
        self, lessons: Sequence[Lesson], setups: Setups, *, own: bool = False, clock: Callable[[], float] = time
    ) -> None:
        self.lessons = tuple(lessons)
        self._clock = clock
        self._keys = {lesson.id: lesson.keys for lesson in lessons}
        self.own = own
        self._open, self.source = setups.open, setups.source
        self._prepared = Prepared(setups.open)
        self.listen: Callable[[Event], object] = lambda event: None
        self.wrong: Callable[[str], object] = lambda message: None
        """Is told once, in another thread, where what happens cannot be kept."""
        self._keeper: Keeper | None = None
        self._events: list[tuple[float, Event]] | None = None
        """With their times."""

    # --- how far one has come

    def progress(self) -> Progress:
        """How far one has come by now."""
        events = list(self._as_they_stand())
        return Progress.of((event for _, event in events), (when for when, _ in events))

    def to_review(self, but: str = "") -> list[tuple[Lesson, int]]:
        """The questions that are to come again by now, as beats from 0; none of the lesson `but`."""
        return self.progress().to_review(self.lessons, but, self._clock())

    def _as_they_stand(self) -> Iterator[tuple[float, Event]]:
        """What happened, by the numbers that beats have now: one may have been put in since, or taken out."""
        for when, kept in self._known():
            event = replace(kept, lesson=kept.lesson.removeprefix(OWN))
            if not isinstance(event, Ended) and event.key:
                keys = self._keys.get(event.lesson, ())
                if event.key in keys:
                    event = replace(event, beat=keys.index(event.key) + 1)
                elif isinstance(event, Answered):
                    continue  # that is asked no more
            yield when, event

    def _known(self) -> list[tuple[float, Event]]:
        if self._events is None:
            try:
                kept = told(kept_file())
                self._events = [(_seconds(at), event) for at, event in kept if event.lesson.startswith(OWN) is self.own]
            except OSError as error:
                self._events = []
                self.wrong(f"what you have learnt cannot be read: {(error.strerror or str(error)).lower()}")
        return self._events

    def _happened(self, event: Event) -> None:
        if not isinstance(event, Ended):
            event = replace(event, key=self._keys[event.lesson][event.beat - 1])
        if self.own:
            event = replace(event, lesson=OWN + event.lesson)
        known = self._known()
        if isinstance(event, Reached) and known and known[-1][1] == event:
            return  # it was opened and put away
        known.append((self._clock(), event))
        if self._keeper is None:
            self._keeper = Keeper(kept_file, lambda message: self.wrong(message))
        self._keeper.add(event)
        self.listen(event)

    def close(self) -> None:
        """Wait until what happened is kept."""
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None

    # --- walks

    def named(self, name: str) -> Lesson:
        """The lesson of an id, or of a number from 1.

        Raises:
            DataError: there is none; it says what is called nearly so.
        """
        known = {lesson.id: lesson for lesson in self.lessons}
        numbered = {str(number): lesson for number, lesson in enumerate(self.lessons, 1)}
        found = known.get(name) or numbered.get(name.lstrip("0"))
        if found is not None:
            return found
        titles = {lesson.title.casefold(): lesson.id for lesson in self.lessons}
        wanted = name.casefold()
        near = get_close_matches(wanted, [*known, *titles], n=1, cutoff=0.5)
        hint = f"did you mean {titles.get(near[0], near[0])}?" if near else "chainstep learn --list has them all"
        raise DataError(f"there is no lesson {printable(name)!r}: {hint}")

    def walk(self, name: str | None = None, *, beat: int | None = None) -> Walk | None:
        """The walk through a lesson, from where one left off or from a beat, from 0; where none is named through the
        one to go on with, and None where all are done. A later lesson begins with a question that went wrong earlier,
        and comes again after some days when it is right.

        Raises:
            DataError: there is no such lesson.
        """
        progress = self.progress()
        lesson = progress.next(self.lessons) if name is None else self.named(name)
        if lesson is None:
            return None
        if beat is None:
            beat = min(progress.at.get(lesson.id, 1), len(lesson.beats)) - 1
        old = self.to_review(but=lesson.id)[:1] if beat == 0 else []
        return self._walk(way(lesson, beat, old), progress, self.after(lesson.id))

    def review(self) -> Walk | None:
        """The walk through what went wrong, and is to come again by now; None where nothing is."""
        stops = [Stop(lesson, beat, review=True) for lesson, beat in self.to_review()]
        return self._walk(stops, self.progress(), None) if stops else None

    def opened(self, lesson: Lesson) -> tuple[Session, Source]:
        """A session of one's own on what a lesson sets up, before anything of it.

        Raises:
            LessonError: that cannot be opened.
        """
        session = copy_of(self._open(lesson.setup))
        return session, self.source(session)

    def after(self, name: str) -> Lesson | None:
        """The lesson behind one; None behind the last one."""
        ids = [lesson.id for lesson in self.lessons]
        place = ids.index(name) + 1
        return self.lessons[place] if place < len(ids) else None

    def _walk(self, stops: Sequence[Stop], progress: Progress, following: Lesson | None) -> Walk:
        numbers = {} if self.own else {lesson.id: number for number, lesson in enumerate(self.lessons, 1)}
        title = "" if following is None else following.title
        return Walk(stops, self._prepared, Among(numbers, title, progress.mastered), self._happened, str(time_ns()))


def _seconds(text: str) -> float:
    """A time that was kept, in seconds since 1970; 0 where it is none."""
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo is not None else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
