"""chainstep's own two themes, and an app that takes the look of its panes from one. Must not know what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import App
from textual.filter import LineFilter
from textual.theme import Theme

from .render.style.glyphs import ASCII, MONOCHROME, UNICODE, Glyphs
from .render.style.inks import CUBE, TRUECOLOR, inks
from .render.style.look import Look
from .render.style.palette import Palette
from .terminal.colours import depth, filters
from .terminal.encoding import shows_unicode


def _theme(name: str, depth: str, *, dark: bool) -> Theme:
    hues = inks(depth, dark=dark)
    surface, panel = _LAYERS[depth == CUBE, dark]
    return Theme(
        name=name,
        primary=hues.positive,
        secondary=hues.negative,
        accent=hues.accent,
        warning=hues.lit if dark else "#8a6d00",
        error=hues.warning,
        success=hues.accent,
        foreground=hues.text,
        background=hues.ground,
        surface=surface,
        panel=panel,
        dark=dark,
    )


_LAYERS = {
    (False, True): ("#1b1f2a", "#232936"),
    (False, False): ("#eeeeea", "#e4e4df"),
    (True, True): ("#1c1c1c", "#262626"),
    (True, False): ("#eeeeee", "#e4e4e4"),
}
"""Surface and panel: with the 256 colours or without, in dark and in light."""


def dark_theme(depth: str = TRUECOLOR) -> Theme:
    """Night blue, with mint for what has the focus."""
    return _theme("chainstep-dark", depth, dark=True)


def light_theme(depth: str = TRUECOLOR) -> Theme:
    """Paper, for a projector in a bright room."""
    return _theme("chainstep-light", depth, dark=False)


DARK, LIGHT = dark_theme(), light_theme()


def glyphs(depth: str = TRUECOLOR) -> Glyphs:
    """The shapes for this terminal: ASCII where its encoding is not UTF-8, and signs by shape where hues are few."""
    if not shows_unicode():
        return ASCII
    return UNICODE if depth in (TRUECOLOR, CUBE) else MONOCHROME


if TYPE_CHECKING:
    _App = App[None]
else:
    _App = object  # Textual takes half a millisecond for each class of apps


class ThemedApp(_App):
    """An app in our themes and in the colours of its terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = depth(self.console.color_system)
        self._shown_through = filters(self._depth)
        self._glyphs = glyphs(self._depth)
        self.register_theme(dark_theme(self._depth))
        self.register_theme(light_theme(self._depth))
        # Not by assignment: every style sheet would be parsed twice.
        self.set_reactive(App.theme, DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.look = Look(Palette.dark(self._depth), self._glyphs)
        # Before anything is mounted: later on every widget would be styled once more.
        self.set_class(not self._glyphs.unicode, "-ascii", update=False)
        self.set_class(self._shown_through is not None, "-few-colours", update=False)

    def get_css_variables(self) -> dict[str, str]:
        # Textual's constructor asks before our themes are there, and makes nothing of the answer.
        return super().get_css_variables() if DARK.name in self.available_themes else {}

    def redraw(self) -> None:
        """Draw every pane again, in the colours of now."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self._recolour()
        self.theme_changed_signal.subscribe(self, lambda _: self._recolour())

    def _recolour(self) -> None:
        """Take the panes' colours from the theme."""
        dark = self.current_theme.dark
        palette = Palette.from_variables(self.theme_variables, dark=dark, depth=self._depth)
        self.look = Look(palette, self._glyphs)
        self.redraw()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every cell of every widget goes through before it is sent."""
        return super().get_line_filters() if self._shown_through is None else self._shown_through

    def action_theme(self) -> None:
        """Light, dark, and back."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name
