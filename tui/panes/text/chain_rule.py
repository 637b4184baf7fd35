"""The Chain rule pane: what the last op did, in words and numbers. Must not know the session or the app.

What writes a rule is loaded where one is written: the first frame does not wait for it.
"""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.debugger import Fault
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...render.canvas import numbers
from ...render.canvas.pieces import strip
from ...render.canvas.text import paragraph, shorten
from ..strip_pane import StripPane

HINT = "→ runs one op   enter a whole phase   space trains   ← goes back   ? help"


class ChainRulePane(StripPane):
    """The rule in symbols and in this step's numbers, before → after; above it, what went wrong."""

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return "Chain rule", f"stopped: {snapshot.stopped}" if snapshot.stopped else ""

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        look = self.look
        rows: list[Strip] = []
        if snapshot.fault is not None:
            fault = look.glyphs.say(described(snapshot.fault, width - 1))
            rows.append(strip([(f" {fault}", look.palette.alarm)], width))
        rest = height - len(rows)
        if snapshot.event is None:
            return rows + paragraph(look.glyphs.say(HINT), width, rest, look)
        from ...render.text.chain_rule import chain_rule

        return rows + chain_rule(snapshot.event, width, rest, look)


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
