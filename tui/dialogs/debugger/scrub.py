"""The scrubber: a cursor on the whole recorded curve, and the jump to where it is. Must not know how a session gets
there.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.reactive import var
from textual.strip import Strip
from textual.widgets import Static

from chainstep.engine.records import replace
from chainstep.engine.training.commands import Goto, SetCursor
from chainstep.engine.training.snapshot.curve import Curve, Measured
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...panes.strip_pane import StripPane
from ...render.curve import captions, scrub
from ...render.curve.chart import chart
from ...theme import glyphs
from ..base.dialog import Dialog
from ..base.list_dialog import Send

_MOST_DIGITS = 12

_KEYS = "← → column  ↑ ↓ step  PgUp/Dn ten  0-9 type  enter jumps  escape closes"


class CursorCurve(StripPane):
    """The curve with the cursor on it."""

    framed = False
    cursor: var[int] = var(0)

    def __init__(self, curve: Curve, at: int, now: int, log: bool, moved: Callable[[int], None]) -> None:
        super().__init__("curve")
        self.set_reactive(CursorCurve.cursor, at)
        self._curve = curve
        self._now = now
        self._log = log
        self._moved = moved
        self._chart: list[Strip] = []

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        if len(self._chart) != height or self._chart[0].cell_length != width:
            self._chart = chart(self._curve, width, height, self.look, log=self._log)
        if not self._curve.length:
            return self._chart
        return scrub.with_cursor(self._chart, self.cursor, self._now, self._curve.length, self.look)

    def watch_cursor(self) -> None:
        self.redraw()

    def clicked(self, x: int, y: int) -> None:
        self._moved(scrub.step_at(x, self.size.width, max(1, self._curve.length)))

    def moved(self, columns: int) -> int:
        """The step so many columns from the cursor."""
        last = self._curve.length - 1
        return scrub.moved(min(self.cursor, max(0, last)), columns, self.size.width, max(1, last + 1))


class Scrub(Dialog[None]):
    """Moves a cursor over all that is recorded of a run, its future too; enter goes there.

    The last place is the one behind the last recorded step.
    """

    BINDINGS = [
        Binding("v", "close", "close"),
        Binding("enter", "jump", "jump"),
        Binding("left", "column(-1)", "a column"),
        Binding("right", "column(1)", "a column"),
        Binding("shift+left,pageup", "column(-10)", "ten"),
        Binding("shift+right,pagedown", "column(10)", "ten"),
        Binding("up", "step(1)", "a step"),
        Binding("down", "step(-1)", "a step"),
        Binding("home", "to(0)", "first"),
        Binding("end", "last", "last"),
        Binding("backspace", "erase", "erase"),
    ]

    def __init__(
        self,
        behind: DOMNode,
        snapshot: Snapshot,
        curve: Curve,
        send: Send,
        *,
        at: int | None = None,
        log: bool = False,
    ) -> None:
        """`behind` is the screen whose `snapshot` tells what was asked for."""
        super().__init__()
        self._behind = behind
        self._found: Measured | None = None
        self._snapshot = snapshot
        self._curve = replace(curve, length=len(curve.loss))
        self._send = send
        now = snapshot.position.step
        self._at = now if at is None or at > self._curve.length else at
        self._log = log
        self._typed = ""

    def compose(self) -> ComposeResult:
        say = glyphs().say
        with Vertical(classes="dialog page"):
            yield Static("Move along the loss curve", classes="title")
            yield CursorCurve(self._curve, self._at, self._snapshot.position.step, self._log, self._move)
            yield Static("", id="there", markup=False)
            yield Static("", classes="error", markup=False)
            yield Static(say(_KEYS), classes="words")

    def on_mount(self) -> None:
        self._pane.snapshot = self._snapshot
        self.watch(self._behind, "snapshot", self._learn, init=False)
        self._tell()

    def _learn(self, snapshot: Snapshot) -> None:
        """What was asked for may be known."""
        self._found = snapshot.cursor
        self._say()

    @property
    def _pane(self) -> CursorCurve:
        return self.query_one(CursorCurve)

    @property
    def cursor(self) -> int:
        """The step at which the cursor is."""
        return self._pane.cursor

    # --- the cursor

    def _move(self, step: int) -> None:
        self._typed = ""
        self._put(step)

    def _put(self, step: int) -> None:
        """Go to a step, if that is recorded."""
        beyond = step > self._curve.length
        wrong = f"step {step} is not recorded, only 0 to {self._curve.length}: g goes further" if beyond else ""
        self.complain(wrong)
        if not beyond:
            self._pane.cursor = step
        self._tell()

    def action_column(self, columns: int) -> None:
        if columns > 0 and self.cursor >= self._curve.length - 1:
            self._move(self._curve.length)
        else:
            self._move(self._pane.moved(columns) if self._curve.length else 0)

    def action_step(self, steps: int) -> None:
        self._move(min(max(self.cursor + steps, 0), self._curve.length))

    def action_to(self, step: int) -> None:
        self._move(step)

    def action_last(self) -> None:
        self._move(self._curve.length)

    def on_key(self, event: events.Key) -> None:
        """Digits add up to the number of a step."""
        if event.character and event.character in "0123456789":
            event.stop()
            if len(self._typed) < _MOST_DIGITS:
                self._typed += event.character
                self._put(int(self._typed))

    def action_erase(self) -> None:
        self._typed = self._typed[:-1]
        if self._typed:
            self._put(int(self._typed))
        else:
            self._put(self.cursor)

    # --- what is there

    def _tell(self) -> None:
        """Say what is known of the step at the cursor, and ask for what is not."""
        step = self.cursor
        if step < self._curve.length and not self._curve.loss.stretch(step).exact:
            self._send(SetCursor(step))
        self._say()

    def _say(self) -> None:
        self.query_one("#there", Static).update(glyphs().say(self._words(self.cursor)))

    def _words(self, step: int) -> str:
        curve = self._curve
        said = [f"step {step}"]
        if step == self._snapshot.position.step:
            said[0] += " (here)"
        if step < curve.length:
            known = captions.at(curve, step, self._found)
            said.append(f"loss {captions.measured(known.loss)}")
            accuracy = captions.fraction(known.accuracy)
            if accuracy:
                said.append(f"accuracy {accuracy}")
            said.append(f"lr {curve.lr[step]:.4g}")
        else:
            said.append("not measured yet")
        said += [f"turned: {what}" for at, what in curve.marks if at == step]
        said += [f"breakpoint: {what}" for at, what in curve.stops if at == step]
        if self._typed:
            said.append(f"typed: {self._typed}")
        return "   ".join(said)

    # --- leaving

    def action_jump(self) -> None:
        if self.query_one(".error", Static).content:
            return
        self.dismiss_unless(self._send(Goto(self.cursor)))
