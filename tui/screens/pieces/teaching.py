"""Teaching: the lesson or the quiz that stands beside the panes of a screen. Must not know which of the two it is, how
an answer is judged, or how anything is drawn.

What shows it is loaded where one begins: the first frame does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, cast

from textual.widget import Widget

from chainstep.engine.training.commands import SetGranularity
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...commands import ENTRIES
from ...playback.runner import Status
from ...render.style.light import DARK
from ..stage import Answer, Piece, Stage

if TYPE_CHECKING:
    from typing import Protocol

    from textual.screen import Screen

    from chainstep.engine.lessons.commands import LessonCommand

    from ...panes.lesson.lesson import Answered, Chosen, LessonPane
    from ...teaching.guide import Guide

    class _HasGuide(Protocol):
        guide: Guide | None


class Teaching(Piece):
    """A stage beside which a lesson may stand."""

    _before: Widget | None = None
    """What had the focus before an answer was given."""

    @property
    def guide(self) -> Guide | None:
        """What leads, on either screen."""
        return cast("_HasGuide", self.app).guide

    @property
    def seats(self) -> Widget:
        """What the pane of a lesson stands in, beside the others."""
        raise NotImplementedError

    @property
    def page(self) -> LessonPane | None:
        """The pane of the lesson, where there is one."""
        return next(iter(self.query("LessonPane")), None)  # type: ignore[return-value]

    # --- pictures in

    def parts(self) -> Collection[Part]:
        return super().parts() if self.guide is None else {*super().parts(), *self.guide.parts}

    def show(self, snapshot: Snapshot, status: Status) -> None:
        if self.guide is not None:
            if not (status.playing or status.working):
                self.guide.after(snapshot)
            snapshot = self.guide.cover(snapshot)
        self._stand()
        super().show(snapshot, status)

    def _stand(self) -> None:
        """Show how the lesson stands, in its pane and in the others."""
        view = self.guide.view if self.guide is not None else None
        if view == self.lesson:
            return
        self.lesson = view
        if view is None:
            self.light = DARK
            self._unseat()
            return
        from ...render.lesson.lighting import light

        self.light = light(view)
        if view.stage != "ask":
            self._leave()
        self.call_later(self._seat)

    async def _seat(self) -> None:
        """Have a pane for the lesson, and those that it lights in sight."""
        if not self.is_attached:
            return
        if self.page is None and self.lesson is not None:
            from ...panes.lesson.lesson import LessonPane

            await self.seats.mount(LessonPane().data_bind(Stage.snapshot, Stage.lesson))
        lesson = self.lesson  # it may have been sent away meanwhile
        if lesson is not None:
            from ...render.lesson.lighting import sought

            expression = self.snapshot is not None and self.snapshot.subject.expression
            self.lit(sought(lesson, expression=expression))

    def lit(self, panes: frozenset[str]) -> None:
        """Panes are lit: they are to be seen."""

    def _unseat(self) -> None:
        """Take the pane away."""
        self._leave()
        page = self.page
        if page is not None:
            if page.has_focus:
                self.set_focus(None)
            page.remove()
        self.lit(frozenset())

    # --- the learner's commands

    def opens(self, command: str, dialog: Screen[Answer], closed: Callable[[Answer | None], Any] | None = None) -> None:
        if self.shut(command):
            return
        super().opens(command, dialog, closed)
        if self.guide is not None:
            from chainstep.engine.lessons.commands import Opened

            self.guide.tell(Opened(command))

    def shut(self, command: str) -> bool:
        """It would tell what is asked."""
        tells = next((entry.tells for entry in ENTRIES if entry.id == command), "")
        if not (tells and self.lesson is not None and self.lesson.stage == "ask" and self.lesson.covered):
            return False
        shown = ", or have it shown by ctrl+y" if self.lesson.tells else ""
        self.say(f"{tells} what is asked: answer first{shown}", True)
        return True

    def _tell(self, command: LessonCommand) -> None:
        if self.guide is None:
            self.say("there is no lesson here: ctrl+n lists them", True)
            return
        self.guide.tell(command)
        self.runner.show()

    def action_answer_question(self) -> None:
        """Answer what is asked; where nothing teaches yet, begin the quiz."""
        view = self.lesson
        if view is None:
            self._begin_quiz()
        elif view.stage != "ask":
            self.say("nothing is asked here: 5 goes on in the lesson" if view.beats else "the quiz asks in backward")
        elif self.page is not None and not self.page.answering:
            self._before = self.focused
            self.page.answer()

    def _begin_quiz(self) -> None:
        from ...teaching.quiz import Quiz

        self.runner.pause()
        self.runner.send(SetGranularity("op"))
        self.begin(Quiz())

    def begin(self, guide: Guide) -> None:
        """Let something lead."""
        cast("_HasGuide", self.app).guide = guide
        self.runner.show()

    def on_answered(self, message: Answered) -> None:
        from chainstep.engine.lessons.commands import Answer

        self._tell(Answer(message.text))

    def on_chosen(self, message: Chosen) -> None:
        self.action_choose(message.choice)

    def on_answer_left(self) -> None:
        self._leave()

    def _leave(self) -> None:
        """Whoever was answering is at the panes again."""
        page = self.page
        if page is not None and page.answering:
            page.leave()
            self.set_focus(self._before if self._before is not None and self._before.is_attached else None)
            self._before = None

    def action_choose(self, choice: int) -> None:
        """Answer with one of the choices, from 0."""
        from chainstep.engine.lessons.commands import Choose

        self._tell(Choose(choice))

    def action_hint(self) -> None:
        from chainstep.engine.lessons.commands import Hint

        self._tell(Hint())

    def action_reveal(self) -> None:
        from chainstep.engine.lessons.commands import Reveal

        self._tell(Reveal())

    def action_next_beat(self) -> None:
        from chainstep.engine.lessons.commands import NextBeat

        self._tell(NextBeat())

    def action_previous_beat(self) -> None:
        from chainstep.engine.lessons.commands import PreviousBeat

        self._tell(PreviousBeat())

    def action_to_lesson(self) -> None:
        from chainstep.engine.lessons.commands import BackToLesson

        self._tell(BackToLesson())

    def action_phase(self) -> None:
        instead = self.guide.phase() if self.guide is not None and not self.playing else None
        if instead is None:
            super().action_phase()
        else:
            self.go(instead)

    def action_coach(self) -> None:
        """Put away what leads; where nothing does, call whoever leads through the first minute."""
        if self.guide is None:
            super().action_coach()
            return
        farewell = self.guide.farewell()
        self.guide.leave()
        cast("_HasGuide", self.app).guide = None
        self.runner.show()
        self.say(farewell)
