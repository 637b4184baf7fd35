"""A process in which somebody sits in a kiosk, presses what they are told to, and is watched: a program of its own,
since nobody takes its bars down again. `tried` starts it. Must not know what a key does.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Collection, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

if __name__ == "__main__":  # no PYTHONPATH: a kiosk takes none
    sys.path[0] = str(Path(__file__).parents[2])

from support.kiosk.reached import COMMANDS
from support.kiosk.witness import Witness
from support.screen.hands import LIMIT, Pressed, drawn, press, within

THREE = ("P", "q", "o")

_FOR_EACH = 15
"""Presses of three keys, and of any, for each command of the list that is tried."""

LURES = (
    "/etc/passwd", "../bo", "~/.ssh/authorized_keys", "[@click=app.screenshot]x[/]", "save picture", "sweep", "shell",
    "__import__('os').system('id')", "open('/tmp/x','w')", "!id", "$(id)", "x; id", "bo", "run again", "themes",
)  # fmt: skip


class Visit(NamedTuple):
    """One session: the words behind --kiosk, and what is pressed."""

    words: Sequence[str]
    pressed: Sequence[Pressed]


def of_three(seed: int, presses: int) -> Visit:
    """Presses of three keys, up to one that leaves."""
    dice = random.Random(seed)
    return Visit(["lecture"], [Pressed("key", dice.choice(THREE)) for _ in range(presses)])


def of_all(seed: int, table: str) -> Visit:
    """Anything at all, with a weight on what might lead out."""
    dice = random.Random(seed)
    case = drawn(seed)
    subjects = ["lecture", "moons", "wonderland", "neuron", table, "expr", "learn", "resume"]
    what = dice.choice(subjects)
    words = ["expr", "a*b + a", "a=2", "b=3"] if what == "expr" else [what]
    pressed = [*case.pressed]
    for _ in range(dice.randint(1, 8)):
        lure = dice.choice([*("P", "q", "o", "f4", "f5", "ctrl+z", "J", "w", "ctrl+n", "ctrl+p", "ctrl+c"), *LURES])
        pressed.insert(dice.randint(0, len(pressed)), Pressed("text" if lure in LURES else "key", lure))
    return Visit(words, pressed)


def of_each(seed: int, commands: int, table: str) -> Iterator[Visit]:
    """So many of the list's commands, on each screen that has them, with all keys of what they open."""
    from chainstep.tui.commands import ENTRIES, TRACE

    listed = {name for names in COMMANDS.values() for name in names.split()}
    some = [entry for entry in ENTRIES if entry.id in listed]
    for number in range(seed, seed + min(commands, len(some))):
        entry = some[number % len(some)]
        what = table if entry.id == "report" else "lecture"
        for screen in entry.screens:
            there = "enter w right" + " x" * (screen == TRACE)
            keys = [Pressed("key", key) for key in (*there.split(), entry.keys.split(",")[0])]
            dialog = Pressed("dialog", LURES[number % len(LURES)])
            yield Visit([what], [dialog, *keys, dialog])


