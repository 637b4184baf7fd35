"""Debugging: breakpoints, forks, mistakes and the gradient check, for every screen that shows a session. Must not know
any pane.

Dialogs are loaded where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

from collections.abc import Collection

from chainstep.engine.training.commands import Fork, SetGradcheck
from chainstep.engine.training.snapshot.parts import Part

from ...panes.watched import var
from ..stage import Piece


class Debugging(Piece):
    """A stage on which training is stopped, forked, broken and checked."""

    proving: var[bool] = var(False)
    """Mistakes are looked at."""

    def parts(self) -> Collection[Part]:
        wanted = set(super().parts())
        if self.proving:
            wanted.add("proof")
        return wanted

    # --- breakpoints and forks

    def action_breakpoints(self) -> None:
        if self.runner.refuses():
            return
        from ...dialogs.debugger.breakpoints import Breakpoints

        now = self.paused()
        self.app.push_screen(Breakpoints(lambda: (self.snapshot or now).breakpoints, self.runner.attempt))

    def action_fork(self) -> None:
        if self.runner.teacher:
            self.app.call_later(self.app.run_action, "fork_off")
            return
        self.runner.pause()
        if self.runner.send(Fork()) and self.snapshot:
            name = next((fork.name for fork in self.snapshot.forks if fork.current), "")
            self.say(f"this is {name} now: its past is shared, its knobs are its own; W compares")

    def action_forks(self) -> None:
        from ...dialogs.forks.forks import Forks

        now = self.paused()
        forks = Forks(lambda: (self.snapshot or now).forks, self.runner.attempt, lambda: self.session.labels)
        self.opens("forks", forks)

    # --- what goes wrong

    def action_mistakes(self) -> None:
        if self.fixed():
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

        self.opens("why", Why(self.paused().fault, self.runner.attempt), gone)

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
