"""What the app opens beside its session: lessons, sweeps, the report on a table, a script that is run again. Must not
know how they go about it.

Each of them is loaded when it is wanted: the first frame does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from chainstep.engine.training.session import Session

from .ending import EndingApp
from .files.subjects.source import Source

if TYPE_CHECKING:
    from .beside.learning import Learning
    from .beside.reopening import Reopening
    from .beside.scripting import Scripting
    from .beside.sweeping import Sweeping
    from .beside.tables import Tables
    from .classroom.following.joining import Joined
    from .classroom.following.pupil import Pupil
    from .classroom.sharing.teacher import Share, Teacher
    from .files.lessons.course import Course
    from .files.store.file import RunFile
    from .render.style.look import Look
    from .screens.stage import Stage
    from .teaching.guide import Guide


class OpeningApp(EndingApp):
    """An app that opens more than its session; `courses` loads the lessons, and `overrides` are the knobs that the user
    has set for a table.
    """

    source: Source
    """Where the session comes from."""
    guide: Guide | None = None
    """What leads beside the panes of either screen."""

    def __init__(self, courses: Callable[[], Course] | None, overrides: Mapping[str, object]) -> None:
        super().__init__()
        self._courses, self._overrides = courses, overrides
        self._learning: Learning | None = None
        self._sweeping: Sweeping | None = None
        self._scripting: Scripting | None = None
        self._teacher: Teacher | None = None
        self._pupil: Pupil | None = None
        self._shares: Share | None = None
        self._joins: Joined | None = None

    if TYPE_CHECKING:  # what they ask of it, which is the app's own
        look: Look
        allowed: frozenset[str]

        @property
        def stage(self) -> Stage: ...
        def say(self, message: str, wrong: bool) -> None: ...
        async def go_over(
            self, session: Session, source: Source, owned: RunFile | None = None, *, kept: bool = True
        ) -> None: ...
        def attend(self, session: Session, source: Source, *, kept: bool) -> None: ...

    @staticmethod
    def prepare(session: Session, source: Source) -> None:
        """In a thread: what takes a moment where there are very many samples, before anybody waits for it."""
        session.prepare()
        source.hashed()

    @property
    def dialog(self) -> bool:
        """Whether a dialog lies over the panes, or nothing is shown any more."""
        return not self.is_running or self.screen.is_modal

    def run_beside(self, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
        """Have work done beside the messages, in place of what the group is at."""
        # A function: where the program ends before it begins, nobody would await its coroutine.
        self.run_worker(work, exclusive=True, group=group)  # type: ignore[arg-type]

    # --- what it opens

    @property
    def learning(self) -> Learning:
        """What opens lessons."""
        if self._learning is None:
            from .beside.learning import Learning

            self._learning = Learning(self, self._courses)
        return self._learning

    @property
    def sweeping(self) -> Sweeping:
        """What has a sweep go on beside the session."""
        if self._sweeping is None:
            from .beside.sweeping import Sweeping

            self._sweeping = Sweeping(self)
        return self._sweeping

    @property
    def tables(self) -> Tables:
        """What shows how a user's table was read."""
        from .beside.tables import Tables

        return Tables(self, self._overrides)

    @property
    def reopening(self) -> Reopening:
        """What opens saved runs."""
        from .beside.reopening import Reopening

        return Reopening(self)

    @property
    def scripting(self) -> Scripting:
        """What there is to be done with a script."""
        if self._scripting is None:
            from .beside.scripting import Scripting

            self._scripting = Scripting(self)
        return self._scripting

    @property
    def teacher(self) -> Teacher:
        """What lets others look on."""
        if self._teacher is None:
            from .classroom.sharing.teacher import Teacher

            self._teacher = Teacher(self)
        return self._teacher

    @property
    def pupil(self) -> Pupil:
        """What looks on at somebody else's session."""
        if self._pupil is None:
            from .classroom.following.pupil import Pupil

            self._pupil = Pupil(self)
        return self._pupil

    # --- among others

    @property
    def follows(self) -> bool:
        """Whether somebody else's session is shown."""
        return self._pupil is not None and self._pupil.follows

    def stirred(self) -> None:
        """The session, or what is seen of it, is not as it was."""
        if self._teacher is not None:
            self._teacher.stirred()

    def meet(self, shares: Share | None, joins: Joined | None) -> None:
        """Have the session shared from the beginning, or follow one that is shown already; before it runs."""
        self._shares, self._joins = shares, joins
        if joins is not None:
            self.attend(joins.session, joins.source, kept=False)

    async def among_others(self) -> None:
        """Begin with those who are met."""
        if self._shares is not None:
            await self.teacher.begin(self._shares)
        if self._joins is not None:
            self.pupil.begin(self._joins)

    async def action_share(self) -> None:
        if self.follows:
            self.say("this is somebody else's session: w forks off from it", True)
        else:
            await self.teacher.toggle()

    async def action_follow(self) -> None:
        if self._teacher is not None and self._teacher.shares:
            self.say("others look on here: F6 ends that", True)
        else:
            await self.pupil.toggle()

    def action_fork_off(self) -> None:
        self.pupil.fork_off()

    def action_ask_followers(self) -> None:
        if self.follows:
            self.say("who shares it asks; z answers", True)
        else:
            self.teacher.ask()

    # --- what is asked for by keys

    def action_lessons(self) -> None:
        self.learning.list()

    def action_sweep(self) -> None:
        self.sweeping.show()

    def action_report(self) -> None:
        self.tables.read_again()

    def action_moments(self) -> None:
        self.scripting.moments()

    async def action_moment(self, direction: int) -> None:
        await self.scripting.moment(direction)

    def action_difference(self) -> None:
        self.scripting.difference()

    def action_printed(self) -> None:
        self.scripting.printed()

    async def action_run_again(self) -> None:
        await self.scripting.run_again()

    def on_unmount(self) -> None:
        super().on_unmount()
        if self.guide is not None:
            self.guide.leave()
        for beside in (self._sweeping, self._learning, self._teacher, self._pupil):
            if beside is not None:
                beside.close()
