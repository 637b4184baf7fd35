"""What was just done and what comes next are the same op on every pane, in the same two colours. Must not know how
they are drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainstep.engine.training.commands import AddBreakpoint

Opened = Callable[..., Any]


def marked(ui: Any) -> tuple[dict[str, str], dict[str, str]]:
    """What each pane shows in the colour of the last op, and in that of the next one."""
    palette = ui.app.look.palette
    found: tuple[dict[str, str], dict[str, str]] = {}, {}
    for texts, styles in zip(
        found, ((palette.lit_cell, palette.lit_line), (palette.coming_cell, palette.coming_line)), strict=True
    ):
        for name in ("network", "parameters", "trace", "graph", "chain-rule"):
            rows = ui.train.query_one(f"#{name}")._bare
            texts[name] = " ".join(segment.text for row in rows for segment in row if segment.style in styles)
    return found


async def test_every_pane_agrees_on_what_was_done_and_what_comes(opened: Opened) -> None:
    async with opened(size=(200, 60)) as ui:
        await ui.press(*["right"] * 3)
        await ui.until(lambda: "x2*w2" in marked(ui)[1]["trace"])
        done, coming = marked(ui)
        assert coming["parameters"].split() == ["▷", "L1.n1.w2"]
        assert coming["trace"].split() == ["▷", "x2*w2"]
        assert coming["chain-rule"].startswith("▷ next:  x2*w2 = ")
        assert [coming[name].count("▷") for name in ("network", "graph")] == [1, 1]
        assert "x0*w0 + x1*w1" in done["trace"]
        assert "x0*w0 + x1*w1" in done["chain-rule"]
        assert done["parameters"] == ""
        await ui.press("right")
        await ui.until(lambda: "x2*w2" in marked(ui)[0]["trace"])
        done, coming = marked(ui)
        assert done["parameters"].split() == ["▶", "L1.n1.w2"]
        assert done["trace"].split() == ["▶", "x2*w2", "*"]
        assert "x2*w2" in done["chain-rule"]
        assert [done[name].count("▶") for name in ("network", "graph")] == [1, 1]
        assert "x0*w0 + x1*w1 + x2*w2" in coming["trace"]
        assert "next:" in coming["chain-rule"]

        ui.app.runner.send(AddBreakpoint("backward L1.n2"))
        await ui.tap("c", lambda: "backward L1.n2" in (ui.snapshot.stopped or ""))
        await ui.until(lambda: "neuron 2" in marked(ui)[1]["trace"])
        done, coming = marked(ui)
        assert "stopped: " in done["chain-rule"]
        assert "◁ next:  L1.n2: " in coming["chain-rule"]
        assert "tanh" in coming["graph"]
        assert [coming[name].count("◁") for name in ("network", "trace", "graph")] == [1, 1, 1]
        await ui.press("right")
        await ui.until(lambda: "L1.n2 = tanh" in marked(ui)[0]["trace"])
        assert "tanh" in marked(ui)[0]["chain-rule"]
        assert marked(ui)[0]["network"].count("◀") == 1
