"""Hands that press anything at all, in an app without a terminal, and what must hold whatever they press. Must not know
any screen.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Coroutine, Sequence
from contextlib import chdir, suppress
from io import StringIO
from pathlib import Path
from typing import NamedTuple, TypeVar
from unittest.mock import patch
from warnings import catch_warnings

from textual import events
from textual.errors import NoWidget
from textual.geometry import Size
from textual.pilot import OutOfBounds, Pilot

from chainstep.datasets import EXAMPLES
from chainstep.engine.training.session import Session
from chainstep.tui.app import ChainstepApp
from chainstep.tui.classroom import sockets
from chainstep.tui.commands import ENTRIES
from chainstep.tui.files import saving
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from support.runs.saved import saved
from support.sessions import numbers_of

SIZES = ((1, 1), (2, 2), (5, 3), (10, 5), (19, 8), (20, 4), (100, 3), (60, 20), (80, 24), (120, 36), (250, 80))
TEXTS = (
    "0.5", "-3", "1e400", "nan", "x0 = 0.5", "3: y = 1", "loss < 0.1", "backward L1.n1", "step 7", "rising 3", "b",
    "layer 2", "16,16", "2", "all", "none", "until paused", "0", "(((", "é漢\u0301", "99999999999999999999", "fork 2",
)  # fmt: skip
KEYS = (
    *(key for entry in ENTRIES for key in entry.keys.split(",") if key not in ("q", "ctrl+q", "ctrl+z")),
    *("enter", "escape", "up", "down", "left", "right", "tab", "shift+tab", "pageup", "pagedown", "home", "end"),
    *("space", "backspace", "delete", "f2", "n", "d", "i", "u", "0", "7", "z", "ctrl+p", "ctrl+c"),
)
EXPRESSION = "an expression"
LIMIT = 60.0
"""Seconds after which a case hangs."""
DELAYS = Path("/proc/self/schedstat")
"""Where Linux tells how long the main thread has waited for a processor, in nanoseconds: the second number."""

Result = TypeVar("Result")


class HungError(AssertionError):
    """Something has not ended; says what each task waits for."""


class Pressed(NamedTuple):
    """One movement of the hands."""

    kind: str
    """`key`, `text`, `size`, `click`, or `wait`."""
    what: object


class Case(NamedTuple):
    """What is opened, at which size, and what is pressed."""

    what: str
    size: tuple[int, int]
    pressed: Sequence[Pressed]


def drawn(seed: int) -> Case:
    """A case of its own for every seed."""
    dice = random.Random(seed)
    hands = dice.choices((_key, _text, _size, _click, _wait), (12, 2, 2, 1, 3), k=dice.randint(5, 28))
    return Case(dice.choice([*EXAMPLES, EXPRESSION]), dice.choice(SIZES), [make(dice) for make in hands])


def _key(dice: random.Random) -> Pressed:
    return Pressed("key", dice.choice(KEYS))


def _text(dice: random.Random) -> Pressed:
    return Pressed("text", dice.choice(TEXTS))


def _size(dice: random.Random) -> Pressed:
    return Pressed("size", dice.choice(SIZES))


def _click(dice: random.Random) -> Pressed:
    return Pressed("click", (dice.randrange(120), dice.randrange(36)))


def _wait(dice: random.Random) -> Pressed:
    return Pressed("wait", dice.choice((0.0, 0.02, 0.1)))


def play(case: Case, folder: Path) -> None:
    """Carry out a case, leave the app by a key, and open again what was saved. Runs are kept in `folder`, which is new.

    Raises:
        Exception: the app raised it, ended with another status than 0, or came back otherwise than it was left.
    """
    folder.mkdir()
    environment = {"CHAINSTEP_STATE": str(folder / "state"), "TERM": "xterm-256color", "XDG_RUNTIME_DIR": str(folder)}
    with patch.dict(os.environ, environment), chdir(folder):
        with (
            patch.object(sockets, "TEMPORARY", str(folder)),  # others on this machine may share something
            patch.object(asyncio.BaseEventLoop, "default_exception_handler") as unheard,
            catch_warnings(record=True) as told,
        ):
            left = asyncio.run(within(LIMIT, _played(case)))
        assert not unheard.mock_calls, "something went wrong behind its back"
        assert not told, f"its user would have been told: {told[0].message}"
        if not any(map(saving._is_work, left.log)):
            return  # nothing was done that could be lost
        resumed, _ = saved()
        assert numbers_of(resumed) == numbers_of(left), "it was resumed with other bits"


async def _played(case: Case) -> Session:
    if case.what == EXPRESSION:
        app = ChainstepApp(*open_expression("(a*b + c)*f", {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}, {}))
    else:
        app = ChainstepApp(*open_subject(case.what))
    async with app.run_test(size=case.size) as pilot:
        await pilot.pause()
        for pressed in case.pressed:
            if app.return_code is None and app._exception is None:
                await press(app, pilot, pressed)
        while app.return_code is None and app._exception is None:
            app.simulate_key("ctrl+q")
            await asyncio.sleep(0.02)
    assert app.return_code == 0, f"it ended with status {app.return_code}"
    return app.runner.session


async def press(app: ChainstepApp, pilot: Pilot[None], pressed: Pressed) -> None:
    """Carry out one movement of the hands."""
    match pressed:
        case ("key", str(key)):
            app.simulate_key(key)
        case ("text", str(text)):
            for character in text:
                app.simulate_key("space" if character == " " else character)
            app.simulate_key("enter")
        case ("size", (int(columns), int(rows))):
            assert app._driver is not None
            size = Size(columns, rows)
            app._driver._size = size
            app.post_message(events.Resize(size, size))
        case ("click", (int(column), int(row))):
            with suppress(OutOfBounds, NoWidget):  # it may be smaller by now
                await pilot.click(offset=(column, row))
        case ("wait", float(seconds)):
            await asyncio.sleep(seconds)
            for _ in range(5):
                await asyncio.sleep(0)


async def within(seconds: float, work: Coroutine[None, None, Result]) -> Result:
    """Wait for work, no longer than that. The time in which it wanted a processor and got none does not count: beside a
    few busy processes one that is nice gets three thousandths of one.

    Raises:
        HungError: it has not ended.
    """
    task, due = asyncio.ensure_future(work), _awake() + seconds
    while not task.done() and (left := due - _awake()) > 0:
        await asyncio.wait([task], timeout=left)
    if task.done():
        return await task
    told = StringIO()
    for each in asyncio.all_tasks():
        each.print_stack(limit=4, file=told)
    task.cancel()
    raise HungError(f"it has not ended after {seconds:g} s\n{told.getvalue()}")


def _awake() -> float:
    """Seconds by the clock, but those of waiting for a processor, where the system counts them."""
    try:
        delay = int(DELAYS.read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError):
        delay = 0.0
    return time.monotonic() - delay
