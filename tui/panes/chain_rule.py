"""The Chain rule pane: what the last op did, in words and numbers. Must not know the session or the app."""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot import Fault, Snapshot

from ..render import numbers
from ..render.chain_rule import chain_rule
from ..render.lines import strip
from .strip_pane import StripPane

HINT = "→ runs one op   enter a whole phase   space trains   ← goes back   ? help"


class ChainRulePane(StripPane):
    """The rule in symbols and in this step's numbers, before → after; above it, what went wrong."""

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return "Chain rule", f"stopped: {snapshot.stopped}" if snapshot.stopped else ""

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        look = self.look
        rows: list[Strip] = []
        if snapshot.fault is not None:
            rows.append(strip([(f" {_described(snapshot.fault)}", look.palette.alarm)], width))
        rest = height - len(rows)
        return rows + chain_rule(
            snapshot.event, width, rest, look.palette, hint=look.glyphs.say(HINT), unicode=look.unicode
        )


def _described(fault: Fault) -> str:
    inputs = ", ".join(f"{name} = {numbers.plain(number)}" for name, number in fault.inputs)
    where = " › ".join(part for part in (fault.phase, fault.scope) if part)
    result = f"{fault.expression} = {numbers.plain(fault.result)}"
    return f"first not finite at step {fault.step}, {where}: {result}{f' from {inputs}' if inputs else ''}"
