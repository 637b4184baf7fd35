"""Why is it NaN: the dialog names the op and goes to it. Must not know how the fault is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.widgets import Static

from chainstep.engine.training.commands import Forward, SetKnob
from chainstep.engine.training.snapshot.debugger import Fault, Link
from chainstep.tui.dialogs.debugger.why import listing
from chainstep.tui.screens.trace import TraceScreen
from support.cases import each

Opened = Callable[..., Any]


def said(ui: Any) -> str:
    return "\n".join(str(static.content) for static in ui.app.screen.query(Static))


async def test_a_finite_run_says_so_and_how_to_stop_where_it_is_not(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("N")
        assert "finite" in said(ui)
        assert "press b and type nan" in said(ui)
        await ui.press("enter")
        assert ui.app.screen is ui.train
        assert ui.session.step == 0


async def test_enter_goes_to_the_op_in_the_trace(opened: Opened) -> None:
    async with opened() as ui:
        for command in (SetKnob("lr", 1e200), SetKnob("activation", "relu"), Forward("step", 4)):
            ui.session.apply(command)
        fault = ui.session.snapshot(()).fault
        assert fault is not None
        await ui.press("N")
        assert f"{fault.expression} = " in said(ui)
        for link in fault.chain:
            assert link.words in said(ui)
        await ui.press("enter")
        assert isinstance(ui.app.screen, TraceScreen)
        assert (ui.session.step, ui.session.op) == (fault.step, fault.op + 1)
        event = ui.session.snapshot({"event"}).event
        assert event is not None
        assert event.phase == fault.phase
        await ui.pilot.pause()
        view = ui.trace.listing.view
        assert view is not None
        assert view.last is not None
        await ui.until(lambda: ui.trace.listing.line == view.last)
        assert any(row[3] == "✗" for row in ui.rows("trace")[1:-1])


async def test_a_fault_in_the_last_op_of_a_step_is_gone_to_as_well(opened: Opened) -> None:
    async with opened("expression") as ui:
        for command in (SetKnob("frozen", (0, 1, 2)), SetKnob("lr", 1.7e308), Forward("step", 2)):
            ui.session.apply(command)
        fault = ui.session.snapshot(()).fault
        assert fault is not None
        assert fault.expression == "update of f"
        await ui.press("N", "enter")
        assert isinstance(ui.app.screen, TraceScreen)
        event = ui.session.snapshot({"event"}).event
        assert event is not None
        assert event.phase == fault.phase


@each("width", [50, 70, 90])
def test_every_row_of_the_listing_fits_and_keeps_its_numbers(width: int) -> None:
    chain = tuple(Link("x0*w0 + " * level + "b", 10.0**level, f"a word {level}") for level in range(12))
    fault = Fault(3, "forward", "sample 1", "exp(x)", (("x", 800.0),), float("inf"), 7, chain)
    rows = [row.plain for row in listing(fault, width)]
    assert all(len(row) <= width for row in rows)
    assert "exp(x) = inf" in rows
    for row, link in zip(rows[-12:], chain, strict=True):
        assert row.endswith(link.words)
    places = {row.index("a word") for row in rows[-12:]}
    assert len(places) == 1
