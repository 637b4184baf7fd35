"""A program's main function called inside the test: what it printed, and its status. Must not know which program."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest


class Ran(NamedTuple):
    """What a run of the program came to."""

    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Its output as JSON lines, with nothing in them that JSON does not have."""

        def refuse(text: str) -> float:
            raise AssertionError(f"{text} is not JSON")

        return [json.loads(line, parse_constant=refuse) for line in self.out.splitlines()]


Run = Callable[..., Ran]
"""Arguments -> what came of them."""


def runner(main: Callable[[Sequence[str]], int], capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `main` with pipes for stdout and stderr."""

    def run(*arguments: str) -> Ran:
        status = main(arguments)
        return Ran(status, *capfd.readouterr())

    return run


def close(number: float) -> Any:
    """The number, as far as printing and another order of sums leave it."""
    return pytest.approx(number, rel=1e-9)
