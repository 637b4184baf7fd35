"""The palette of commands: chosen by name, under headings, with the key that does it. Must not know what they do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ...commands import EVERYTHING, SESSION, Entry, sections
from ...theme import glyphs
from ..base.dialog import Dialog
from ..base.list_dialog import cut
from ..base.options import Options

THEMES = Entry(
    "themes", "", "themes", "Choose among all themes.", "app.search_themes", reaches=SESSION, group="Program"
)
"""What has no key of its own."""


class Finder(Dialog[str], inherit_bindings=False):
    """Gives the action of the command that was chosen, or None."""

    BINDINGS = [
        Binding("escape,ctrl+p", "close", "close", priority=True),
        Binding("up", "move('cursor_up')", "up"),
        Binding("down", "move('cursor_down')", "down"),
        Binding("pageup", "move('page_up')", "page"),
        Binding("pagedown", "move('page_down')", "page"),
    ]

    WIDTH = 72

    def __init__(self, screen: str, pane: str, allowed: Collection[str] = EVERYTHING) -> None:
        super().__init__()
        self._sections = [
            (heading, [entry for entry in some if entry.id != "palette"] + [THEMES] * (heading == THEMES.group))
            for heading, some in sections(screen, pane, allowed)
            if screen in some[0].screens
        ]
        self._shown: Sequence[Entry | str] = ()
        """The command of each row; of a heading, its words."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog finder") as box:
            box.styles.width = self.WIDTH
            yield Input(placeholder="what is to be done?", classes="find")
            yield Options()
            yield Static("", classes="words", id="meaning", markup=False)

    def on_mount(self) -> None:
        self.query_one(Options).can_focus = False
        self.query_one(Input).focus()

    def on_resize(self) -> None:
        self._fill()

    def on_input_changed(self) -> None:
        self._fill()

    def _fill(self) -> None:
        wanted, options = self.query_one(Input).value.strip(), self.query_one(Options)
        if wanted:
            ranked = ((entry.found(wanted), entry) for _, some in self._sections for entry in some)
            found = sorted(((rank, entry) for rank, entry in ranked if rank is not None), key=lambda pair: pair[0])
            self._shown = [entry for _, entry in found]
        else:
            self._shown = list(chain.from_iterable((heading, *some) for heading, some in self._sections))
        rows = [Option(self._row(row), disabled=isinstance(row, str)) for row in self._shown]
        options.set_options(rows or [Option(Text(f"no command here has {wanted!r}"), disabled=True)])
        options.highlighted = next((k for k, row in enumerate(self._shown) if isinstance(row, Entry)), None)

    def _row(self, row: Entry | str) -> Text:
        say, room = glyphs().say, self.room
        if isinstance(row, str):
            return Text(cut(say(row), room), "bold underline")
        label, key = f"  {say(row.label)}", say(row.shown)
        return Text.assemble(label, " " * max(1, room - cell_len(label) - cell_len(key)), (key, "bold"))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        row = self._shown[event.option_index] if event.option_index < len(self._shown) else ""
        meaning = glyphs().say(row.help) if isinstance(row, Entry) else ""
        self.query_one("#meaning", Static).update(meaning)

    # --- keys and mouse

    def action_move(self, how: str) -> None:
        getattr(self.query_one(Options), f"action_{how}")()

    def on_input_submitted(self) -> None:
        chosen = self.query_one(Options).highlighted
        if chosen is not None:
            self._choose(chosen)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option_index)

    def _choose(self, place: int) -> None:
        row = self._shown[place] if place < len(self._shown) else ""
        if isinstance(row, Entry):
            self.dismiss(row.action)
