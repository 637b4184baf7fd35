"""A program: the app, which saves by itself in every other period of its playing, and writes down how far it came in
each.

`python saving.py EXAMPLE FILE`. The app must not know; this knows the runner, and where a saver is told of changes.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from chainstep.tui.app import ChainstepApp
from chainstep.tui.cli import entry as cli
from chainstep.tui.files.saving import Saver

PERIOD = 2.0

periods: list[tuple[bool, int, float, float]] = []
"""Whether it saved, how many steps it took, and in how many seconds, of the clock and of all its threads."""
saves = False


async def watch(app: ChainstepApp) -> None:
    """Let it save, and let it not, in turn."""
    global saves
    while True:
        await asyncio.sleep(PERIOD / 4)  # what was begun before is over
        step, began, used = app.runner.session.step, perf_counter(), process_time()
        await asyncio.sleep(PERIOD)
        if app.runner.playing:
            periods.append((saves, app.runner.session.step - step, perf_counter() - began, process_time() - used))
        saves = not saves


def main() -> None:
    what, file = sys.argv[1:]
    changed, mounted, watching = Saver.changed, ChainstepApp.on_mount, set()

    def now_and_then(saver: Saver, *, soon: bool = False) -> None:
        if saves or soon:
            changed(saver, soon=soon)

    def on_mount(app: ChainstepApp) -> None:
        mounted(app)
        watching.add(asyncio.create_task(watch(app)))

    Saver.changed = now_and_then  # type: ignore[method-assign]
    ChainstepApp.on_mount = on_mount  # type: ignore[method-assign]
    cli.main([what, "--steps", "100000000"])
    Path(file).write_text(json.dumps(periods))


main()
