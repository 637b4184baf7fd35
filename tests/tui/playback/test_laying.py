"""A large network is laid out beside the loop, and the session stands as it did until it is there. Must not know
panes.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from threading import Event, get_ident
from typing import Any

import pytest

from chainstep.engine.training.commands import Reseed, SetKnob
from chainstep.engine.training.forks import editing
from chainstep.engine.training.run import begin
from support.sessions import numbers_of

Opened = Callable[..., AbstractAsyncContextManager[Any]]


async def test_a_large_network_is_laid_out_beside_the_loop(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "LARGE", 100)
    monkeypatch.setattr("chainstep.tui.playback.laying.laying._PAUSE", 0.001)
    built, go, threads = begin.build, Event(), list[int]()

    def slowly(subject: Any, settings: Any) -> Any:
        threads.append(get_ident())
        assert go.wait(20)
        return built(subject, settings)

    monkeypatch.setattr(editing, "build", slowly)
    async with opened("lecture", steps=9) as ui:
        before, runner = numbers_of(ui.session), ui.app.runner
        assert runner.send(SetKnob("hidden", (12, 12)))
        await ui.until(lambda: "laying out the network: 0 %; space leaves it" in ui.messages)
        assert (runner.working, numbers_of(ui.session)) == (True, before)
        await ui.press("space")  # the way out
        assert not runner.working
        assert not runner.playing
        go.set()

        assert runner.send(SetKnob("hidden", (12, 12)))
        await ui.until(lambda: not runner.working)
        assert ui.session.settings.hidden == (12, 12)
        assert len(ui.session.parameters) == 4 * 12 + 13 * 12 + 13
        await ui.until(gc.isenabled)  # the thread that was left may come to its end behind the other
        assert runner.send(Reseed(5))
        await ui.until(lambda: ui.session.settings.seed == 5)
        assert get_ident() not in threads

        # What is refused is refused at once, and what is small needs no thread.
        count = len(threads)
        assert runner.attempt(SetKnob("hidden", (0,)))
        assert runner.send(SetKnob("lr", 0.5))
        assert not runner.working
        assert len(threads) == count


def test_what_was_laid_out_is_used_once_and_only_for_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    from chainstep.tui.files.subjects.opening import open_subject

    monkeypatch.setattr(editing, "LARGE", 100)
    session, twin = (open_subject("xor")[0] for _ in range(2))
    work = session.laying(SetKnob("hidden", (12, 12)))
    assert work is not None
    work()
    assert session.laying(SetKnob("hidden", (12, 12))) is None
    assert session.laying(SetKnob("hidden", (12, 13))) is not None
    for command in (SetKnob("hidden", (12, 11)), SetKnob("hidden", (12, 12))):
        session.apply(command)
        twin.apply(command)
        assert numbers_of(session) == numbers_of(twin)
    assert session.laying(SetKnob("hidden", (12, 12))) is None  # it is so already
    assert session.laying(SetKnob("hidden", ())) is None
    assert session.laying(SetKnob("hidden", (-1,))) is None
