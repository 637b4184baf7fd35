"""What is shown becomes files: a picture, and numbers that are exactly those of the session. Must not know any pane."""

from __future__ import annotations

import asyncio
import csv
import gc
import math
import threading
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.curve import Curve, Rates
from chainstep.engine.training.snapshot.series.series import Limits, Series
from chainstep.tui.dialogs.program import exporting
from chainstep.tui.files import export
from chainstep.tui.files.subjects.opening import open_subject
from support.sessions import numbers_of

Opened = Callable[..., Any]

ENDINGS = ("-loss.csv", "-parameters.csv", "-predictions.csv", ".svg")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(table: export.Table) -> list[str]:
    return "".join(text for _, text in export.as_csv(table)).splitlines()


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
        assert ui.messages == [f"saved {path}.svg, and beside it -loss.csv, -parameters.csv and -predictions.csv"]
        words = " ".join(ElementTree.parse(f"{path}.svg").getroot().itertext()).split()
        assert "step 12" in " ".join(words)
        rows = table(Path(f"{path}-loss.csv"))
        assert [int(row["step"]) for row in rows] == list(range(len(ui.session.losses)))
        assert array("d", (float(row["loss"]) for row in rows)) == ui.session.losses[:]
        assert {float(row["lr"]) for row in rows} == {ui.session.settings.lr}
        rows = table(Path(f"{path}-parameters.csv"))
        assert tuple(row["name"] for row in rows) == ui.session.labels
        assert tuple(float(row["data"]) for row in rows) == ui.session.parameters
        assert tuple(float(row["grad"]) for row in rows) == ui.session.run.gradients
        assert any(ui.session.run.gradients)
        rows = table(Path(f"{path}-predictions.csv"))
        assert [[row["part"], row["sample"]] for row in rows] == [["train", str(k)] for k in range(1, 5)]
        right = sum(int(row["right"]) for row in rows) / 4
        assert right == sum(row["target"] == row["prediction"] for row in rows) / 4 == ui.session.final_loss()[1]


async def test_nothing_is_overwritten_and_no_message_is_in_the_picture(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "chainstep-lecture-step0-2-loss.csv").write_text("mine")
    async with opened() as ui:
        for count in (1, 2):
            await ui.press("P")
            await ui.until(lambda count=count: len(files(tmp_path)) == 1 + 4 * count)
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
    assert lines(export.loss_table(curve)) == [
        "step,loss,accuracy,lr,test loss",
        "0,0.1,0.5,0.1,0.3",
        "1,inf,,0.1,",
        "2,,,,0.30000000000000004",
    ]


def test_what_is_left_over_of_a_quantity_is_in_its_units() -> None:
    session, _ = open_subject("geyser", overrides={"validation": 0.1})
    session.apply(Goto(3))
    predicted, scores = session.predicted(), session.scores()
    assert predicted is not None
    assert scores is not None
    head, *rows = csv.reader(lines(export.predictions_table(predicted)))
    assert head == ["part", "sample", "target", "prediction", "residual"]
    assert {row[0] for row in rows} == {"test", "validation", "train"}
    left = [float(row[4]) for row in rows if row[0] == "test"]
    assert math.sqrt(math.fsum(number * number for number in left) / len(left)) == pytest.approx(scores.rmse)
    assert [float(row[2]) - float(row[3]) for row in rows] == [float(row[4]) for row in rows]


@pytest.mark.parametrize("name", ["../a b/c: d.csv", "...", "x" * 300])
def test_any_name_of_data_makes_a_name_of_a_file(tmp_path: Path, name: str) -> None:
    session, _ = open_subject("lecture")
    snapshot = session.snapshot(export.PARTS)
    object.__setattr__(snapshot.subject, "name", name)
    path = export.export(tmp_path, lambda: "<svg/>", snapshot).picture
    assert path.parent == tmp_path
    assert path.read_text() == "<svg/>"
    assert len(files(tmp_path)) == 3


def long_run() -> Curve:
    """Twelve steps, of which the first eight are known in two stretches."""
    limits = Limits(exact=4, stretches=4, narrowest=4)
    lost = [1.0, 0.5, 2.0, 0.25, 0.2, 0.1, 0.15, 0.3, 0.11, 0.12, 0.13, 0.14]
    rates = Rates([(0, Settings(lr=0.1))])
    return Curve(12, Series(lost, limits), Series([0.5] * 12, limits), rates, (2, 4, 12), (0.7, 0.6, 0.4), (), None)


