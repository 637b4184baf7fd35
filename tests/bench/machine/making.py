"""Rows of the making of machine code: how long it takes, when it has paid, and what the event loop feels of it. Knows
sessions and who makes machine code.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterator
from functools import partial
from time import perf_counter

from chainstep.engine.training.session import Session
from chainstep.tui import native
from chainstep.tui.files.subjects.opening import open_subject

from ..rows import Goal, Row, alone, interleaved, timed

SUBJECTS: dict[str, tuple[str, dict[str, object]]] = {
    "lecture": ("lecture", {}),
    "moons": ("moons", {}),
    "moons 128-128": ("moons", {"hidden": (128, 128)}),
}

STEPS = 100
"""The first steps, whose mean says when machine code has paid."""


def making(repetitions: int) -> Iterator[Row]:
    """What it takes to make machine code, with its proof; after how many steps it has paid; and the longest gap of the
    event loop meanwhile, beside that of a loop with nothing else to do.
    """
    for name in SUBJECTS:
        got = interleaved(
            {"made": partial(_made, name), "native": partial(_step, name, True), "python": partial(_step, name, False)},
            repetitions,
        )
        note = "text, LLVM and the proof"
        yield alone(f"{name}, making machine code", "ms", got["made"], Goal(200, most=True), note)
        spared = statistics.median(got["python"]) - statistics.median(got["native"])
        steps = [1000 * took / spared for took in got["made"]]
        note = "with what the Python function would have taken; that one's own making is not counted"
        yield alone("  it has paid after", "steps", steps, None, note)
    for name in SUBJECTS:
        got = interleaved({"making": partial(_gap, name), "idle": partial(_gap, "")}, repetitions)
        yield alone(f"{name}, the loop's longest gap meanwhile", "ms", got["making"], Goal(8, most=True))
        yield alone("  that of an idle loop, in between", "ms", got["idle"], None, "what the machine does by itself")


def _opened(name: str) -> Session:
    what, knobs = SUBJECTS[name]
    return open_subject(what, None, dict(knobs))[0]


def _made(name: str) -> float:
    session = _opened(name)
    return timed(lambda: native.make(session), "ms")


def _step(name: str, natively: bool) -> float:
    """Microseconds a step of the first ones."""
    session = _opened(name)
    if natively:
        native.make(session)
    else:
        session.compilation.make()
    return timed(lambda: session.train(10**12, STEPS), "µs", STEPS)


async def _watched(session: Session | None) -> float:
    """The longest that a loop waited for its next pass, in milliseconds, while machine code was made, or for 150 ms."""
    work = asyncio.to_thread(native.make, session) if session else asyncio.sleep(0.15)
    task, longest, before = asyncio.ensure_future(work), 0.0, perf_counter()
    while not task.done():
        await asyncio.sleep(0)
        now = perf_counter()
        longest, before = max(longest, now - before), now
    return 1000 * longest


def _gap(name: str) -> float:
    return asyncio.run(_watched(_opened(name) if name else None))
