"""Sessions that soon forget: their records keep few numbers exactly, so that a short walk needs old ones. Must not
know any test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from unittest import mock

from chainstep.engine.training.commands import Command, CommandError, Movement
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.series import series
from chainstep.engine.training.snapshot.series.series import Limits

MOST_PIECES = 20_000
"""Of one movement: a search that goes round in circles fails, and does not hang."""


@contextmanager
def forgetful() -> Iterator[None]:
    """What is recorded meanwhile is soon forgotten."""
    with mock.patch.object(series, "LIMITS", Limits(exact=8, stretches=4, narrowest=2)):
        yield


def walked(begin: Callable[[], Session], commands: Sequence[Command]) -> Session:
    """A session that was told these commands, as far as it takes them."""
    session = begin()
    for command in commands:
        try:
            if isinstance(command, Movement):
                pieces = sum(1 for _ in islice(session.move(command), MOST_PIECES))
                assert pieces < MOST_PIECES, command
            else:
                session.apply(command)
        except CommandError:
            continue
    return session
