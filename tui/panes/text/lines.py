"""The one-line panes: header, knobs and keys. Must not know the session or the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import var
from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...commands import footer
from ...render.canvas.pieces import hint_at
from ...render.text import status_lines as lines
from ..strip_pane import StripPane

if TYPE_CHECKING:
    from ...render.text.score import Score


class Header(StripPane):
    """What is trained, and where it stands."""

    framed = False
    playing: var[bool] = var(False)
    working: var[bool] = var(False)
    stepping: var[bool] = var(False)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        stop = ("escape" if self.stepping else "space") if self.working else ""
        return [lines.header(snapshot, width, self.look, playing=self.playing, stop=stop)]

    def watch_playing(self) -> None:
        self.redraw()

    def watch_working(self) -> None:
        self.redraw()

    def watch_stepping(self) -> None:
        self.redraw()


class Knobs(StripPane):
    """The hyperparameters, the speed and the granularity."""

    framed = False
    speed: var[float | None] = var(None)
    quiz: var[Score | None] = var(None)
    """How the quiz goes; None while there is none."""
    said: var[lines.Said | None] = var(None)
    """What the user is being told: where it takes two lines, this is the first of them."""

    def concerns(self, snapshot: Snapshot) -> bool:
        return self.drawn is None or lines.knobs_key(snapshot) != lines.knobs_key(self.drawn)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        said = lines.said(self.said, width, self.look)
        if len(said) > 1:
            return said[:1]
        quiz = "" if self.quiz is None else self.quiz.brief
        return [lines.knobs(snapshot, width, self.look, speed=self.speed, quiz=quiz)]

    def watch_said(self) -> None:
        self.redraw()

    def watch_quiz(self) -> None:
        self.redraw()

    def watch_speed(self) -> None:
        self.redraw()


class Keys(StripPane):
    """What the keys of a screen do; a click on one does it."""

    framed = False
    playing: var[bool] = var(False)
    said: var[lines.Said | None] = var(None)
    """What the user is being told, for which the keys make room."""

    def __init__(self, id: str, screen: str) -> None:
        super().__init__(id)
        self._footer = footer(screen)

    def concerns(self, snapshot: Snapshot) -> bool:
        return self.drawn is None

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        return lines.said(self.said, width, self.look)[-1:] or [lines.keys(self._entries(), width, self.look.palette)]

    def _entries(self) -> list[tuple[str, str]]:
        say = self.look.glyphs.say
        entries = [(say(entry.shown), entry.label) for entry in self._footer]
        return [(key, "pause" if word == "play" and self.playing else word) for key, word in entries]

    def watch_playing(self) -> None:
        self.redraw()

    def watch_said(self) -> None:
        self.redraw()

    def clicked(self, x: int, y: int) -> None:
        place = None if self.said else hint_at(self._entries(), x - 1)
        if place is not None:
            self.call_later(self.screen.run_action, self._footer[place].action)
