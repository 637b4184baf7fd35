"""The one-line panes: header, knobs and keys. Must not know the session or the app."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.strip import Strip
from textual.widget import Widget

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...commands import ALWAYS, Entry, footer
from ...render.canvas.pieces import Hint, cells_of, fitting, hint_at
from ...render.text import status_lines as lines
from ..strip_pane import StripPane
from ..watched import var


class Header(StripPane):
    """What is trained, and where it stands."""

    framed = False
    playing: var[bool] = var(False, init=False)
    working: var[bool] = var(False, init=False)
    stepping: var[bool] = var(False, init=False)
    company: var[str] = var("", init=False)
    ago: var[str] = var("", init=False)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        stop = ("escape" if self.stepping else "space") if self.working else ""
        company, ago = self.company, self.ago
        return [lines.header(snapshot, width, self.look, playing=self.playing, stop=stop, company=company, ago=ago)]

    def watch_playing(self) -> None:
        self.redraw()

    def watch_working(self) -> None:
        self.redraw()

    def watch_stepping(self) -> None:
        self.redraw()

    def watch_company(self) -> None:
        self.redraw()

    def watch_ago(self) -> None:
        self.redraw()


class Knobs(StripPane):
    """The hyperparameters, the speed and the granularity."""

    framed = False
    speed: var[float | None] = var(None, init=False)
    said: var[lines.Said | None] = var(None, init=False)
    """What the user is being told: where it takes two lines, this is the first of them."""

    def concerns(self, snapshot: Snapshot) -> bool:
        return self.drawn is None or lines.knobs_key(snapshot) != lines.knobs_key(self.drawn)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        said = lines.said(self.said, width, self.look)
        if len(said) > 1:
            return said[:1]
        return [lines.knobs(snapshot, width, self.look, speed=self.speed)]

    def watch_said(self) -> None:
        self.redraw()

    def watch_speed(self) -> None:
        self.redraw()


class Keys(StripPane):
    """What the keys do, first those of the pane with the focus; a click on one does it."""

    framed = False
    playing: var[bool] = var(False, init=False)
    focused: var[Widget | None] = var(None, init=False)
    """What has the focus."""
    said: var[lines.Said | None] = var(None, init=False)
    """What the user is being told, for which the keys make room."""

    def __init__(self, id: str, screen: str) -> None:
        super().__init__(id)
        self._screen_name = screen
        self._shown: Sequence[Entry] = ()
        """What the pane with the focus could do when they were drawn."""
        self._found: dict[tuple[bool, bool], Sequence[Entry]] = {}
        """What is common, by whether a script is replayed and whether somebody else leads."""
        self._laid: Sequence[Sequence[Entry]] = ()
        """What is shown, group by group."""

    def concerns(self, snapshot: Snapshot) -> bool:
        other = self.drawn is None or (self.drawn.script is None) != (snapshot.script is None)
        return other or self._own() != self._shown

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        self._shown = self._own()
        self._laid = laid_out(self._shown, self._common(script=snapshot.script is not None), width, self._named)
        said = lines.said(self.said, width, self.look)
        taken: Sequence[Hint] = getattr(self.focused, "taken", ())
        if taken and not said:
            self._laid = ()
            return [lines.keys([[(self.look.glyphs.say(key), word) for key, word in taken]], width, self.look)]
        return said[-1:] or [lines.keys(map(self._named, self._laid), width, self.look)]

    def _common(self, *, script: bool) -> Sequence[Entry]:
        kind = script, self.led
        if kind not in self._found:
            self._found[kind] = footer(self._screen_name, script=script, led=self.led, allowed=self.allowed)
        return self._found[kind]

    def _own(self) -> Sequence[Entry]:
        """What the pane with the focus can do with what it shows: the newest picture may not have that."""
        pane = self.focused
        return pane.keys(pane.drawn) if isinstance(pane, StripPane) and pane.drawn is not None else ()

    def _named(self, entries: Iterable[Entry]) -> list[Hint]:
        say = self.look.glyphs.say
        return [
            (say(entry.shown), "pause" if entry.id == "play" and self.playing else entry.label) for entry in entries
        ]

    def watch_playing(self) -> None:
        self.redraw()

    def watch_focused(self) -> None:
        self.redraw()

    def watch_said(self) -> None:
        self.redraw()

    def clicked(self, x: int, y: int) -> None:
        if self.said is not None:
            return
        x -= 1
        for group in self._laid:
            hints = self._named(group)
            place = hint_at(hints, x)
            if place is not None:
                self.call_later(self.screen.run_action, group[place].action)
            x -= cells_of(hints) + lines.BETWEEN


def laid_out(
    own: Sequence[Entry], common: Sequence[Entry], width: int, named: Callable[[Iterable[Entry]], Sequence[Hint]]
) -> list[Sequence[Entry]]:
    """What has room side by side in `width` cells, in groups: of the commands of the pane with the focus as many as
    have room in three tenths of it, common ones, and those that are always there. `named` says what is written.
    """
    always = [entry for entry in common if entry.footer >= ALWAYS]
    elsewhere = {entry.id for entry in (*own, *always)}
    others = [entry for entry in common if entry.id not in elsewhere]
    own = own[: fitting(named(own), width * 3 // 10)]
    taken = sum(cells_of(named(group)) + lines.BETWEEN for group in (own, always) if group)
    return [group for group in (own, others[: fitting(named(others), width - 1 - taken)], always) if group]
