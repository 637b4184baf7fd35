"""Long work in a thread: everything is as it was before, however many there were. Must not know what works."""

from __future__ import annotations

import asyncio
import gc
import sys

import pytest

from chainstep.tui.playback.laying.aside import aside, free


async def test_the_collector_rests_until_all_work_is_done() -> None:
    interval = sys.getswitchinterval()
    inside = await asyncio.gather(aside(gc.isenabled), aside(gc.isenabled))
    assert inside == [False, False]
    with pytest.raises(ZeroDivisionError):
        await aside(divmod, 1, 0)
    assert gc.isenabled()
    assert sys.getswitchinterval() == interval


def test_rows_are_let_go_of() -> None:
    rows: list[list[object]] = [[(float(k),) for k in range(5_000)], []]
    free(rows)
    assert rows == [[], []]
