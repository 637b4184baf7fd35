"""Probing: what the network makes of an input of one's own, typed or answered on its card. Must not know how that is
drawn.

Dialogs are loaded where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

from chainstep.datasets.examples import FIRST_ANSWERS
from chainstep.engine.training.commands import SetProbe

from ...render.network.pictures import has_card
from ..stage import Piece


class Probing(Piece):
    """A stage on which an input can be tried."""

    def _open_card(self) -> None:
        """A session is shown for the first time: its card, where it has one, opens on answers."""
        if self.snapshot is not None and self.snapshot.probe is None and has_card(self.snapshot):
            self.runner.send(SetProbe(FIRST_ANSWERS[: len(self.snapshot.subject.features)]))

    def action_predict(self) -> None:
        if self.of_script():
            return
        from ...dialogs import ask

        snapshot = self.snapshot
        if snapshot is None or snapshot.subject.expression:
            self.say("an expression has no input: e edits its leaves", True)
            return

        def predict(inputs: tuple[float, ...]) -> None:
            if self.runner.send(SetProbe(inputs)) and self.snapshot:
                self.say(ask.prediction(self.snapshot))

        self.runner.pause()
        now = snapshot.probe.inputs if snapshot.probe else None
        if now is None and snapshot.subject.own_inputs and snapshot.network is not None:
            now = snapshot.network.row_inputs  # whoever has a table begins with a row of it
        self.ask(ask.for_input(snapshot.subject, now), predict)

    def action_scores(self) -> None:
        if self.snapshot is None or self.snapshot.subject.expression:
            self.say("an expression has no samples to be scored", True)
            return
        from ...dialogs.scores import ScoresDialog

        now = self.paused()
        self.opens("scores", ScoresDialog(self.session.scoring(), now, self.runner))

    def action_losses(self) -> None:
        from ...dialogs.debugger.losses import Losses

        self.opens("losses", Losses(self.paused().network))

    def action_answer(self, index: int) -> None:
        probe = self.snapshot.probe if self.snapshot is not None and has_card(self.snapshot) else None
        if probe is None or index >= len(probe.inputs):
            self.say("1 2 3 turn the answers of a card: wonderland has one, o opens it", True)
            return
        self.runner.send(SetProbe(tuple(1.0 - x if i == index else x for i, x in enumerate(probe.inputs))))
