"""A script's Trace: its own numbers with what is right beside them, and that all of it has room. Must not know how it
is drawn.
"""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from chainstep.tui.app import ChainstepApp
from chainstep.tui.files.subjects.script import on_difference
from support.screen.drawing import spelt, strips_of
from support.screen.geometry import faults
from support.scripts.scenes import assigned


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_your_numbers_and_what_is_right(
    size: tuple[int, int], snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    app = ChainstepApp(*on_difference(assigned(), "my_micrograd.py"), traces=True)
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("right", "right")
        await pilot.pause()
        assert spelt(strips_of(app), app.current_theme) == snapshot
        assert faults(app.screen) == []
