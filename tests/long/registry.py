"""What a long run is, and how one is registered. Must not know any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Check = Callable[[Path, int, int], object]
"""(empty folder, how many cases, seed) -> what was counted, if that says more than how many cases there were. It raises
at the first case that fails: `support.cases.CaseError`, where a seed of its own leads to that case alone.
"""


@dataclass(frozen=True)
class LongRun:
    """A row: its first sentence, how many cases are wanted, and how many a test can pay for (0: other tests do)."""

    title: str
    count: int
    share: int
    check: Check


RUNS: dict[str, LongRun] = {}
"""By name. `catalogue` has imported them all."""


def long_run(*, count: int, share: int) -> Callable[[Check], Check]:
    """Register a check under its name; its docstring begins with the title."""

    def register(check: Check) -> Check:
        title = (check.__doc__ or "").strip().splitlines()[0]
        RUNS[check.__name__.replace("_", "-")] = LongRun(title, count, share, check)
        return check

    return register
