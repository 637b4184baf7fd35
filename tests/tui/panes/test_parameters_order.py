"""Sorting and filtering the Parameters pane from the keys of the Train screen. Must not know how rows are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainstep.engine.training.commands import SetKnob
from chainstep.tui.dialogs.base.prompt import Prompt

Opened = Callable[..., Any]

ONE_STEP = (*"]" * 5, "right")


def names(ui: Any) -> list[str]:
    """The names in the rows that are shown, from the top."""
    return [word for row in ui.rows("parameters")[1:-1] for word in row.strip("│ ▸▶◀▷◁").split()[:1] if "." in word]


def largest(ui: Any, sizes: tuple[float, ...]) -> list[str]:
    """The names, the largest first."""
    return [ui.session.labels[k] for k in sorted(range(len(sizes)), key=lambda k: -abs(sizes[k]))]


async def filtered(ui: Any, text: str) -> None:
    await ui.press("slash")
    await ui.type(text)


async def test_the_order_goes_round(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*ONE_STEP)
        usual = names(ui)
        assert usual == list(ui.session.labels[: len(usual)])
        for what in ("grad", "change"):
            await ui.press("O")
            assert names(ui) == largest(ui, getattr(ui.snapshot.parameters, what))[: len(usual)]
            assert f"by |{what}|" in ui.rows("parameters")[0]
        await ui.press("O")
        assert names(ui) == usual
        assert "by" not in ui.rows("parameters")[0]


async def test_the_order_follows_the_numbers(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
        await ui.press("O", *ONE_STEP, "right", "right")
        assert names(ui)[:10] == largest(ui, ui.snapshot.parameters.grad)[:10]


async def test_the_selection_stays_and_moves_along_the_rows(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
        await ui.press(*ONE_STEP, "down", "down", "O")
        assert ui.train.selected == 2
        ranks = largest(ui, ui.snapshot.parameters.grad)
        rank = ranks.index(ui.session.labels[2])
        assert f"{rank + 1}/{len(ranks)}" in ui.rows("parameters")[0]
        await ui.press("down")
        assert ui.session.labels[ui.train.selected] == ranks[rank + 1]
        assert ranks[rank + 1] in names(ui)
        await ui.press(*["pageup"] * 10)
        assert ui.session.labels[ui.train.selected] == ranks[0]


async def test_a_filter_shows_some_and_an_empty_one_all(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
        await filtered(ui, "b")
        biases = [label for label in ui.session.labels if label.endswith(".b")]
        assert names(ui) == biases
        assert "/b" in ui.rows("parameters")[0]
        assert ui.train.selected == 0
        await ui.press("down", "down")
        assert ui.session.labels[ui.train.selected] == biases[1]
        await ui.press(*["down"] * len(biases))
        assert ui.session.labels[ui.train.selected] == biases[-1]
        await ui.press("slash", "backspace", "enter")
        assert ui.train.wanted == ""
        assert len(names(ui)) > len(biases)
        assert biases[-1] in names(ui)


async def test_a_filter_that_matches_nothing_says_so_and_changes_nothing(opened: Opened) -> None:
    async with opened() as ui:
        await filtered(ui, "L2")
        before = names(ui)
        await filtered(ui, "L9")
        assert isinstance(ui.app.screen, Prompt)
        error = ui.told(".error")
        assert error == "no parameter has 'L9' in its name, such as L1.n1.w0"
        await ui.press("escape")
        assert ui.train.wanted == "L2"
        assert names(ui) == before


async def test_a_click_chooses_what_is_in_the_row(opened: Opened) -> None:
    async with opened() as ui:
        await filtered(ui, "L2")
        await ui.pilot.click("#parameters", offset=(4, 3))
        assert ui.session.labels[ui.train.selected] == names(ui)[2]


async def test_sorting_while_it_plays_goes_on_playing(opened: Opened) -> None:
    async with opened(steps=1_000_000) as ui:
        await ui.tap("space", lambda: ui.session.step > 3)
        await ui.tap("O", lambda: ui.train.order == "grad")
        step = ui.session.step
        await ui.until(lambda: ui.session.step > step + 3)
        assert ui.train.playing


@pytest.mark.parametrize(
    ("what", "size", "rows"),
    [
        ("lecture", (120, 36), 5),
        ("lecture", (200, 48), 8),
        ("lecture", (200, 60), 5),
        ("lecture", (100, 24), 0),
        ("expression", (120, 50), 0),
    ],
)
async def test_the_layers_have_their_histograms_where_there_is_room(
    opened: Opened, what: str, size: tuple[int, int], rows: int
) -> None:
    async with opened(what, size) as ui:
        await ui.press(*ONE_STEP)
        shown = ui.rows("parameters")[-1 - rows : -1]
        assert ("|grad|" in "".join(ui.rows("parameters"))) is (rows > 0)
        if rows:
            assert shown[0].strip("│").split() == ["data", "|grad|", "=0", "rms"]
            assert [row[1:3] for row in shown if row[1] == "L"] == ["L1", "L2", "L3"]
            assert "L1/L3 " in shown[-1]


async def test_a_deep_network_has_one_line(opened: Opened) -> None:
    async with opened(size=(120, 36), hidden=(4,) * 8) as ui:
        await ui.press(*ONE_STEP)
        assert ui.rows("parameters")[-2].startswith("│|grad| ")
        assert "=0" not in "".join(ui.rows("parameters"))


async def test_layers_are_judged_behind_backward_only(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
        await ui.press(*ONE_STEP, *"[[", "enter", "enter", "enter", "right")
        assert ui.snapshot.position.phase == "backward"
        assert "L1/L3" not in "".join(ui.rows("parameters"))
        await ui.press("enter")
        assert ui.snapshot.position.phase == "update"
        await ui.until(lambda: "L1/L3" in ui.rows("parameters")[-2])


async def test_layers_of_other_sizes_are_counted_anew_though_all_numbers_are_the_same(opened: Opened) -> None:
    async with opened("moons", (120, 36), hidden=(2, 3), mistakes=("zero_weights",)) as ui:
        assert [row.split()[2] for row in ui.rows("parameters")[-5:-2]] == ["6", "9", "4"]
        assert ui.train.runner.send(SetKnob("hidden", (1, 5)))
        await ui.until(lambda: "L2.n5.b" in ui.session.labels)
        assert [row.split()[2] for row in ui.rows("parameters")[-5:-2]] == ["3", "10", "6"]
