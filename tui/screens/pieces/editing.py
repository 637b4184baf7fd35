"""Editing: the commands that change numbers, of the knobs, of the parameters and of the samples. Must not know any
pane.

Dialogs are loaded where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

from collections.abc import Collection

from chainstep.engine.training.commands import SetParameter

from .selecting import Selecting


class Editing(Selecting):
    """A stage on which the knobs and the selected parameter are changed."""

    # --- the knobs

    def action_range_test(self) -> None:
        if self.of_script():
            return
        from ...dialogs.knobs.lr_finder import RangeTestDialog

        now = self.paused()
        self.opens("range_test", RangeTestDialog(self.session.range_test(), now, self.runner))

    # --- numbers

    def action_edit(self) -> None:
        if self.fixed():
            return
        from ...dialogs import ask

        index = self.selected
        self.runner.pause()
        self.ask(
            ask.for_parameter(self.session.labels[index], self.session.parameters[index]),
            lambda value: self.runner.send(SetParameter(index, value)),
        )

    def action_nudge(self) -> None:
        self.nudge(self.selected)

    def action_edit_sample(self) -> None:
        if self.fixed():
            return
        if self.snapshot is not None and self.snapshot.subject.expression:
            self.say("an expression has no samples: e edits its leaves", True)
            return
        from ...dialogs import ask

        now = self.paused()
        subject, sample = now.subject, now.network
        assert sample is not None
        places: dict[str, int | None] = {name: k for k, name in enumerate(subject.features)}
        if not now.settings.features:
            places |= {f"x{k}": k for k in range(len(subject.features))}
        places |= {subject.target: None, "y": None}
        put = self.runner.attempt
        first = sample.row_inputs[0]
        own = subject.units.input(0, first) if subject.own_inputs else first
        self.app.push_screen(ask.for_sample(sample.row, places, subject, own, put))

    def action_freeze(self) -> None:
        self._freeze(self.session.labels[self.selected], [self.selected])

    def action_freeze_neuron(self) -> None:
        if self.fixed():
            return
        labels = self.session.labels
        neuron, dot, _ = labels[self.selected].rpartition(".")
        if not dot:
            self.say("an expression has no neurons: f freezes a leaf", True)
            return
        self._freeze(neuron, [k for k, label in enumerate(labels) if label.rpartition(".")[0] == neuron])

    def _freeze(self, name: str, parameters: Collection[int]) -> None:
        """Freeze parameters or, where all of them are, let them learn again."""
        before = self.session.settings.frozen
        thaw = set(before) >= set(parameters)
        after = set(before) - set(parameters) if thaw else set(before) | set(parameters)
        if self.turn("frozen", tuple(sorted(after))):
            self.say(f"{name} learns again" if thaw else f"{name} is frozen: updates leave it alone")
