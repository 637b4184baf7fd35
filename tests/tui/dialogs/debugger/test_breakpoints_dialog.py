"""The dialog of the breakpoints: what is typed and switched is the session's. Must not know when one is hit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.widgets import Input, OptionList

from chainstep.engine.training.commands import AddBreakpoint
from support.sessions import numbers_of

Opened = Callable[..., Any]


def known(ui: Any) -> list[tuple[str, bool]]:
    """The session's breakpoints."""
    return [(point.text, point.enabled) for point in ui.session.snapshot(()).breakpoints]


def listed(ui: Any) -> list[str]:
    return [" ".join(str(option.prompt).split()) for option in ui.app.screen.query_one(OptionList).options]


async def test_what_is_typed_stops_the_session(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("b")
        assert listed(ui) == ["none yet: c runs to the next, C back to the last one"]
        await ui.type("step 3")
        assert ui.app.screen.query_one(Input).value == ""
        assert listed(ui) == ["● 1 step 3 0 hits before step 3"]
        await ui.press("escape", "c")
        await ui.until(lambda: ui.session.step == 3)
        assert ui.session.op == 0
        assert ui.snapshot.breakpoints[0].hits == 1
        await ui.press("b")
        assert listed(ui) == ["● 1 step 3 1 hit before step 3"]


async def test_every_example_that_fits_the_model_can_be_typed(opened: Opened) -> None:
    texts = ["loss < 0.1", "accuracy == 1", "abs(L1.n1.w0.grad) > 5", "backward L1.n2", "nan", "saturated", "rising 3"]
    async with opened() as ui:
        await ui.press("b")
        for text in texts:
            await ui.type(text)
        assert known(ui) == [(text, True) for text in texts]
        assert ui.app.screen.query_one(OptionList).highlighted == len(texts) - 1


async def test_nonsense_is_one_line_and_stays_typed(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("b")
        await ui.type("nan")
        before = numbers_of(ui.session), list(ui.session.log), known(ui)
        for text in ("loss <", "banana ?", "__import__('os')", "rising", "step x", "L9.n1", "dead", " "):
            line = ui.app.screen.query_one(Input)
            line.value = text
            await ui.press("enter")
            assert ui.told(".error"), text
            assert "\n" not in ui.told(".error")
            assert line.value == text
        assert (numbers_of(ui.session), list(ui.session.log), known(ui)) == before
        line.value = ""
        await ui.type("step 4")
        assert ui.told(".error") == ""


async def test_the_list_switches_and_drops(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("b")
        for text in ("nan", "step 4", "rising 2"):
            await ui.type(text)
        await ui.press("up", "up", "space")
        assert known(ui) == [("nan", True), ("step 4", False), ("rising 2", True)]
        assert listed(ui)[1].startswith("○ 2 step 4")
        await ui.press("enter", "up", "space")
        assert known(ui) == [("nan", False), ("step 4", True), ("rising 2", True)]
        await ui.press("d", "delete")
        assert known(ui) == [("rising 2", True)]
        await ui.press("d")
        assert known(ui) == []
        # Without a list there is only the line to type in.
        await ui.type("nan")
        assert known(ui) == [("nan", True)]


async def test_a_long_list_scrolls_above_the_line_and_the_keys(opened: Opened) -> None:
    async with opened() as ui:
        for step in range(1, 31):
            ui.session.apply(AddBreakpoint(f"step {step}"))
        await ui.press("b")
        (box,) = ui.app.screen.query(".dialog")
        for part in (".error", ".keys", "Input"):
            assert box.region.contains_region(ui.app.screen.query_one(part).region)
        await ui.press("up", "end", "d")
        assert len(known(ui)) == 29
        assert ui.app.screen.query_one(OptionList).highlighted == 28


async def test_letters_are_typed_into_the_line(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("b", *"d q b")
        assert ui.app.screen.query_one(Input).value == "d q b"
        await ui.press("escape")
        assert ui.app.screen is ui.train
        assert known(ui) == []
