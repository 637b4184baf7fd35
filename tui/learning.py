"""What the app does with lessons: they are listed and opened, and one leads to the next. Must not know what a lesson
asks, nor the screens.

Lessons are loaded where one is wanted: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from chainstep.datasets import DataError
from chainstep.engine.records import record
from chainstep.engine.training.session import Session

from .ending import EndingApp
from .files.subjects.source import Source

if TYPE_CHECKING:
    from chainstep.engine.lessons.walk import Walk

    from .files.lessons.course import Course
    from .teaching.guide import Guide
    from .teaching.walking import Walking


@record(eq=False)
class Learn:
    """What the app opens with: a walk or, without one, the list."""

    course: Course
    walk: Walk | None


NO_LESSONS = "there are no lessons here: chainstep learn opens them"


class LearningApp(EndingApp):
    """An app beside whose panes a lesson may stand."""

    guide: Guide | None
    """What leads beside the panes of either screen."""
    _courses: Callable[[], Course] | None = None
    """Loads the lessons."""
    _course: Course | None = None

    def _say(self, message: str, wrong: bool) -> None:
        raise NotImplementedError

    async def _go_over(self, session: Session, source: Source, *, kept: bool = True) -> None:
        raise NotImplementedError

    async def _loaded(self) -> Course | None:
        """The lessons; None where there are none, which is said."""
        if self._course is None and self._courses is not None:
            try:
                self._course = await asyncio.to_thread(self._courses)
            except DataError as error:
                self._say(str(error), True)
                return None
            loop = asyncio.get_running_loop()
            self._course.wrong = lambda message: loop.call_soon_threadsafe(self._say, message, True)
        if self._course is None:
            self._say(NO_LESSONS, True)
        return self._course

    async def learn(self, learn: Learn) -> None:
        """Begin with a lesson, or with the list."""
        self._course = learn.course
        if learn.walk is None:
            await self.list_lessons()
        else:
            await self.begin_lesson(learn.course, learn.walk)

    def action_lessons(self) -> None:
        """List the lessons, and open the one that is chosen."""
        self.runner.pause()
        self.run_worker(self.list_lessons(), exclusive=True, group="lessons")

    async def list_lessons(self) -> None:
        """The list, as soon as it is read."""
        from .dialogs.program.lessons import Lessons

        course = await self._loaded()
        if course is None or not self.is_running or self.screen.is_modal:
            return
        progress = await asyncio.to_thread(course.progress)
        here = self.guide.view.id if self.guide is not None else ""
        self.push_screen(Lessons(course.lessons, progress, here), self._begin_named)

    async def _begin_named(self, name: str | None) -> None:
        """Go through the lesson of an id."""
        course = await self._loaded() if name is not None else None
        if course is None:
            return
        walk = await asyncio.to_thread(course.walk, name)
        if walk is not None:
            await self.begin_lesson(course, walk)

    async def begin_lesson(self, course: Course, walk: Walk) -> None:
        """Go along a walk, on sessions of its own."""
        from .teaching.walking import Walking

        self._course = course
        self.parting = "chainstep learn goes on where you left it"
        if self.guide is not None:
            self.guide.leave()

        async def go_over(session: Session) -> None:
            await self._go_over(session, course.source(session), kept=False)

        walking = Walking(walk, self.runner, go_over, self.runner.show, lambda: self._onward(course, walking))
        self.guide = walking
        self.runner.show()
        walking.start()

    def _onward(self, course: Course, walking: Walking) -> None:
        """Behind the end of a lesson comes the next one or, behind the last, the list."""
        following = course.after(walking.lesson) if not course.own else None
        if following is None:
            self.action_lessons()
        else:
            self.run_worker(self._begin_named(following.id), exclusive=True, group="lessons")

    def on_unmount(self) -> None:
        super().on_unmount()
        if self.guide is not None:
            self.guide.leave()
        if self._course is not None:
            self._course.close()
