"""Anything at all is said over a socket that is shared. Must not know what a message means."""

from __future__ import annotations

from pathlib import Path

from support.cases import every_case
from support.classroom.strangers import Strangers, told

from ..registry import long_run


@long_run(count=10_000, share=12)
def follow_messages(folder: Path, count: int, seed: int) -> str:
    """Random and mutated messages over a shared socket: one line, closed, nobody hurt, and nothing shown that acts."""
    believed = 0
    with Strangers(folder) as strangers:

        def case(number: int) -> None:
            nonlocal believed
            if number % 2:
                strangers.say(number)
            else:
                believed += told(number)

        every_case(count, seed, case)
    return f"{believed} of those to followers were believed"
