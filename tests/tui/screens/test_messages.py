"""Messages: one line at the foot of the screen, for a while. Must not know what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainstep.tui.app import ChainstepApp
from chainstep.tui.dialogs.base.foot import Foot
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.text.status_lines import Said
from chainstep.tui.screens import saying
from support.screen.drawing import painted

Opened = Callable[..., Any]

LONG = "a map needs data with two inputs, as moons, spiral and xor have, and a terminal that has the room to draw it in"


async def settled(ui: Any) -> None:
    """Wait until nothing is left to be painted: a screen that was just opened is laid out more than once."""
    quiet = 0
    while quiet < 5:
        await ui.pilot.pause()
        quiet = 0 if painted(ui.app) else quiet + 1


@pytest.mark.parametrize("keys", [(), ("x",)], ids=["train", "trace"])
async def test_a_message_has_the_room_of_the_keys_and_no_other(opened: Opened, keys: tuple[str, ...]) -> None:
    async with opened() as ui:
        await ui.press(*keys, "right")

        before = ui.app.stage.children[-1].region, ui.rows("knobs"), ui.rows("keys")
        stage = ui.app.stage
        await settled(ui)
        stage.say("this is fork 1 now: W compares")
        await ui.pilot.pause()
        assert painted(ui.app) == {ui.app.size.height - 1}
        assert ui.rows("keys")[0].strip() == "this is fork 1 now: W compares"
        assert ui.rows("knobs") == before[1]
        await ui.press("right")  # read, or of before
        assert ui.rows("keys") == before[2]

        stage.say(LONG, True)
        await ui.pilot.pause()
        two = ui.rows("knobs")[0].strip(), ui.rows("keys")[0].strip()
        assert " ".join(two) == f"! {LONG}"
        stage.say("what is right gives way", False)
        assert stage.said.text == LONG
        stage.say("what is wrong and newer does not", True)
        painted(ui.app)
        stage.unsay()
        await ui.pilot.pause()
        assert painted(ui.app) == {ui.app.size.height - rows for rows in (1, 2)}
        assert (ui.rows("knobs"), ui.rows("keys")) == before[1:]


async def test_it_ends_by_a_key_or_by_itself_and_an_error_is_not_wiped_away(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saying, "STAYS", 0.01)
    async with opened() as ui:
        ui.train.say("a while")
        assert ui.train.said
        await ui.until(lambda: ui.train.said is None)
        monkeypatch.setattr(saying, "STAYS", 4.0)
        await ui.press("1")
        assert ui.train.said == Said("1 2 3 turn the answers of a card: wonderland has one, o opens it", True)
        await ui.press("2", "3", "right")
        assert ui.train.said.wrong
        await ui.press("f")
        assert ui.train.said.text == "L1.n1.w0 is frozen: updates leave it alone"
        await ui.press("right")
        assert ui.train.said is None
        monkeypatch.setattr(saying, "STANDS", 0.01)
        await ui.press("1", "right")
        await ui.until(lambda: ui.train.said is None)


async def test_what_there_is_to_say_first_is_said_first() -> None:
    app = ChainstepApp(*open_subject("lecture"), notes=["--momentum has no effect", "--nesterov neither"])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.train.said == Said("--momentum has no effect; --nesterov neither", True)


async def test_a_dialog_hides_none_that_matters(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("g")
        dialog = ui.app.screen
        place = dialog.query_one(".dialog").region
        ui.app.stage.say("the run cannot be saved: the disk is full", True)
        await ui.until(lambda: dialog.query(Foot))
        await ui.pilot.pause()
        (foot,) = dialog.query(Foot)
        assert "the disk is full" in " ".join(ui.text(foot))
        assert foot.region.bottom == 24
        assert foot.region.height == 1
        assert dialog.query_one(".dialog").region == place
        await ui.press("escape")
        assert "the disk is full" in ui.rows("keys")[0]
        # What Textual has to say is said there, too.
        ui.app.notify("it is told by Textual", severity="warning")
        assert ui.train.said == Said("it is told by Textual", True)
