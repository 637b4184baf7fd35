"""Sampling: which training samples are seen, and which one the network is shown on. Must not know any drawing."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from chainstep.engine.training.commands import LookAtSample
from chainstep.engine.training.snapshot.parts import Part

from ...render.network.pictures import MOST_OF_CARD
from .arranging import Arranging

if TYPE_CHECKING:
    from ...panes.messages import SampleChosen


class Sampling(Arranging):
    """A stage with the table of the samples."""

    @property
    def tables(self) -> bool:
        """Whether there are samples, of which no card has a table of its own."""
        return self.session.run.stepper.program.data is not None and len(self.session.labels) > MOST_OF_CARD

    def parts(self) -> Collection[Part]:
        pane = self.samples
        seen = pane is not None and bool(pane.region or not self.panes.size)
        # A card has a table of its own.
        wanted = seen or len(self.session.labels) <= MOST_OF_CARD
        return super().parts() if wanted else {*super().parts()} - {"samples"}

    def seen_samples(self) -> range:
        """The rows of the training data that are seen."""
        pane = self.samples
        if pane is None:
            return range(0)
        return pane.seen() if self.panes.size else range(self.app.size.height)  # nothing has its place yet

    # --- choosing

    def action_select(self, rows: int) -> None:
        pane = self.samples
        if pane is None or self.focused is not pane:
            super().action_select(rows)
            return
        row = pane.beyond(rows)
        if row is not None:
            self._look_at(row)

    def on_sample_chosen(self, message: SampleChosen) -> None:
        self._look_at(message.row)

    def _look_at(self, row: int) -> None:
        """Show the network on a sample, whose row comes into view."""
        if self.samples is not None:
            self.samples.bring(row)
        self.runner.send(LookAtSample(row))

    async def action_stop(self) -> None:
        """Return to the sample in hand, unless there is a movement to be ended."""
        if not self.runner.working and self.snapshot is not None and self.snapshot.looked_at is not None:
            self.runner.send(LookAtSample(None))
            return
        await super().action_stop()
