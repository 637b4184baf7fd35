"""The dialog in which training is broken on purpose: a switch for each mistake, and what it does in numbers. Must not
know how a mistake is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.text import Text
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import OptionList, Static

from chainstep.engine.records import record
from chainstep.engine.training.commands import SetKnob
from chainstep.engine.training.setup.mistakes import MISTAKES
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...theme import glyphs
from ..base.list_dialog import ListDialog, Send, wrapped

_NAMES = tuple(MISTAKES)

_LABEL = 1 + max(len(mistake.label) for mistake in MISTAKES.values())
_NO_LAYERS = "no layers", "an expression has no layers"

_WITH_WHEN = _LABEL + 30
"""Cells of a row in which there is room to say in full when a switch acts."""


@record
class Broken:
    """Which mistakes are made."""

    now: Mapping[str, str | None]
    """Those that act, each with its proof; None where there are no numbers yet."""
    coming: Sequence[str]
    """Those that are switched on, be it from the next step on."""
    layers: bool
    """Whether there are layers in which mistakes can be made."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> Broken:
        """The mistakes of a picture."""
        coming = snapshot.pending.get("mistakes", snapshot.settings.mistakes)
        assert isinstance(coming, tuple)
        return cls(
            {mistake.name: mistake.proof for mistake in snapshot.mistakes}, coming, not snapshot.subject.expression
        )


class Mistakes(ListDialog[None]):
    """Shows what `broken()` says of each; switches are sent as a knob, `compare` shows one beside what is right."""

    BINDINGS = [
        Binding("space", "switch", "on and off"),
        Binding("v", "compare", "both curves"),
        Binding("m", "close", "close"),
    ]

    TITLE = "What if it were wrong?"
    KEYS = "↑ ↓ choose   space on/off   v curves   escape closes"

    def __init__(self, broken: Callable[[], Broken], send: Send, compare: Callable[[str], object]) -> None:
        super().__init__(send)
        self._broken = broken
        self._compare = compare

    def below(self) -> Iterator[Widget]:
        yield Static("", classes="words", id="story", markup=False)

    def on_resize(self) -> None:
        # As high as the longest: the list stays where it is while the cursor moves.
        longest = max(len(wrapped(glyphs().say(mistake.words), self.room)) for mistake in MISTAKES.values())
        self.query_one("#story").styles.height = max(2, longest)

    def rows(self) -> list[Text]:
        return [self._row(name, self._broken()) for name in _NAMES]

    def locked(self, place: int) -> bool:
        return not self._possible(_NAMES[place], self._broken())

    @staticmethod
    def _possible(name: str, broken: Broken) -> bool:
        mistake = MISTAKES[name]
        return not (mistake.kept if broken.layers else mistake.layered)

    def _row(self, name: str, broken: Broken) -> Text:
        shapes, mistake = glyphs(), MISTAKES[name]
        on = name in broken.coming
        brief = self.room < _WITH_WHEN
        when = "restarts" if mistake.restarts else _when(name in broken.now, on, brief)
        if not self._possible(name, broken):
            missing = ("no kept graph", "a network's graph is not kept") if mistake.kept else _NO_LAYERS
            when = missing[0] if brief else missing[1]
        row = Text.assemble(
            (f"{shapes.dot if on else shapes.hollow} ", "bold" if on else "dim"),
            (f"{mistake.label:<{_LABEL}}", "bold" if on else ""),
            (when, "dim"),
        )
        for line in wrapped(shapes.say(self._proof(name, broken)), self.room - 4):
            row.append(f"\n    {line}")
        return row

    def _proof(self, name: str, broken: Broken) -> str:
        """What a mistake that acts does in this moment's numbers."""
        if name not in broken.now:
            return ""
        return broken.now[name] or "no numbers yet: they come with the next step"

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.query_one("#story", Static).update(glyphs().say(MISTAKES[_NAMES[event.option_index]].words))

    def on_option_list_option_selected(self) -> None:
        self.action_switch()

    def action_compare(self) -> None:
        name = _NAMES[self.options.highlighted or 0]
        mistake = MISTAKES[name]
        if mistake.comparable:
            self._compare(name)
        else:
            self.complain(f"{mistake.label}: it is another network, so there is nothing to lay beside it")

    def action_switch(self) -> None:
        name, coming = _NAMES[self.options.highlighted or 0], self._broken().coming
        # A toggle: what is on goes, what is off comes.
        self.tell(SetKnob("mistakes", tuple(known for known in _NAMES if (known in coming) != (known == name))))


def _when(acts: bool, on: bool, brief: bool) -> str:
    """When the switch of a mistake does what it says."""
    if acts:
        return "acts" if on else "gone next step" if brief else "gone with the next step"
    return "next step" if brief else "from the next step on"
