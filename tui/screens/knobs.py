"""The dialog in which knobs are turned: a list, a notch with ← →, a typed value with enter. Must not know how a
session acts on them.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from chainstep.engine.training.settings import Settings

from ..knobs import KNOBS, Knob, notch, read, shown
from ..theme import glyphs
from .prompt import Prompt


class Knobs(ModalScreen[None]):
    """Turns knobs through `turn(name, value)` while what is behind it goes on; `settings()` says how they stand."""

    BINDINGS = [
        Binding("escape,q,k", "close", "close"),
        Binding("right,plus,equals_sign", "notch(1)", "up"),
        Binding("left,minus", "notch(-1)", "down"),
    ]

    def __init__(self, settings: Callable[[], Settings], turn: Callable[[str, object], bool]) -> None:
        super().__init__()
        self._settings = settings
        self._turn = turn

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static("Knobs", classes="title")
            yield OptionList(*(Option(self._row(knob), id=knob.name) for knob in KNOBS))
            yield Static(glyphs().say("↑ ↓ choose   ← → turn   enter types a value   escape closes"), classes="words")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def _row(self, knob: Knob) -> Text:
        return Text.assemble(
            f"{knob.label:<15}",
            (f"{shown(self._settings(), knob.name):<12}", "bold"),
            (f"{knob.acts:<10}  ", "dim"),
            (glyphs().say(knob.words), "dim"),
        )

    def _chosen(self) -> Knob:
        return KNOBS[self.query_one(OptionList).highlighted or 0]

    def _set(self, name: str, value: object) -> None:
        self._turn(name, value)
        options = self.query_one(OptionList)
        for index, knob in enumerate(KNOBS):
            options.replace_option_prompt_at_index(index, self._row(knob))

    def action_notch(self, direction: int) -> None:
        name = self._chosen().name
        self._set(name, notch(self._settings(), name, direction))

    def on_option_list_option_selected(self) -> None:
        knob = self._chosen()

        def done(value: object | None) -> None:
            if value is not None:
                self._set(knob.name, value[0] if isinstance(value, tuple) else value)

        # In a tuple, since None is a batch size.
        self.app.push_screen(
            Prompt(
                f"{knob.label.capitalize()}: {knob.words}",
                f"now {shown(self._settings(), knob.name)}; takes effect {_when(knob)}",
                shown(self._settings(), knob.name),
                lambda text: (self._checked(knob.name, text),),
            ),
            done,
        )

    def _checked(self, name: str, text: str) -> object:
        value = read(name, text)
        self._settings().replace(**{name: value})
        return value

    def action_close(self) -> None:
        self.dismiss(None)


def _when(knob: Knob) -> str:
    return {"restarts": "with a restart", "at once": "at once"}.get(knob.acts, "with the next step")
