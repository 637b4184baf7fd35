"""A program: the app with a timer beside it that writes down how late it was, and whether a frame was made meanwhile.

`python ticking.py EXAMPLE FILE`. The app must not know; this knows the runner and where Textual paints.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter

from chainstep.tui.app import ChainstepApp
from chainstep.tui.cli import entry as cli
from chainstep.tui.panes.strip_pane import StripPane
from chainstep.tui.playback.runner import Runner

PERIOD = 0.01

ticks: list[tuple[float, float, bool]] = []
"""When, how many seconds late, and whether a picture was drawn or painted while it waited."""
frames = 0


async def tick(app: ChainstepApp) -> None:
    """Wait, and write down, while it plays."""
    while True:
        before, began = frames, perf_counter()
        await asyncio.sleep(PERIOD)
        now = perf_counter()
        if app.runner.playing:
            ticks.append((now, now - began - PERIOD, frames != before))


def counted(owner: type, name: str) -> None:
    """Count the calls of a method as frames."""
    method = getattr(owner, name)

    def called(*given: object, **named: object) -> object:
        global frames
        frames += 1
        return method(*given, **named)

    setattr(owner, name, called)


def main() -> None:
    what, file = sys.argv[1:]
    counted(Runner, "show")
    counted(StripPane, "redraw")
    counted(ChainstepApp, "_display")
    mounted, ticking = ChainstepApp.on_mount, set()

    def on_mount(app: ChainstepApp) -> None:
        mounted(app)
        ticking.add(asyncio.create_task(tick(app)))

    ChainstepApp.on_mount = on_mount  # type: ignore[method-assign]
    cli.main([what, "--steps", str(10**12)])
    Path(file).write_text(json.dumps(ticks))


main()
