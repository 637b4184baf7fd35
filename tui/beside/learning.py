"""What the app does with lessons: they are listed and opened, and one leads to the next. Must not know what a lesson
asks, nor the screens.

It is loaded where a lesson is wanted: the first frame does not wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from chainstep.datasets import DataError
from chainstep.engine.records import record
from chainstep.engine.training.session import Session

from ..commands import EVERYTHING
from ..dialogs.program.lessons import Lessons
from ..teaching.walking import Walking

if TYPE_CHECKING:
    from chainstep.engine.lessons.walk import Walk

    from ..files.lessons.course import Course
    from .hosting import Host


@record(eq=False)
class Learn:
    """What the app opens with: a walk or, without one, the list."""

    course: Course
    walk: Walk | None


NO_LESSONS = "there are no lessons here: chainstep learn opens them"


class Learning:
    """The lessons of an app, one of which may stand beside its panes."""

    def __init__(self, app: Host, courses: Callable[[], Course] | None) -> None:
        """`courses` loads the lessons; None where there are none."""
        self._app, self._courses = app, courses
        self._course: Course | None = None

    async def _loaded(self) -> Course | None:
        """The lessons; None where there are none, which is said."""
        if self._course is None and self._courses is not None:
            try:
                self._course = await asyncio.to_thread(self._courses)
            except DataError as error:
                self._app.say(str(error), True)
                return None
            loop = asyncio.get_running_loop()
            self._course.wrong = lambda message: loop.call_soon_threadsafe(self._app.say, message, True)
        if self._course is None:
            self._app.say(NO_LESSONS, True)
        return self._course

    async def begin(self, learn: Learn) -> None:
        """Begin with a lesson, or with the list."""
        self._course = learn.course
        if learn.walk is None:
            await self._list()
        else:
            await self._begin(learn.course, learn.walk)

    def list(self) -> None:
        """List the lessons, and open the one that is chosen."""
        self._app.runner.pause()
        self._app.run_beside(self._list, "lessons")

    async def _list(self) -> None:
        course = await self._loaded()
        if course is None or self._app.dialog:
            return
        progress = await asyncio.to_thread(course.progress)
        here = self._app.guide.view.id if self._app.guide is not None else ""
        self._app.push_screen(Lessons(course.lessons, progress, here), self._begin_named)

    async def _begin_named(self, name: str | None) -> None:
        """Go through the lesson of an id."""
        course = await self._loaded() if name is not None else None
        if course is None:
            return
        walk = await asyncio.to_thread(course.walk, name)
        if walk is not None:
            await self._begin(course, walk)

    async def _begin(self, course: Course, walk: Walk) -> None:
        """Go along a walk, on sessions of its own."""
        app, self._course = self._app, course
        command = "chainstep learn" if app.allowed == EVERYTHING else "ctrl+n"
        app.parting = f"{command} goes on where you left it"
        if app.guide is not None:
            app.guide.leave()

        async def go_over(session: Session) -> None:
            await app.go_over(session, course.source(session), kept=False)

        walking = Walking(walk, app.runner, go_over, app.runner.show, lambda: self._onward(course, walking))
        app.guide = walking
        app.runner.show()
        walking.start()

    def _onward(self, course: Course, walking: Walking) -> None:
        """Behind the end of a lesson comes the next one or, behind the last, the list."""
        following = course.after(walking.lesson) if not course.own else None
        if following is None:
            self.list()
        else:
            self._app.run_beside(partial(self._begin_named, following.id), "lessons")

    def close(self) -> None:
        """Have what was answered on disk."""
        if self._course is not None:
            self._course.close()
