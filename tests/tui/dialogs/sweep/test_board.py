"""A sweep in the app: a key begins it, it grows while the session goes on, and a run of it opens. Keys to picture."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from textual.widgets import Input

from chainstep.tui.dialogs.base.prompt import Prompt
from chainstep.tui.dialogs.sweep.board import SweepBoard
from chainstep.tui.files.runs import listed
from chainstep.tui.sweeps.outcome import Outcome
from chainstep.tui.sweeps.pools import local as pools
from support.sessions import numbers_of

Opened = Callable[..., Any]


def here(subject: Any, size: int | None = None, runs: int | None = None, *, niceness: int = 0) -> pools.Here:
    """In place of processes, whose work no test of keys has to wait for."""
    return pools.Here(subject)


async def test_a_sweep_around_the_settings_of_now(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "Processes", here)
    async with opened("lecture", size=(80, 24), lr=0.1, steps=6, seed=5) as ui:
        before = numbers_of(ui.session)
        await ui.press("f4")
        assert isinstance(ui.app.screen, Prompt)
        assert ui.app.screen.query_one(Input).value == "--lr 0.01..1 --seed 5..8"
        await ui.type("--lr 1..0.1")
        assert ui.told(".error") == "--lr: '1..0.1' runs backwards: write 0.1..1"
        ui.app.screen.query_one(Input).value = ""
        await ui.type("--lr 0.03..0.3 --seed 5,6")

        await ui.until(lambda: isinstance(ui.app.screen, SweepBoard) and len(ui.app.screen.board.outcomes) == 6)
        board = ui.app.screen
        await ui.until(lambda: "space stops" not in ui.told(".keys"))  # nothing is left that could be
        assert numbers_of(ui.session) == before
        assert ui.told(".title") == "Sweep of lecture   6 of 6 runs"
        assert [run.steps for run in board.board.outcomes] == [6] * 6
        losses = [run.loss for run in board.board.outcomes]
        assert losses == sorted(losses)
        assert "◆" in "".join(ui.text(board.query_one("#spread")))

        await ui.press("g")
        assert [group.knobs["lr"] for group in board.board.settings] == [0.3, 0.1, 0.03]
        assert "g each run" in ui.told(".keys")
        await ui.press("g", "down", "s", "s")
        assert ui.told(".keys").startswith("by accuracy")
        chosen = board.board.chosen
        assert chosen is not None
        await ui.press("enter")
        await ui.until(lambda: isinstance(ui.app.screen, Prompt))
        await ui.type("4")
        await ui.until(lambda: ui.session.step == 4)
        settings = ui.session.settings
        assert (settings.lr, settings.seed) == (chosen.knobs["lr"], chosen.knobs["seed"])
        assert ui.session.losses[3] == dict(chosen.curve)[3]

        await ui.press("f4")
        assert isinstance(ui.app.screen, SweepBoard)
        await ui.press("escape")
        assert ui.app.screen is ui.train
    assert [row.what for row in listed().rows if "sweep" in row.what] == ["lecture sweep"]


async def test_what_cannot_be_swept_is_said(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened("lecture") as ui:
        monkeypatch.setattr(ui.app, "source", ui.app.source.__class__("inputs", "net"))
        await ui.press("f4")
        await ui.type("--lr 0.1")
        await ui.until(lambda: ui.messages)
        assert ui.messages == ["there is nothing to be swept: its weights were given"]


class Stuck(pools.Here):
    """Its first run ends, and no other."""

    def __init__(self, subject: Any, size: int | None = None, runs: int | None = None, *, niceness: int = 0) -> None:
        super().__init__(subject)
        self.begun = 0

    def submit(self, knobs: Any) -> Future[Outcome]:
        self.begun += 1
        return super().submit(knobs) if self.begun == 1 else Future()


async def test_a_sweep_that_the_app_leaves_says_how_it_goes_on(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "Processes", Stuck)
    async with opened("lecture", steps=2) as ui:
        await ui.press("f4")
        await ui.type("--seed 0..3")
        await ui.until(lambda: isinstance(ui.app.screen, SweepBoard) and len(ui.app.screen.board.outcomes) == 1)
        assert "1 of 4 runs" in ui.told(".title")
        assert "space stops" in ui.told(".keys")
    (kept,) = (row for row in listed().rows if "sweep" in row.what)
    assert ui.app.parting == f"1 of 4 runs of the sweep are kept: chainstep resume {kept.name} goes on"
