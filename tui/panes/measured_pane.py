"""MeasuredPane: a pane that asks for its part of a picture where it is shown. Must not know what it shows."""

from __future__ import annotations

from .messages import Uncovered
from .strip_pane import StripPane


class MeasuredPane(StripPane):
    """A pane whose part of a picture is made for its size, and only where it is shown."""

    def on_resize(self) -> None:
        self.post_message(Uncovered())

    def on_show(self) -> None:
        self.post_message(Uncovered())
