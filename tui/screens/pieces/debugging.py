"""Debugging: breakpoints, forks, mistakes, the gradient check and the quiz, for every screen that shows a session. Must
not know any pane.

Dialogs are loaded where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from textual.reactive import var

from chainstep.engine.training.commands import Fork, Forward, RunTo, SetGradcheck, SetGranularity
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...playback.runner import Status
from ..stage import Piece

if TYPE_CHECKING:
    from ...render.text.score import Score


class Debugging(Piece):
    """A stage on which training is stopped, forked, broken and checked."""

    quiz: var[Score | None] = var(None)
    """How the quiz goes; None while there is none."""
    proving: var[bool] = var(False)
    """Mistakes are looked at."""

    def parts(self) -> Collection[Part]:
        wanted = set(super().parts())
        if self.quiz is not None:
            wanted.add("next")
        if self.proving:
            wanted.add("proof")
        return wanted

    # --- breakpoints and forks

    def action_breakpoints(self) -> None:
        from ...dialogs.debugger.breakpoints import Breakpoints

        now = self.paused()
        self.app.push_screen(Breakpoints(lambda: (self.snapshot or now).breakpoints, self.runner.attempt))

    def action_fork(self) -> None:
        self.runner.pause()
        if self.runner.send(Fork()) and self.snapshot:
            name = next((fork.name for fork in self.snapshot.forks if fork.current), "")
            self.say(f"this is {name} now: its past is shared, its knobs are its own; W compares")

    def action_forks(self) -> None:
        from ...dialogs.forks.forks import Forks

        now = self.paused()
        forks = Forks(lambda: (self.snapshot or now).forks, self.runner.attempt, lambda: self.session.labels)
        self.app.push_screen(forks)

    # --- what goes wrong

    def action_mistakes(self) -> None:
        if self.of_script():
            return
        from ...dialogs.debugger.mistakes import Broken, Mistakes

        def closed(_: None) -> None:
            self.proving = False

        def compare(name: str) -> None:
            from ...dialogs.debugger.compared import Compared

            runs = self.session.mistake_runs(name)
            self.app.push_screen(Compared(runs, self.snapshot or now, self.runner))

        self.proving = True
        now = self.paused()
        self.app.push_screen(Mistakes(lambda: Broken.of(self.snapshot or now), self.runner.attempt, compare), closed)

    def action_why(self) -> None:
        from ...dialogs.debugger.why import Why

        async def gone(there: bool | None) -> None:
            if there:
                await self.app.run_action("trace")
                # The listing first follows the op that comes next, once it is shown.
                self.app.screen.call_after_refresh(self.app.screen.run_action, "last")

        self.app.push_screen(Why(self.paused().fault, self.runner.attempt), gone)

    # --- the gradient check

    def action_gradcheck(self) -> None:
        now = self.snapshot
        if now is None:
            return
        turned = SetGradcheck(not now.gradcheck, now.gradcheck_h, now.gradcheck_central)
        if self.runner.send(turned) and turned.on:
            self.say("gradients are checked wherever you stop: A sets h, a leaves it")

    def action_gradcheck_h(self) -> None:
        from ...dialogs import ask

        now = self.paused()
        self.ask(ask.for_distance(now.gradcheck_h, central=now.gradcheck_central), self.runner.send)

    # --- the quiz

    _asking = False
    """The quiz is on, and training stands where it asks."""

    def action_quiz(self) -> None:
        from ...render.text.score import Score

        if self.quiz is not None:
            self._leave_quiz()
            return
        self.quiz = Score()
        self.runner.pause()
        self.runner.send(SetGranularity("op"))
        if self.snapshot is not None and self.snapshot.position.phase != "backward":
            self.say("the quiz asks in backward: enter goes there, z leaves")

    def show(self, snapshot: Snapshot, status: Status) -> None:
        super().show(snapshot, status)
        inside = self.quiz is not None and snapshot.position.phase == "backward"
        if inside and not self._asking and not (status.playing or status.working):
            self.say("the quiz asks for the gradient of each op: → or enter asks, z leaves")
        self._asking = inside and (self._asking or not (status.playing or status.working))

    def _leave_quiz(self) -> None:
        assert self.quiz is not None
        more = "z begins another" if self.quiz.asked else "it asks in backward, for the gradient of each op"
        self.say(f"quiz over: {self.quiz}; {more}")
        self.quiz = None

    def action_phase(self) -> None:
        """In the quiz to the next question, which is that of the next op of backward."""
        if self.quiz is None or self.playing:
            super().action_phase()
        elif self.snapshot is not None and self.snapshot.position.phase == "backward":
            self.runner.send(SetGranularity("op"))
            self.action_forward()
        else:
            self.runner.send(RunTo("backward"))

    def action_forward(self) -> None:
        if self.quiz is None or self.playing or self.session.granularity != "op":
            super().action_forward()
            return
        if self.working:
            return  # on the way to backward: what it asks there is not known yet
        from ...dialogs.quiz.question import question
        from ...dialogs.quiz.quiz import Quiz

        asked = question(self.snapshot.next) if self.snapshot else None
        if asked is None or self.snapshot is None:
            super().action_forward()
            return

        def marked(answered: tuple[Score, bool] | None) -> None:
            assert answered is not None
            self.quiz, leaves = answered
            if leaves:
                self._leave_quiz()
            elif self.session.snapshot(()).position.phase != "backward":
                self.say(f"backward is over: {self.quiz}; enter goes to the next one, z leaves the quiz")

        dialog = Quiz(self.snapshot, asked, self.quiz, lambda: self.runner.send(Forward("op")))
        self.app.push_screen(dialog, marked)
