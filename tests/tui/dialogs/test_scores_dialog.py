"""The scores on the screen: measured beside the session, of either part. Keys to picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainstep.tui.dialogs.scores import ScoresDialog, ScoresPage
from support.sessions import numbers_of

Opened = Callable[..., Any]


async def test_a_key_shows_the_confusion_of_either_part_and_leaves_the_session_alone(opened: Opened) -> None:
    async with opened("iris", size=(80, 24)) as ui:
        before = numbers_of(ui.session)
        await ui.press("j")
        dialog = ui.app.screen
        assert isinstance(dialog, ScoresDialog)
        await ui.until(lambda: dialog._scoring.view is not None)
        shown = dialog.query_one(ScoresPage)
        rows = [strip.text.split() for strip in shown.draw(shown.snapshot, 70, 16)]
        assert [row[:2] for row in rows[1:3]] == [["▸", "test"], ["train", "120"]]
        assert rows[6][0] == "setosa"
        assert sum(int(cell) for row in rows[6:9] for cell in row[1:-1] if cell.isdigit()) == 30
        await ui.press("right")
        assert [strip.text for strip in shown.draw(shown.snapshot, 70, 16)][2].startswith("▸ train")
        await ui.press("j")
        assert ui.app.screen is ui.train
        assert numbers_of(ui.session) == before

        # A program that ends takes the panes away while it is still measured.
        await ui.press("j")
        dialog = ui.app.screen
        await dialog.query(ScoresPage).remove()
        dialog._further()
