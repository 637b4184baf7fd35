"""A teacher's screen: the session is shared and no more, it is said who follows, and they are asked. Must not know how
anybody is told.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from chainstep.tui.app import ChainstepApp
from chainstep.tui.classroom.sharing.histogram import BARS, histogram
from chainstep.tui.classroom.wire import places
from chainstep.tui.files.subjects.opening import open_subject
from support.classroom.shared import Pupil
from support.sessions import standing

Opened = Callable[..., AbstractAsyncContextManager["object"]]


@pytest.mark.usefixtures("runtime")
async def test_others_look_on_while_it_is_shared_and_are_asked(opened: Opened) -> None:
    async with opened("lecture") as ui:  # type: ignore[attr-defined]
        await ui.press("f8", "f6")
        await ui.until(lambda: "looks on: F6 ends that" in ui.messages[-1])
        assert "shared" in ui.line("header")
        pupil = Pupil()
        await pupil.begin()
        await ui.until(lambda: "shared, 1 follow" in ui.line("header"))
        await ui.press("right", "enter", "f8")
        assert "in backward" in ui.messages[-1]
        await ui.press("enter", "enter", "plus", "right", "f8")
        await ui.until(lambda: "0 of 1 have answered" in ui.told("#asked"))
        await pupil.until(lambda: pupil.following.question is not None and pupil.stands(ui.session))
        assert standing(pupil.session) == standing(ui.session)
        answer = pupil.following.answered(0.125)
        assert answer is not None
        pupil.connection.say(answer)
        await ui.until(lambda: "1 of 1 have answered" in ui.told("#asked") and "0.125" in ui.told("#answers"))
        assert "=" not in ui.told("#asked")
        await ui.press("enter")
        assert f"{pupil.following.question.target} = " in ui.told("#asked")
        await pupil.until(lambda: pupil.following.question.right is not None)
        await ui.press("escape", "x")
        await ui.until(lambda: "shared, 1 follow" in ui.line("header"))
        await ui.press("f6")
        await pupil.until(lambda: pupil.following.left)
        assert "chainstep" in ui.line("header")
        assert places.shared() == []
        await pupil.end()


@pytest.mark.usefixtures("runtime")
async def test_ones_own_data_is_shared_when_that_was_said(shown: Opened, tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text("a,b\n" + "\n".join(f"{n},{n * n % 7}" for n in range(40)))
    async with shown(ChainstepApp(*open_subject(str(table), "b"))) as ui:  # type: ignore[attr-defined]
        await ui.press("f6")
        assert ui.messages[-1] == "whoever follows gets a copy of own.csv: F6 once more shares it"
        assert places.shared() == []
        await ui.press("f6")
        await ui.until(lambda: "looks on, own.csv too" in ui.messages[-1])
        pupil = Pupil()
        await pupil.begin()
        await pupil.until(lambda: pupil.following.session is not None)
        # Leave is for that table: another one is not shown, be it called so as well.
        other = tmp_path / "other" / "own.csv"
        other.parent.mkdir()
        other.write_text(table.read_text())
        await ui.app.go_over(*open_subject(str(other), "a"))
        await pupil.until(lambda: pupil.following.withheld)
        assert ui.messages[-1] == "own.csv is your own: whoever looks on does not see it"
        await pupil.end()


@pytest.mark.parametrize(
    ("answers", "right", "counts"),
    [
        ([], None, []),
        ([1.0, 2.0, 1.0], None, [2, 1]),
        ([1.0, 1.0], 3.0, [2, 0]),
        ([float(n % 20) for n in range(60)], 7.0, None),
        ([*map(float, range(20)), 1e300], 3.0, None),
    ],
)
def test_a_histogram_counts_every_answer_once(
    answers: list[float], right: float | None, counts: list[int] | None
) -> None:
    bars = histogram(answers, right)
    assert len(bars) <= BARS
    assert sum(bar.count for bar in bars) == len(answers)
    assert sum(bar.right for bar in bars) == (right is not None)
    assert all(bar.low <= right <= bar.high for bar in bars if right is not None and bar.right)
    if counts is not None:
        assert [bar.count for bar in bars] == counts