class Inside:
    """Whoever sits there. What is installed may be read, and the table that the forced command may name."""

    def __init__(self, home: Path, table: Path) -> None:
        self.witness = Witness()
        self.home, self.table = home, table
        self.store = home / ".local" / "state" / "chainstep" / "kiosk" / "anna"
        self.readable = [table, *(Path(entry) for entry in (sys.prefix, sys.base_prefix, *sys.path) if entry)]
        for package in ("chainstep.engine", "chainstep.datasets", "chainstep.tui"):
            found = find_spec(package)
            assert found is not None, package
            assert found.origin is not None, package
            self.readable.append(Path(found.origin).parent)
        self.presses = 0
        self.dialogs = set[str]()
        """Those that the list has led to."""
        self.left: Any = None
        """The app that was left last."""

    def sit(self, visit: Visit) -> int:
        """Open the app as sshd would, and press; gives the status."""
        from chainstep.tui.app import ChainstepApp
        from chainstep.tui.cli import main, opening

        def run_to_end(app: ChainstepApp) -> int:
            self.left = app
            asyncio.run(within(LIMIT, self._press(app, visit)))
            return app.settle(lambda _: True)

        with (
            patch.object(ChainstepApp, "run_to_end", run_to_end),
            patch.object(opening, "require_terminal", lambda _: None),
            patch("textual._wait.SLEEP_GRANULARITY", 0.002),
        ):
            return main(["--kiosk", "--as", "anna", "--memory", "1000000", *visit.words])

    async def _press(self, app: Any, visit: Visit) -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            for pressed in visit.pressed:
                if app.leaving or app.return_code is not None or app._exception is not None:
                    break
                if pressed.kind == "dialog":
                    await self._within(app, pilot, str(pressed.what))
                else:
                    await self._one(app, pilot, pressed)
            while app.return_code is None and app._exception is None:
                app.simulate_key("ctrl+q")
                await asyncio.sleep(0.005)

    async def _within(self, app: Any, pilot: Any, lure: str) -> None:
        """All keys of the dialog that is open, if one is, as long as it is; then what lures, and out of it."""
        await pilot.pause(0.02)
        dialog = app.screen
        if not dialog.is_modal:
            return
        self.dialogs.add(type(dialog).__name__)
        own = [
            key for key, active in app.active_bindings.items() if active.node is dialog and key not in ("escape", "q")
        ]
        for one in [*(Pressed("key", key) for key in own), Pressed("text", lure)]:
            if app.screen is dialog:
                await self._one(app, pilot, one)
                await pilot.pause()
        for _ in range(9):
            if app.screen.is_modal:
                await self._one(app, pilot, Pressed("key", "escape"))
                await pilot.pause()

    async def _one(self, app: Any, pilot: Any, pressed: Pressed) -> None:
        self.presses += 1
        await press(app, pilot, pressed)
        await asyncio.sleep(0)

    def check(self) -> None:
        """What must hold, whatever was pressed.

        Raises:
            AssertionError: it does not.
        """
        trespasses = self.witness.trespasses(self.store, self.readable)
        assert not trespasses, trespasses

    def three(self, seed: int, presses: int) -> int:
        """So many presses of three keys; gives the sessions that took."""
        from chainstep.tui.files.store.reading import list_runs

        sessions = 0
        while self.presses < presses:
            assert self.sit(of_three(seed + sessions, presses - self.presses)) == 0
            session = self.left.runner.session
            assert (session.step, session.op, [*session.log]) == (0, 0, []), "something has changed"
            assert not list_runs(self.store / "runs").runs
            sessions += 1
        self.check()
        return sessions

    def each(self, seed: int, commands: int) -> int:
        """The list, in sessions of which it gives the number."""
        sessions = 0
        for visit in of_each(seed, commands, str(self.table)):
            self._sit(visit, {0}, "the list")
            sessions += 1
        return sessions

    def all(self, seed: int, presses: int) -> int:
        """So many presses of anything; likewise."""
        sessions = self.presses = 0
        while self.presses < presses:
            self._sit(of_all(seed + sessions, str(self.table)), {0, 2}, f"seed {seed + sessions}")
            sessions += 1
        return sessions

    def _sit(self, visit: Visit, statuses: Collection[int], name: str) -> None:
        """Sit and check; whatever goes wrong says what was pressed."""
        try:
            status = self.sit(visit)
            assert status in statuses, status
            self.check()
        except BaseException as error:
            error.add_note(f"{name}: {visit}")
            raise


def main(home: str, table: str, seed: int, presses: int) -> None:
    sitting = Inside(Path(home), Path(table))
    sessions = sitting.three(seed, presses)
    sessions += sitting.each(seed, presses // _FOR_EACH)
    sessions += sitting.all(seed, presses)
    seen = sitting.witness
    counted = {"sessions": sessions, "dialogs": len(sitting.dialogs), "read": len(seen.read)}
    found = {**counted, "written": len(seen.written)}
    sys.stdout.write(f"{json.dumps(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
