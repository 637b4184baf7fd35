"""What is shown becomes files: a picture, and numbers that are exactly those of the session. Must not know any pane."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.curve import Curve, Rates
from chainstep.engine.training.snapshot.series.series import Series
from chainstep.tui.files import export
from chainstep.tui.files.subjects import open_subject
from support.sessions import numbers_of

Opened = Callable[..., Any]

ENDINGS = ("-loss.csv", "-parameters.csv", ".svg")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(stem: str) -> set[str]:
    return {stem + ending for ending in ENDINGS}


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("screen", ["train", "trace"])
async def test_the_screen_and_its_numbers_are_saved(opened: Opened, tmp_path: Path, screen: str) -> None:
    async with opened() as ui:
        ui.session.apply(Goto(12, 150))
        if screen == "trace":
            await ui.press("x")
        await ui.press("P")
        await ui.until(lambda: ui.messages)
        assert files(tmp_path) == named("chainstep-lecture-step12")
        path = tmp_path / "chainstep-lecture-step12"
        assert ui.messages == [f"saved {path}.svg, and beside it -loss.csv and -parameters.csv"]
        text = "".join(ElementTree.parse(f"{path}.svg").getroot().itertext()).replace("\xa0", " ")
        assert "step 12" in text
        rows = table(Path(f"{path}-loss.csv"))
        assert [int(row["step"]) for row in rows] == list(range(len(ui.session.losses)))
        assert array("d", (float(row["loss"]) for row in rows)) == ui.session.losses[:]
        assert {float(row["lr"]) for row in rows} == {ui.session.settings.lr}
        rows = table(Path(f"{path}-parameters.csv"))
        assert tuple(row["name"] for row in rows) == ui.session.labels
        assert tuple(float(row["data"]) for row in rows) == ui.session.parameters
        assert tuple(float(row["grad"]) for row in rows) == ui.session.run.gradients
        assert any(ui.session.run.gradients)


async def test_nothing_is_overwritten_and_no_message_is_in_the_picture(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "chainstep-lecture-step0-2-loss.csv").write_text("mine")
    async with opened() as ui:
        for count in (1, 2):
            await ui.press("P")
            await ui.until(lambda count=count: len(files(tmp_path)) == 1 + 3 * count)
            await ui.until(lambda: ui.messages)
            await ui.pilot.pause()
        first, third = "chainstep-lecture-step0", "chainstep-lecture-step0-3"
        assert files(tmp_path) == named(first) | named(third) | {"chainstep-lecture-step0-2-loss.csv"}
        assert (tmp_path / "chainstep-lecture-step0-2-loss.csv").read_text() == "mine"
        assert "saved" not in (tmp_path / f"{third}.svg").read_text(encoding="utf-8")


async def test_a_folder_that_cannot_be_written_is_said_in_one_line(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_path = Path.open

    def refuse(path: Path, mode: str = "r", **options: Any) -> Any:
        # The second file: of the first nothing is to be left. (A folder's mode would not keep root out.)
        if path.name.endswith("-loss.csv"):
            raise PermissionError(13, "Permission denied")
        return open_path(path, mode, **options)

    monkeypatch.setattr(Path, "open", refuse)
    async with opened() as ui:
        bits = numbers_of(ui.session)
        await ui.press("P")
        await ui.until(lambda: ui.messages)
        assert ui.messages == ["nothing was saved here: Permission denied"]
        assert files(tmp_path) == set()
        assert numbers_of(ui.session) == bits


async def test_saving_pauses_so_that_picture_and_numbers_are_of_one_moment(opened: Opened, tmp_path: Path) -> None:
    async with opened(steps=1_000_000) as ui:
        await ui.tap("space", lambda: ui.session.step > 20)
        await ui.tap("P", lambda: ui.messages)
        assert not ui.train.playing
        path = tmp_path / f"chainstep-lecture-step{ui.session.step}-parameters.csv"
        assert tuple(float(row["data"]) for row in table(path)) == ui.session.parameters


def test_test_losses_stand_at_their_steps_and_what_means_nothing_is_empty() -> None:
    lost, right, lr = Series([0.1, float("inf")]), Series([0.5, float("nan")]), Rates([(0, Settings(lr=0.1))])
    curve = Curve(2, lost, right, lr, (0, 2), (0.3, 0.1 + 0.2), (), None)
    assert export.loss_table(curve).splitlines() == [
        "step,loss,accuracy,lr,test loss",
        "0,0.1,0.5,0.1,0.3",
        "1,inf,,0.1,",
        "2,,,,0.30000000000000004",
    ]


@pytest.mark.parametrize("name", ["../a b/c: d.csv", "...", "x" * 300])
def test_any_name_of_data_makes_a_name_of_a_file(tmp_path: Path, name: str) -> None:
    session, _ = open_subject("lecture")
    snapshot = session.snapshot(export.PARTS)
    object.__setattr__(snapshot.subject, "name", name)
    path = export.export(tmp_path, "<svg/>", snapshot)
    assert path.parent == tmp_path
    assert path.read_text() == "<svg/>"
    assert len(files(tmp_path)) == 3
