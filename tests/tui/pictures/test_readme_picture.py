"""The README's picture is what the app draws today. Knows one scene; `CHAINSTEP_DRAW=1 pytest` here draws it anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chainstep.tui.app import ChainstepApp
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.terminal.picture import standing_alone

PICTURE = Path(__file__).with_name("lecture.svg")


@pytest.mark.usefixtures("quick")
async def test_the_readme_shows_the_app_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path))
    for name, value in (("LC_ALL", "C.UTF-8"), ("TERM", "xterm-256color"), ("COLORTERM", "truecolor")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = ChainstepApp(*open_subject("lecture"))
    async with app.run_test(size=(120, 36)) as pilot:
        for key in (*["right_square_bracket"] * 5, *["right"] * 6, *["left_square_bracket"] * 5, *["enter"] * 3):
            await pilot.press(key)
        for _ in range(38):
            await pilot.press("right")
        await pilot.pause()
        drawn = standing_alone(app.export_screenshot(title="chainstep lecture", simplify=True))
    if os.environ.get("CHAINSTEP_DRAW"):
        PICTURE.write_text(drawn, encoding="utf-8")
    assert drawn == PICTURE.read_text(encoding="utf-8")
