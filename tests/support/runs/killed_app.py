"""The app at work in a terminal, killed at any moment: what it had shown a second before is there again. Must not know
how it saves.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import time
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from chainstep.tui.files import runs
from chainstep.tui.files.store.errors import RunError
from support.cases import every_case
from support.screen.processes import forked
from support.screen.terminal import ENTER, ESCAPE, LEFT, RIGHT, Terminal

LOST = 1.0
"""Seconds that may be lost."""

_KEYS = (
    *(" ", " ", " "),
    *(RIGHT, RIGHT, RIGHT + RIGHT + RIGHT, LEFT, ENTER),
    *("]", "[", "+", "-", "u"),
    f"g0{ENTER}",
    f"w{ENTER}",
    f"e0.5{ENTER}",
    f"k{RIGHT}{ESCAPE}",
)
"""Playing, stepping, going back, turning knobs, forking and editing; some of it is refused now and then."""


class _Seen(NamedTuple):
    """What the screen showed at a moment."""

    when: float
    step: int
    rate: str


def kill_app(folder: Path, count: int, seed: int) -> int:
    """Kill the app at `count` random moments while it is worked with. Each time a resume opens what was there a second
    before, nothing is damaged, and nothing strange is left. In how many something had been done; raises CaseError.
    """
    worked = 0

    def case(number: int) -> None:
        nonlocal worked
        chance = random.Random(number)
        # One run goes on through many deaths.
        state = folder / str((number - seed) // 10)
        worked += _killed(state, chance)

    every_case(count, seed, case)
    return worked


def _killed(state: Path, chance: random.Random) -> bool:
    kept = (state / "runs").exists() and any((state / "runs").iterdir())
    words = ["resume"] if kept else [chance.choice(("lecture", "moons", "iris")), "--steps", "100000000"]
    with Terminal(
        [sys.executable, "-P", "-m", "chainstep.tui", *words],
        size=(120, 36),
        env={"CHAINSTEP_STATE": str(state)},
        start=forked,
    ) as terminal:
        terminal.read_until("? help", 30)
        seen, typed = [_look(terminal)], [(time.monotonic(), "")]
        end = time.monotonic() + chance.uniform(0.0, 4.0)
        while time.monotonic() < end:
            typed.append((time.monotonic(), chance.choice(_KEYS)))
            terminal.send(typed[-1][1])
            pause = min(end, time.monotonic() + chance.choice((0.01, 0.05, 0.3, 1.2)))
            while time.monotonic() < pause:
                terminal.listen(0.03)
                seen.append(_look(terminal))
        terminal.signal(signal.SIGKILL)
        died = time.monotonic()
        terminal.wait()
    # A key of the last second may have been carried out and saved, though the screen never showed it.
    keys = "".join(keys for when, keys in typed if when > died - LOST - 0.3)
    return _is_there(state, [look for look in seen if look is not None], died, keys)


def _look(terminal: Terminal) -> _Seen | None:
    """None where the screen shows something else, such as a dialog."""
    screen = terminal.screen()
    step, rate = re.search(r"step (\d+)", screen[0]), re.search(r"lr (\S+)", screen[-2])
    return None if step is None or rate is None else _Seen(time.monotonic(), int(step[1]), rate[1])


def _is_there(state: Path, seen: list[_Seen], died: float, keys: str) -> bool:
    """Resume what was shown; whether there was anything to. `keys` are those of the last moments."""
    before = [look for look in seen if look.when < died - LOST][-1:]
    fresh = before + [look for look in seen if look.when >= died - LOST]
    with patch.dict(os.environ, CHAINSTEP_STATE=str(state)):
        try:
            resumed = runs.resume()
        except RunError:
            # Nothing was done, or only just now.
            assert runs.listed() == ([], [])
            assert not before or before[0].step == 0, before
            return False
        assert resumed.notes == [], resumed.notes
        assert resumed.file is not None
        resumed.file.close()
        session = resumed.session
        if before and not (LEFT in keys or "g0" in keys or "u" in keys):
            assert session.step >= min(look.step for look in fresh), (keys, session.step, died, fresh[::5])
        if before and not set(keys) & set("+-uk") and session.settings.schedule == "constant":
            rates = {look.rate for look in fresh}
            assert f"{session.next_settings.lr:g}" in rates, (keys, session.next_settings.lr, died, rates)
        listing = runs.listed()
        assert listing.damaged == []
        assert len(list((state / "runs").iterdir())) == len(listing.rows) == 1
    return True
