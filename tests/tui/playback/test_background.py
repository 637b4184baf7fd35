"""Work in the background: one piece at a time, of which the end is told. Must not know what works there."""

from __future__ import annotations

import asyncio

import pytest

from chainstep.tui.playback.background import Background


async def test_the_end_is_told_when_nothing_is_under_way_any_more() -> None:
    background, told = Background(), []

    async def work() -> None:
        told.append(background.busy)
        await asyncio.sleep(0)

    background.start(work, lambda: told.append(background.busy))
    assert background.busy
    assert background.task is not None
    await background.task
    assert told == [True, False]


async def test_what_is_left_is_never_told_of_and_makes_room_for_other_work() -> None:
    background, told = Background(), []

    async def work(name: str) -> None:
        await asyncio.sleep(0)
        told.append(name)

    assert not background.cancel()
    background.start(lambda: work("never begun"), lambda: told.append("its end"))
    background.start(lambda: work("left"), lambda: told.append("its end"))
    first = background.task
    assert first is not None
    await asyncio.sleep(0)
    background.start(lambda: work("other"), lambda: told.append("other's end"))
    assert background.task not in (first, None)
    await asyncio.wait([first, background.task])
    assert first.cancelled()
    assert not background.busy
    assert told == ["other", "other's end"]


async def test_work_that_fails_is_under_way_no_more_and_its_end_is_not_told() -> None:
    background, told = Background(), []

    async def work() -> None:
        raise ArithmeticError("of its own")

    background.start(work, lambda: told.append("end"))
    assert background.task is not None
    with pytest.raises(ArithmeticError, match="of its own"):
        await background.task
    assert not background.busy
    assert told == []


async def test_closing_waits_until_it_has_cleared_up() -> None:
    background, cleared = Background(), []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            cleared.append(True)

    background.start(work)
    await asyncio.sleep(0)
    await background.close()
    assert cleared == [True]
    assert not background.busy
    await background.close()
