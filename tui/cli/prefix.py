"""Words that stand before others: commands before what opens the app, as nice does before a program (--kiosk, record,
web), and all of ours before a script's own. Must not know what is made of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextvars import ContextVar
from typing import TypeVar

import click

from . import opening
from .statuses import UsageError

Beside = TypeVar("Beside")


class Prefix(click.Command):
    """All that stands behind its own words is what is opened, options of that too."""

    allow_interspersed_args = False


def ours(words: Sequence[str]) -> Sequence[str]:
    """The words before those that are meant for a script."""
    return words[: words.index("--")] if "--" in words else words


def refuse_screenless(
    words: Sequence[str], commands: Collection[str], why: str, allowed: Collection[str] = opening.OPENING
) -> None:
    """Refuse words whose command opens no screen, or is not `allowed` to here; `{}` in `why` is its name.

    Raises:
        UsageError: it is one of those.
    """
    if words and words[0] in commands and words[0] not in allowed:
        raise UsageError(why.format(words[0]))


def carry_out(ctx: click.Context, words: Sequence[str], beside: ContextVar[Beside], value: Beside) -> int:
    """Carry out the words as the command line that they are, while something stands beside it; returns the status."""
    before = beside.set(value)
    try:
        with program(ctx).make_context("chainstep", list(words)) as inner:
            return int(program(ctx).invoke(inner) or 0)
    finally:
        beside.reset(before)


def program(ctx: click.Context) -> click.Group:
    """The whole command line, which has all commands by name."""
    known = ctx.find_root().command
    assert isinstance(known, click.Group)
    return known
