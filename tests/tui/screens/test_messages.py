"""Where messages appear: what tells what happens stays readable beneath them. Must not know what they say."""

from __future__ import annotations

import pytest
from textual.geometry import Region
from textual.widgets._toast import Toast

from chainstep.tui.app import ChainstepApp
from chainstep.tui.files.subjects import open_subject


@pytest.mark.parametrize("size", [(200, 60), (120, 36), (80, 24), (60, 20), (40, 16)])
@pytest.mark.parametrize("keys", [(), ("x",)], ids=["train", "trace"])
async def test_messages_leave_the_rule_the_knobs_and_the_keys_alone(
    size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    app = ChainstepApp(*open_subject("lecture"))
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press(*keys, "right")
        app.stage.say("this is fork 1 now: its past is shared, its knobs are its own; W compares")
        app.stage.say("a map needs data with two inputs, as moons, spiral and xor have", True)
        while len(app.screen.query(Toast)) < 2:
            await pilot.pause(0)
        await pilot.pause()
        places = [toast.region for toast in app.screen.query(Toast)]
        assert all(app.screen.region.contains_region(place) and place.area for place in places)
        for pane in ("header", "chain-rule", "knobs", "keys"):
            kept: Region = app.stage.query_one(f"#{pane}").region
            assert kept.area
            assert not any(place.overlaps(kept) for place in places)


async def test_what_there_is_to_say_first_is_said_first() -> None:
    app = ChainstepApp(*open_subject("lecture"), notes=["--momentum has no effect"])
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        while not app.screen.query(Toast):
            await pilot.pause(0)
        assert [note.message for note in app._notifications] == ["--momentum has no effect"]


async def test_a_message_leaves_a_dialog_alone() -> None:
    app = ChainstepApp(*open_subject("lecture"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("a", "g")
        await pilot.pause()
        assert not app.screen.query(Toast)  # it was about what is behind the dialog
        app.stage.say("a step is a number, such as 12", True)
        while not app.screen.query(Toast):
            await pilot.pause(0)
        await pilot.pause()
        (toast,) = app.screen.query(Toast)
        assert not toast.region.overlaps(app.screen.query_one(".dialog").region)
