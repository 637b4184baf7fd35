"""The Chain rule pane: what the last op did, in words and numbers. Must not know the session or the app.

What writes a rule is loaded where one is written: the first frame does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.strip import Strip

from ...render.canvas import numbers
from ...render.canvas.pieces import Piece, cells, joined, strip
from ...render.canvas.text import paragraph, shorten
from ...render.text.ahead import ahead, cycle, stopped
from ..strip_pane import StripPane

if TYPE_CHECKING:
    from chainstep.engine.training.snapshot.debugger import Fault
    from chainstep.engine.training.snapshot.event import Event
    from chainstep.engine.training.snapshot.snapshot import Snapshot

    from ...render.style.look import Look

HINT = "→ runs one op   enter a whole phase   space trains   ← goes back   ? help"
LED = "somebody else leads: here stands what they do   w forks off   ? help"
"""The same for who looks on."""


class ChainRulePane(StripPane):
    """The rule in symbols and in this step's numbers, before → after, and above it what went wrong; in its frame the
    cycle of the phases, and what comes next.
    """

    def watch_led(self) -> None:
        super().watch_led()
        if self.led:
            # Before the leader's first step: it comes to many at the same time.
            self.call_after_refresh(_written)

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return "Chain rule", ""

    def marking(self, snapshot: Snapshot) -> Sequence[Piece]:
        return cycle(snapshot, self.size.width - cell_len("Chain rule") - 7, self.look)

    def footing(self, snapshot: Snapshot) -> Sequence[Piece]:
        coming = ahead(snapshot, self.look)
        why = stopped(snapshot, self.look)
        both = joined([why, coming], 2) if why else coming
        # What comes next says more than why it stopped, which the header says as well.
        return both if cells(both) <= self.size.width - 6 else coming

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        look = self.look
        rows: list[Strip] = []
        if snapshot.fault is not None:
            fault = look.glyphs.say(described(snapshot.fault, width - 1))
            rows.append(strip([(f" {fault}", look.palette.alarm)], width))
        rest = height - len(rows)
        if snapshot.event is None:
            return rows + paragraph(look.glyphs.say(LED if self.led else HINT), width, rest, look)
        return rows + _written()(snapshot.event, width, rest, look)


def _written() -> Callable[[Event, int, int, Look], list[Strip]]:
    """What writes a rule."""
    from ...render.text.chain_rule import chain_rule

    return chain_rule


def described(fault: Fault, width: int) -> str:
    """Where and how the numbers stopped being finite, in at most `width` characters.

    Where it was gives way first, then inputs: a number is there whole or not at all.
    """
    result = f" = {numbers.plain(fault.result)}"
    what = [f"{fault.expression}{result}"]
    what += [f"{' from' if not k else ','} {name} = {numbers.plain(x)}" for k, (name, x) in enumerate(fault.inputs)]
    step, mark = f"first not finite at step {fault.step}", "…"
    for where in (
        ", ".join(filter(None, (step, " › ".join(filter(None, (fault.phase, fault.scope)))))),
        f"{step}, {fault.phase}",
        step,
        "not finite",
    ):
        text = f"{where}: {''.join(what)}"
        if len(text) <= width:
            return text
    text = ""
    for k, part in enumerate(what):
        if len(text + part) + len(mark) * (k < len(what) - 1) > width:
            break
        text += part
    if text:
        return text if len(text) == len("".join(what)) else text + mark
    room = width - len(result)
    return shorten(fault.expression, room) + result if room > 0 else mark[:width]
