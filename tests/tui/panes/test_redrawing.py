"""A pane resends only the rows that differ, and parts of a picture take turns. Must not know what rows say."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from textual.geometry import Region
from textual.strip import Strip

from chainstep.engine.training.commands import SetKnob, SetParameter
from chainstep.engine.training.snapshot.debugger import Fault
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.step.timeline import PHASES
from chainstep.tui.panes.strip_pane import StripPane
from chainstep.tui.panes.text.chain_rule import described
from chainstep.tui.render.canvas import numbers
from support.cases import each
from support.screen.table import row_of, squeezed

Opened = Callable[..., Any]


# --- resending


def watched(panes: list[StripPane], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Region]]:
    """What the panes ask to be repainted, from now on."""
    seen: list[tuple[str, Region]] = []
    for pane in panes:

        def spy(*regions: Region, pane: StripPane = pane, **_: object) -> StripPane:
            seen.extend((str(pane.id), region) for region in regions or (Region(0, 0, *pane.size),))
            return pane

        monkeypatch.setattr(pane, "refresh", spy)
    return seen


async def test_an_unchanged_picture_repaints_nothing(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    for what in ("lecture", "wonderland", "parabola"):
        async with opened(what) as ui:
            await ui.press("right", "right")
            # The second picture after an op marks nothing as changed any more.
            ui.train.runner.show()
            seen = watched(list(ui.train.query(StripPane)), monkeypatch)
            ui.train.runner.show()
            ui.train.redraw()
            assert seen == []


async def test_only_the_rows_that_differ_are_repainted(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(size=(120, 36)) as ui:
        pane = ui.train.query_one("#parameters")
        await ui.press("down")
        before = ui.rows("parameters")
        seen = watched([pane], monkeypatch)
        ui.train.selected = 5
        differ = [y for y, (old, new) in enumerate(zip(before, ui.rows("parameters"), strict=True)) if old != new]
        assert [y for _, region in seen for y in range(region.y, region.bottom)] == differ
        assert differ == [0, 3, 7]


async def test_an_op_leaves_most_rows_alone(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as ui:
        await ui.press(*["enter"] * len(PHASES), *["right"] * 3)
        seen = watched(list(ui.train.query(StripPane)), monkeypatch)
        await ui.press("right")
        height = {pane: sum(region.height for name, region in seen if name == pane) for pane, _ in seen}
        assert set(height) <= {"header", "network", "parameters", "chain-rule"}
        assert height["header"] == 1
        assert height.get("parameters", 0) <= 4


class Counting(StripPane):
    """A pane whose frame says how many rows it has drawn."""

    drawn_rows = 0

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return "Rows", str(self.drawn_rows)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        self.drawn_rows = height
        return [Strip.blank(width)] * height


async def test_the_frame_is_of_what_is_drawn_in_it(opened: Opened) -> None:
    async with opened() as ui:
        pane = Counting("counting")
        pane.styles.height = 5
        await ui.train.mount(pane)
        await ui.until(lambda: pane.size.height == 5)
        pane.snapshot = ui.snapshot
        await ui.until(lambda: pane.drawn_rows)
        assert pane.render_line(0).text.rstrip(" ╮").endswith(" 3")


async def test_what_comes_to_be_drawn_amid_a_frame_that_paints_other_panes_is_painted_behind_it(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as ui:
        pane = Counting("counting")
        pane.styles.height = 5
        await ui.train.mount(pane)
        await ui.until(lambda: pane.region.height == 5)
        assert pane.render_lines(pane.size.region)[0].text.isspace()  # as a frame paints it
        seen = watched([pane], monkeypatch)
        pane.snapshot = ui.snapshot
        pane.render_lines(pane.size.region)  # as for a frame that paints what is above and below
        await ui.until(lambda: ("counting", Region(0, 0, *pane.size)) in seen)


# --- while it plays


async def test_large_parts_take_turns_and_a_pause_shows_all_of_them(opened: Opened) -> None:
    async with opened("moons", size=(120, 36), steps=1_000_000) as ui:
        seen: set[tuple[bool, bool, bool]] = set()

        def in_turns() -> bool:
            snapshot = ui.snapshot
            seen.add((snapshot.network is not None, snapshot.parameters is not None, snapshot.curve is not None))
            return ui.session.step > 0 and {(True, False, False), (False, True, False), (False, False, True)} <= seen

        await ui.tap("space", lambda: in_turns() and ui.session.step)
        await ui.tap("space", lambda: "playing" not in ui.line("header"))
        assert None not in (ui.snapshot.network, ui.snapshot.parameters, ui.snapshot.curve)
        assert f"step {ui.session.step} " in ui.line("header")
        assert numbers.loss(ui.session.losses[-1]) in ui.rows("loss")[0]
        rows = squeezed(ui.rows("parameters"))
        for index in range(10):
            assert any(" ".join(row_of(ui.session, index).split()) in row for row in rows)
        shown = {pane: ui.rows(pane) for pane in ("network", "parameters", "loss")}
        ui.train.redraw()
        assert {pane: ui.rows(pane) for pane in shown} == shown


FAULT = Fault(3, "forward", "sample 1 › layer 1", "exp(x*y + z)", (("x", 1e308), ("y", -2.5e-7)), float("inf"))


@each("width", range(1, 110))
def test_a_fault_is_told_with_whole_numbers_in_any_width(width: int) -> None:
    text = described(FAULT, width)
    assert len(text) <= width
    found = re.findall(r"= ([^ ,…]+)", text)
    assert found == ["inf", numbers.plain(1e308), numbers.plain(-2.5e-7)][: len(found)]
    assert width < 7 or found


async def test_marks_name_parameters_by_their_labels(opened: Opened) -> None:
    async with opened() as ui:
        ui.app.runner.send(SetParameter(0, 1.0))
        ui.app.runner.send(SetKnob("frozen", (0, 3)))
        labels = ui.session.labels
        assert [what for _, what in ui.snapshot.curve.marks] == [labels[0], f"frozen {labels[0]}, {labels[3]}"]


async def test_the_title_tells_the_error_that_has_no_room_in_the_row(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*["enter"] * 4, "a")
        await ui.until(lambda: ui.app.runner.still)
        await ui.pilot.pause()
        error = ui.snapshot.parameters.errors[0]
        assert f"error {error:.0e}" in ui.rows("parameters")[0]