def test_what_is_known_by_stretches_is_thinned_and_says_so() -> None:
    curve = long_run()
    assert export.thinning(curve) == 4
    assert lines(export.loss_table(curve)) == [
        "step,loss,accuracy,lr,test loss,steps,lowest loss,highest loss",
        "0,1.0,0.5,0.1,,4,0.25,2.0",
        "2,,,,0.7,,,",
        "4,0.2,0.5,0.1,0.6,4,0.1,0.3",
        "8,0.11,0.5,0.1,,1,0.11,0.11",
        "9,0.12,0.5,0.1,,1,0.12,0.12",
        "10,0.13,0.5,0.1,,1,0.13,0.13",
        "11,0.14,0.5,0.1,,1,0.14,0.14",
        "12,,,,0.4,,,",
    ]


def test_a_run_of_any_length_has_few_rows() -> None:
    length = 1_000_000
    level = Series.level(512, array("d", [0.5] * (length // 512)), array("d", [0.25] * (length % 512)))
    curve = Curve(length, level, level, Rates([(0, Settings(lr=0.1))]), (), (), (), None)
    assert sum(len(text) for _, text in export.as_csv(export.loss_table(curve))) < 2**18


@pytest.fixture
def now() -> Any:
    return open_subject("lecture")[0].snapshot(export.PARTS)


def test_it_is_written_a_few_rows_at_a_time(tmp_path: Path, now: Any) -> None:
    parts: list[float] = []
    export.export(tmp_path, lambda: "<svg/>", now, progress=lambda part: parts.append(part) or True)
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    table = [(1.0, (number,)) for number in range(1_000)]
    assert [text.count("\n") for _, text in export.as_csv(table)] == [100] * 10


def test_what_is_too_much_is_refused_and_leaves_nothing(
    tmp_path: Path, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_BYTES", 2**20)
    with pytest.raises(OSError, match="it would be more than 1 MB"):
        export.export(tmp_path, lambda: "x" * 2**20, now)
    assert files(tmp_path) == set()


@pytest.mark.parametrize("parts", [0, 1, 2])
def test_what_is_dropped_leaves_nothing(tmp_path: Path, now: Any, parts: int) -> None:
    told = iter([*[True] * parts, False])
    with pytest.raises(export.DroppedError):
        export.export(tmp_path, lambda: "<svg/>", now, progress=lambda _: next(told))
    assert files(tmp_path) == set()


# --- the dialog


async def test_it_is_written_beside_the_event_loop(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    monkeypatch.setattr(export, "thinning", lambda _: threads.append(threading.current_thread()) or 128)
    async with opened() as ui:
        await ui.press("P")
        await ui.until(lambda: ui.messages)
        assert threading.main_thread() not in threads
        assert ui.app.screen is ui.train
        thinned = "-loss.csv (a row for 128 steps where they were long ago), -parameters.csv and -predictions.csv"
        assert ui.messages[0].endswith(thinned)


async def test_what_takes_long_has_a_bar_and_is_dropped_by_a_key(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SOON", 0.01)
    monkeypatch.setattr(exporting, "APART", 0.0)

    def endless(*_: object) -> Any:
        while True:
            yield 0.25, "a row\n"
            threading.Event().wait(0.001)

    monkeypatch.setattr(export, "as_csv", endless)
    async with opened(size=(80, 24)) as ui:
        await ui.press("P")
        await ui.until(lambda: ui.app.screen.is_modal and ui.app.screen.query("#bar"))
        bar = ui.app.screen.query_one("#bar")
        await ui.until(lambda: "31%" in str(bar.content))
        assert str(bar.content) == "█" * 12 + "·" * 28 + "  31%"
        await ui.press("escape")
        await ui.until(lambda: ui.messages)
        assert ui.messages == ["nothing was saved: it was dropped"]
        assert files(tmp_path) == set()


async def test_who_leaves_before_it_begins_is_told_of_no_coroutine(
    opened: Opened, recwarn: pytest.WarningsRecorder
) -> None:
    async with opened() as ui:
        ui.app.exit()
        ui.train._export()
    gc.collect()
    assert [str(told.message) for told in recwarn if told.category is RuntimeWarning] == []


async def test_who_leaves_drops_it(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object) -> Any:
        yield 0.25, "a row\n"
        while True:  # and never so much that it is refused
            yield 0.25, ""

    monkeypatch.setattr(export, "as_csv", endless)
    async with opened() as ui:
        await ui.press("P")
        await ui.until(lambda: files(tmp_path))
        ui.app.simulate_key("ctrl+q")
        while ui.app.is_running:
            await ui.pilot.pause(0)
    await asyncio.get_running_loop().shutdown_default_executor()
    assert (ui.app.return_code, files(tmp_path)) == (0, set())
