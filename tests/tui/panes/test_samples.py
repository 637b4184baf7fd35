"""The samples at the keyboard: what they show is the session's; to look at one changes nothing. Must not know how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainstep.engine.training.commands import Forward, SetKnob
from chainstep.engine.training.views.samples import each
from chainstep.tui.render.canvas.numbers import signed

Opened = Callable[..., Any]


def predictions(ui: Any) -> list[str]:
    """ŷ and y of each sample, as they should read."""
    samples = ui.session.snapshot({"samples"}, range(100)).samples
    return [f"{signed(row.prediction.outputs[0], 7)} {signed(row.targets[0], 5)}" for row in samples.rows]


def titled(ui: Any, pane: str, *words: str) -> bool:
    return all(word in ui.rows(pane)[0] for word in words)


async def test_choosing_a_sample_shows_the_network_on_it_until_one_steps_on(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
        await ui.until(lambda: ui.region("samples"))
        assert ui.region("loss").union(ui.region("samples")).height == ui.region("parameters").height
        for keys, sample in ((("right",), 1), (("enter",), 4)):
            await ui.press(*keys)
            rows = ui.rows("samples")
            assert all(numbers in row for numbers, row in zip(predictions(ui), rows[2:6], strict=True))
            assert [row[1] == "●" for row in rows[2:6]] == [number == sample for number in (1, 2, 3, 4)]
        log = list(ui.session.log)
        await ui.press("tab", "up", "up")
        assert ui.app.focused.id == "samples"
        assert (ui.snapshot.looked_at, ui.train.selected) == (1, 0)
        assert "▸2" in ui.rows("samples")[3]
        assert titled(ui, "network", "Network on sample #2", "looked at")
        await ui.press("y")
        await ui.until(lambda: ui.region("neuron") and titled(ui, "neuron", "▸ sample #2"))
        await ui.press("y", "E")
        assert ui.app.screen._title == "Edit sample #2"
        await ui.press("escape", "escape")
        assert titled(ui, "network", "Network on sample 4")
        assert not titled(ui, "network", "looked at")
        await ui.press("home")
        assert ui.snapshot.looked_at == 0
        assert list(ui.session.log) == log
        await ui.press("right")
        assert ui.snapshot.looked_at is None


async def test_of_a_wide_network_they_come_behind_the_picture_and_are_the_same(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(each, "AT_ONCE", 0)
    async with opened(size=(120, 36)) as ui:

        def right() -> bool:
            return all(numbers in row for numbers, row in zip(predictions(ui), ui.rows("samples")[2:6], strict=True))

        await ui.until(lambda: ui.region("samples") and right())
        for keys in (("enter",), ("enter", "enter", "enter", "enter", "enter"), ("left",), ("e", "3", "enter")):
            await ui.press(*keys)
            await ui.until(right)
        before = ui.rows("samples")[2:6]
        ui.app.runner.send(SetKnob("steps", 10**9))
        await ui.press("space")
        await ui.until(lambda: ui.rows("samples")[2:6] != before)  # they do not wait for a pause
        assert ui.app.runner.playing
        await ui.press("space")
        await ui.until(right)


async def test_what_is_looked_at_stays_while_it_plays(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
        await ui.until(lambda: ui.region("samples"))
        await ui.press("tab", "end", "space")
        await ui.until(lambda: ui.session.step == 20 and not ui.app.runner.playing)
        assert titled(ui, "network", "Network on sample #4", "looked at")
        assert all(numbers in row for numbers, row in zip(predictions(ui), ui.rows("samples")[2:6], strict=True))


async def test_on_a_narrow_terminal_one_key_puts_them_in_the_parameters_place(opened: Opened) -> None:
    async with opened("moons", size=(80, 24)) as ui:
        assert not ui.region("samples")
        await ui.press("Y")
        await ui.until(lambda: ui.region("samples") and not ui.region("parameters") and "ŷ" in ui.rows("samples")[1])
        await ui.until(lambda: ui.app.focused.id == "samples")
        await ui.until(lambda: "Y samples j scores" in ui.line("keys"))  # before anything else is pressed
        shown = ui.region("samples").height - 3
        assert titled(ui, "samples", f"Samples 1-{shown} of 100")
        await ui.press("end")
        assert ui.snapshot.looked_at == 99
        assert titled(ui, "samples", f"{101 - shown}-100 of 100")
        assert predictions(ui)[99] in ui.rows("samples")[-2]
        await ui.press("pageup", "down")
        assert ui.snapshot.looked_at == 90
        await ui.pilot.click("#samples", offset=(5, 4))
        await ui.until(lambda: ui.snapshot.looked_at == 91)
        await ui.press("Y")
        await ui.until(lambda: ui.region("parameters") and not ui.region("samples"))
        await ui.until(lambda: ui.app.focused.id == "parameters")


async def test_as_one_steps_the_sample_in_hand_comes_into_view(opened: Opened) -> None:
    async with opened("moons", size=(80, 24)) as ui:
        await ui.press("Y", *["]"] * 3)
        await ui.until(lambda: ui.region("samples"))
        ui.app.runner.send(Forward("sample", 60))
        await ui.until(lambda: "●" in ui.line("samples") and " 60 " in ui.line("samples"))


async def test_a_card_has_a_table_of_its_own_and_an_expression_has_no_samples(opened: Opened) -> None:
    async with opened("wonderland", size=(120, 36)) as ui:
        assert not ui.region("samples")
        await ui.press("Y")
        await ui.until(lambda: ui.region("samples") and "✓" in ui.rows("samples")[2])
        await ui.press("Y")
        await ui.until(lambda: not ui.region("samples"))
    async with opened("parabola") as ui:
        await ui.press("Y")
        assert ui.messages[-1].startswith("an expression has no samples")
        assert not ui.region("samples")


async def test_on_a_small_terminal_they_stand_alone(opened: Opened) -> None:
    async with opened("iris", size=(60, 20)) as ui:
        await ui.press("Y")
        await ui.until(lambda: ui.alone == "samples" and "setosa" in ui.line("samples"))
        await ui.press("Y")
        assert ui.alone == "parameters"
