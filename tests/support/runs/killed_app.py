"""The app at work in a terminal, killed at any moment: what it had shown or done a second before is there again. Must
not know how it saves.
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

from chainstep.engine.training.session import Session
from chainstep.tui.files import runs
from chainstep.tui.files.store.errors import RunError
from chainstep.tui.files.subjects.opening import open_subject
from support.cases import every_case
from support.screen.processes import forked
from support.screen.terminal import DOWN, ENTER, ESCAPE, LEFT, RIGHT, Terminal

from . import witness
from .witness import Done, done

LOST = 1.0
"""Seconds that may be lost."""

_APP = "import runpy, sys; del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"

_KEYS = (
    *(" ", " ", " "),
    *(RIGHT, RIGHT, RIGHT + RIGHT + RIGHT, LEFT, ENTER),
    *("]", "[", "+", "-", "u", "U"),
    f"g0{ENTER}",
    f"w{ENTER}",
    f"W{DOWN}{ENTER}",
    f"Wn77{ENTER}{ESCAPE}",
    f"W{DOWN}d{ESCAPE}",
    f"e0.5{ENTER}",
    f"Ex0 = 0.5{ENTER}",
    f"k{RIGHT}{ESCAPE}",
    f"bloss < 0.01{ENTER}{ESCAPE}",
)
"""Playing, stepping, going back, turning knobs, editing numbers and samples, taking back, forking, naming and dropping
forks; some of it is refused now and then.
"""


class _Seen(NamedTuple):
    """What the screen showed at a moment."""

    when: float
    step: int
    rate: str


class Counted(NamedTuple):
    """What was tried."""

    worked: int
    """Deaths before which something had been done that is worth a file."""
    done: int
    """Edits, forks and places to stop that had been made, changed or taken back."""
    oldest: float
    """Seconds between the oldest of these that was not there again, and the death; 0 where all were."""

    def __str__(self) -> str:
        lost = f"the oldest one lost was {self.oldest * 1e3:.0f} ms old" if self.oldest else "none was lost"
        return f"something had been done in {self.worked}; of {self.done} edits and forks {lost}"


def kill_app(folder: Path, count: int, seed: int) -> Counted:
    """Kill the app at `count` random moments while it is worked with. Each time a resume opens what was there a second
    before, with every edit and fork, nothing is damaged, and nothing strange is left. Raises CaseError.
    """
    counted = Counted(0, 0, 0.0)
    there: dict[Path, str] = {}

    def case(number: int) -> None:
        nonlocal counted
        chance = random.Random(number)
        # One run goes on through many deaths.
        state = folder / str((number - seed) // 10)
        death = _killed(state, chance, there.get(state))
        resumed = _resumed(state, death)
        if resumed is None:
            assert state not in there, "a run is gone"
            counted = counted._replace(done=counted.done + len(death.done))
            return
        there[state] = done(resumed)
        late = _is_done(death, there[state])
        counted = Counted(counted.worked + 1, counted.done + len(death.done), max(counted.oldest, late))

    every_case(count, seed, case)
    return counted


class _Death(NamedTuple):
    """The end of an app, and what went before."""

    when: float
    seen: list[_Seen]
    keys: str
    """Those of the last moments: they may have been carried out and saved, though the screen never showed it."""
    before: str
    """What had been done when it began."""
    done: list[Done]
    """What was done from then on."""


def _killed(state: Path, chance: random.Random, before: str | None) -> _Death:
    """Begin in a folder, or go on with the run in which `before` had been done, and be killed."""
    words = ["resume"]
    if before is None:
        what = chance.choice(("lecture", "moons", "iris"))
        words, before = [what, "--steps", "100000000"], done(open_subject(what)[0])
    state.mkdir(parents=True, exist_ok=True)
    written = state / "done"
    written.unlink(missing_ok=True)
    with Terminal(
        [sys.executable, "-P", "-c", _APP, witness.__file__, str(written), *words],
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
    keys = "".join(keys for when, keys in typed if when > died - LOST - 0.3)
    return _Death(died, [look for look in seen if look is not None], keys, before, witness.read(written))


def _look(terminal: Terminal) -> _Seen | None:
    """None where the screen shows something else, such as a dialog."""
    screen = terminal.screen()
    step, rate = re.search(r"step (\d+)", screen[0]), re.search(r"lr (\S+)", screen[-2])
    return None if step is None or rate is None else _Seen(time.monotonic(), int(step[1]), rate[1])


def _resumed(state: Path, death: _Death) -> Session | None:
    """Resume what was shown; None where there was nothing to."""
    before = [look for look in death.seen if look.when < death.when - LOST][-1:]
    fresh = before + [look for look in death.seen if look.when >= death.when - LOST]
    with patch.dict(os.environ, CHAINSTEP_STATE=str(state)):
        try:
            resumed = runs.resume()
        except RunError:
            # Nothing was done, or only just now.
            assert runs.listed() == ([], [], [])
            assert not before or before[0].step == 0, before
            assert all(what == death.before for when, what in death.done if when < death.when - LOST), death.done
            return None
        assert resumed.notes == [], resumed.notes
        assert resumed.file is not None
        resumed.file.close()
        listing = runs.listed()
        assert listing.damaged == []
        assert len(list((state / "runs").iterdir())) == len(listing.rows) == 1
    _is_as_far(resumed.session, before, fresh, death)
    return resumed.session


def _is_as_far(session: Session, before: list[_Seen], fresh: list[_Seen], death: _Death) -> None:
    """The session stands where the screen has shown it, or further, with the rate that it has shown."""
    keys = death.keys
    if before and not (LEFT in keys or "g0" in keys or set(keys) & set("uUWw")):
        assert session.step >= min(look.step for look in fresh), (keys, session.step, death.when, fresh[::5])
    if before and not set(keys) & set("+-uUkWw") and session.settings.schedule == "constant":
        rates = {look.rate for look in fresh}
        assert f"{session.next_settings.lr:g}" in rates, (keys, session.next_settings.lr, death.when, rates)


def _is_done(death: _Death, there: str) -> float:
    """What was done a second before, or something later, is there. How old the oldest thing is that is not."""
    states = [Done(0.0, death.before), *death.done]
    newest = max((place for place, state in enumerate(states) if state.what == there), default=None)
    assert newest is not None, f"never done: {there}; but {states}"
    lost = [death.when - when for when, _ in states[newest + 1 :]]
    assert all(age <= LOST for age in lost), f"lost for {lost} s: {states[newest + 1 :]}"
    return max(lost, default=0.0)
