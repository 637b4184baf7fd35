"""The dialog of the forks: they are compared, switched, named and dropped. Must not know how a fork is made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from textual.widgets import Input, OptionList

from chainstep.engine.training.commands import Fork, Forward, SetKnob

Opened = Callable[..., Any]


@pytest.fixture
def opened(opened: Opened) -> Opened:
    return partial(opened, size=(120, 36))


def tell(ui: Any, *commands: object) -> None:
    for command in commands:
        ui.session.apply(command)
    ui.app.runner.show()


def names(ui: Any) -> dict[str, bool]:
    """The session's forks, and which is the current one."""
    return {fork.name: fork.current for fork in ui.session.snapshot(()).forks}


def listed(ui: Any) -> list[str]:
    return [" ".join(str(option.prompt).split()) for option in ui.app.screen.query_one(OptionList).options]


TWO = Forward("step", 2), Fork("steep"), SetKnob("lr", 0.3), Forward("step")


async def test_w_forks_where_the_session_stands(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("W")
        assert "w forks" in listed(ui)[0]
        await ui.press("n", "d", "enter", "escape")
        assert ui.app.screen is ui.train
        await ui.press(*"]" * 5, "right", "w")
        assert names(ui) == {"main": False, "fork 1": True}
        assert ui.session.snapshot(()).forks[1].since == 1
        assert "fork 1" in ui.messages[-1]


async def test_the_table_compares_what_differs(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *TWO)
        await ui.press("W")
        assert ui.told("#columns").split() == ["fork", "step", "loss", "best", "accuracy", "left", "lr"]
        main, steep = ui.session.snapshot(()).forks
        assert listed(ui)[0].split()[:2] == ["main", "2"]
        assert listed(ui)[1].startswith(f"▶ steep 3 {steep.loss:#.4g}")
        assert listed(ui)[0].endswith("0.1")
        assert listed(ui)[1].endswith("main at 2 0.3")
        assert ui.app.screen.query_one(OptionList).highlighted == 1
        assert main.loss != steep.loss


async def test_enter_goes_over_to_the_other_fork(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *TWO)
        await ui.press("W", "up", "enter")
        assert ui.app.screen is ui.train
        assert names(ui) == {"main": True, "steep": False}
        assert (ui.session.step, ui.session.settings.lr) == (2, 0.1)
        assert ui.snapshot.position.step == 2


async def test_a_fork_is_named_and_a_bad_name_is_one_line(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *TWO)
        await ui.press("W", "n")
        for wrong in ("main", "", "x" * 60):
            ui.app.screen.query_one(Input).value = wrong
            await ui.press("enter")
            assert ui.told(".error")
            assert "\n" not in ui.told(".error")
            assert ui.app.screen.query_one(Input).value == wrong
        ui.app.screen.query_one(Input).value = "bold"
        await ui.press("enter")
        assert names(ui) == {"main": False, "bold": True}
        assert "bold" in listed(ui)[1]
        await ui.press("f2", "escape", "escape")
        assert ui.app.screen is ui.train


async def test_a_fork_is_dropped_but_not_the_one_that_is_shown(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *TWO)
        await ui.press("W", "d")
        assert "steep" in ui.told(".error")
        assert len(names(ui)) == 2
        await ui.press("up", "delete")
        assert ui.told(".error") == ""
        assert names(ui) == {}
        assert "w forks" in listed(ui)[0]
        assert ui.session.settings.lr == 0.3
