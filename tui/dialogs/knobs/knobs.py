"""The dialog in which knobs are turned: a list, a notch with ← →, a typed value with enter. Must not know how a
session acts on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import OptionList, Static

from chainstep.engine.training.commands import SetKnob, Undo
from chainstep.engine.training.setup import features
from chainstep.engine.training.setup.features import FEATURES
from chainstep.engine.training.setup.settings import Settings, SettingsError
from chainstep.engine.training.setup.size import refuse_giant
from chainstep.engine.training.snapshot.subject import Subject

from ...theme import glyphs
from ..base.list_dialog import ListDialog, Send, cut, in_lines
from ..base.prompt import Prompt
from . import shape
from .knob_table import KNOBS, Knob, idle, notch, read, shown, story

_GROUP, _LABEL, _VALUE, _NOTCH, _ACTS = 10, 14, 13, 12, 10
"""Cells of the columns: group, label, value, each notch, and when it acts."""

_WITH_ACTS, _WITH_GROUPS, _WITH_WORDS = 60, 70, 107
"""Cells of a row in which there is room for when a knob acts, for groups too, and for words."""

_FEATURES = tuple(FEATURES)

_INPUTS = "  1-7 inputs"
_KEYS = {
    "": f"↑ ↓ choose  ← → turn  enter types{_INPUTS}  u undoes  escape closes",
    "hidden": "← → neurons  i d layer more, less  < > which layer  enter types",
    "features": "1-7 on and off  enter types  0 the data's own  u undoes  escape closes",
}


class Standing(NamedTuple):
    """How the knobs stand."""

    now: Settings
    coming: Settings
    """As the next step will find them."""
    subject: Subject


class Knobs(ListDialog[None]):
    """Turns knobs while what is behind it goes on; `standing()` says how they stand, and each turn is sent."""

    BINDINGS = [
        Binding("k", "close", "close"),
        Binding("right,plus,equals_sign", "notch(1)", "up"),
        Binding("left,minus", "notch(-1)", "down"),
        Binding("u", "undo", "undo"),
        Binding("i", "layer(1)", "a layer more"),
        Binding("d", "layer(-1)", "a layer less"),
        Binding("less_than_sign,comma", "other_layer(-1)", "the layer before"),
        Binding("greater_than_sign,full_stop", "other_layer(1)", "the layer behind"),
    ]

    WIDTH = 116
    TITLE = "Knobs"
    KEYS = _KEYS[""]

    def __init__(self, standing: Callable[[], Standing], send: Send) -> None:
        super().__init__(send)
        self._standing = standing
        self._layer = -1
        """Which hidden layer is edited, from 0; below 0 from the last."""
        self._before = 0
        """The row that had the cursor before."""

    def below(self) -> Iterator[Widget]:
        yield Static("", classes="words", id="story", markup=False)

    def keys(self) -> str:
        standing = self._standing()
        keys = _KEYS.get(self._chosen.name, self.KEYS)
        return keys.replace(_INPUTS, "") if idle("features", standing.coming, standing.subject) else keys

    @property
    def _chosen(self) -> Knob:
        return KNOBS[self.options.highlighted or 0]

    # --- the rows

    def rows(self) -> list[Text]:
        standing, group, rows = self._standing(), "", []
        for knob in KNOBS:
            rows.append(self._row(knob, standing, "" if knob.group == group else knob.group))
            group = knob.group
        return rows

    def _row(self, knob: Knob, standing: Standing, group: str) -> Text:
        say, coming, subject = glyphs().say, standing.coming, standing.subject
        unused = idle(knob.name, coming, subject)
        value = self._value(knob, standing)
        row = Text.assemble((f"{group:<{_GROUP}}" if self.room >= _WITH_GROUPS else "", "dim"))
        row.append(f"{say(knob.label):<{_LABEL}}", style="dim" if unused else "")
        if knob.name == "features" and not unused:
            return row.append_text(_inputs(coming.features, self.room - len(row)))
        row.append(f"{cut(value, _VALUE - 1):<{_VALUE}}", style="dim" if unused else "bold")
        if unused:
            row.append(f"not used: {unused}" if self.room >= _WITH_ACTS else unused, style="dim")
        else:
            for arrow, direction in (("←", -1), ("→", 1)):
                row.append(f"{self._notched(knob, standing, arrow, direction):<{self._notch}}", style="dim")
            if self.room >= _WITH_ACTS:
                row.append(f"{knob.acts:<{_ACTS}}", style="dim")
            if self.room >= _WITH_WORDS:
                row.append(f" {say(knob.words)}", style="dim")
        row.truncate(self.room)
        return row

    def _value(self, knob: Knob, standing: Standing) -> str:
        """The value that is coming, with a mark where it waits for the next step."""
        coming = standing.coming
        if knob.name == "hidden" and coming.hidden and knob is self._chosen:
            place = self._place(coming.hidden)
            text = ",".join(f"[{size}]" if k == place else str(size) for k, size in enumerate(coming.hidden))
        else:
            text = shown(coming, knob.name, standing.subject)
            if knob.name in ("noise", "split") and getattr(coming, knob.name) is None and text != "-":
                text = f"own {text}"
        return f"{text}*" if self._waits(knob, standing) else text

    @property
    def _notch(self) -> int:
        """Cells of a notch: all of its value where there is room."""
        return _NOTCH + 1 if self.room >= _WITH_WORDS else _NOTCH

    @staticmethod
    def _waits(knob: Knob, standing: Standing) -> bool:
        """Whether a turn waits for the next step."""
        return bool(getattr(standing.now, knob.name) != getattr(standing.coming, knob.name))

    def _notched(self, knob: Knob, standing: Standing, arrow: str, direction: int) -> str:
        """What a notch makes of a knob; nothing at the end of its range."""
        coming, subject = standing.coming, standing.subject
        value = notch(coming, knob.name, direction, subject, self._layer)
        text = shown(coming.replace(**{knob.name: value}), knob.name, subject)
        if text == shown(coming, knob.name, subject):
            return ""
        sign = arrow if glyphs().unicode else "<" if arrow == "←" else ">"
        gap = " " * (len(text) < self._notch - 2)
        return cut(f"{sign}{gap}{text}", self._notch - 1)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._tell()
        if {event.option_index, self._before} & {_HIDDEN}:
            # The layer that is edited is marked while it is.
            self.options.replace_option_prompt_at_index(_HIDDEN, self.rows()[_HIDDEN])
        self._before = event.option_index

    def on_resize(self) -> None:
        # Title, words, errors and keys stay on the screen at every size.
        keys = max(1 + in_lines(glyphs().say(line), self.line).count("\n") for line in _KEYS.values())
        words = 1 if self.room >= _WITH_ACTS else 2
        self.query_one("#story").styles.height = words
        self.options.styles.max_height = max(3, self.app.size.height * 9 // 10 - 4 - words - keys)

    def refill(self) -> None:
        options = self.options
        if options.option_count != len(KNOBS):
            super().refill()
        else:
            # The list stays where it is scrolled to.
            for place, row in enumerate(self.rows()):
                if options.get_option_at_index(place).prompt != row:
                    options.replace_option_prompt_at_index(place, row)
        self._tell()

    def _tell(self) -> None:
        """Words and keys for the row with the cursor."""
        knob, standing, say = self._chosen, self._standing(), glyphs().say
        acts = "" if self.room >= _WITH_ACTS else f" ({knob.acts})"
        what, words = story(knob, standing.coming)
        said = f"{what}{acts}: {words}"
        if knob.name == "features" and standing.subject.columns != features.OWN and len(standing.subject.columns) == 2:
            named = zip(features.OWN, standing.subject.columns, strict=True)
            said = f"restarts; {', '.join(f'{name} is {column}' for name, column in named)}"
        if self._waits(knob, standing):
            said += "   * from the next step on"
        self.query_one("#story", Static).update(
            cut(say(said), self.room if self.room >= _WITH_ACTS else 2 * self.room - 12)
        )
        self.query_one(".keys", Static).update(in_lines(say(self.keys()), self.line))

    # --- turning

    def _turn(self, name: str, value: object) -> str | None:
        """Turn a knob; what is wrong where that cannot be, and nothing has changed."""
        standing = self._standing()
        if getattr(standing.coming, name) == value:
            return None
        try:
            changed = standing.coming.replace(**{name: value})
            refuse_giant(len(standing.subject.columns), changed, len(standing.subject.classes))
        except SettingsError as error:
            return str(error)
        return self._send(SetKnob(name, value))

    def _set(self, name: str, value: object) -> None:
        wrong = self._turn(name, value)
        self.complain(wrong)
        if wrong is None:
            self.refill()

    def action_undo(self) -> None:
        self.tell(Undo())

    def action_notch(self, direction: int) -> None:
        standing, name = self._standing(), self._chosen.name
        self._set(name, notch(standing.coming, name, direction, standing.subject, self._layer))

    def on_option_list_option_selected(self) -> None:
        knob, standing = self._chosen, self._standing()

        def put(text: str) -> str:
            wrong = self._turn(knob.name, read(knob.name, text))
            if wrong is not None:
                raise SettingsError(wrong)
            return text

        value = shown(standing.coming, knob.name, standing.subject)
        say = glyphs().say
        self.app.push_screen(
            Prompt(say(f"{knob.label}: {knob.words}"), f"now {value}; takes effect {_when(knob)}", value, put),
            lambda _: self.refill(),
        )

    # --- layers

    def _place(self, hidden: shape.Shape) -> int:
        """The layer that is edited, from 0."""
        return max(0, min(len(hidden) - 1, self._layer if self._layer >= 0 else len(hidden) + self._layer))

    def action_layer(self, more: int) -> None:
        hidden = self._standing().coming.hidden
        if self._chosen.name != "hidden":
            return
        place = self._place(hidden)
        self._set("hidden", shape.with_layer(hidden, place) if more > 0 else shape.without_layer(hidden, place))

    def action_other_layer(self, direction: int) -> None:
        hidden = self._standing().coming.hidden
        if self._chosen.name == "hidden" and hidden:
            self._layer = max(0, min(len(hidden) - 1, self._place(hidden) + direction))
            self.refill()

    # --- inputs

    def on_key(self, event: events.Key) -> None:
        """Digits switch inputs on and off, wherever the cursor is."""
        character = event.character or ""
        if character in "01234567" and character:
            event.stop()
            selected = self._standing().coming.features
            number = int(character)
            self._set("features", features.toggled(selected, _FEATURES[number - 1]) if number else ())
            self.options.highlighted = len(KNOBS) - 1


_HIDDEN = next(place for place, knob in enumerate(KNOBS) if knob.name == "hidden")


def _inputs(selected: tuple[str, ...], room: int) -> Text:
    """The inputs by number, those that the network has filled and bold; in two lines where one has no room."""
    shapes, row, used = glyphs(), Text(), 0
    for number, (name, feature) in enumerate(FEATURES.items(), start=1):
        on = name in (selected or features.TWO)
        text = f"{number}{shapes.dot if on else shapes.hollow}{shapes.say(feature.text)}"
        if used + len(text) > room:
            row.append("\n" + " " * _LABEL)
            used = 0
        row.append(text, "bold" if on else "dim").append(" ")
        used += len(text) + 1
    return row


def _when(knob: Knob) -> str:
    return {"restarts": "with a restart", "at once": "at once"}.get(knob.acts, "with the next step")
