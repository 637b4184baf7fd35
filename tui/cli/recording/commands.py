"""The command that records the app while somebody uses it. Must not know how the app is opened, or what is recorded."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import opening, options
from ..guards import NoTerminalError, no_terminal
from ..prefix import Prefix, carry_out, program, refuse_screenless
from ..statuses import FAILED, UsageError

if TYPE_CHECKING:
    from ...terminal.recording import Recording

_OWN = ("--pace", "--force")

_SIGNALLED = 128
"""Statuses above it tell of a signal that has ended the app."""


@click.command(cls=Prefix, params=[options.LETTERS], short_help="The app, recorded as you use it.")
@click.argument("out", metavar="OUT.cast")
@click.argument("words", nargs=-1, metavar="[WHAT …]", type=click.UNPROCESSED)
@click.option("--pace", type=float, default=math.inf, metavar="S", help="Let no wait be longer than S seconds.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_context
def record(ctx: click.Context, out: str, words: tuple[str, ...], pace: float, force: bool) -> int:
    """Open the app on WHAT, in your terminal, and write to OUT.cast what that is sent, with its timing.

    WHAT is anything that opens the app, with its options; `asciinema play OUT.cast` shows the recording. It is written
    as you go: killed, it ends where you were, and ended by a signal or a fault a marker at its end says so.

    \b
    For example:
    chainstep record --pace 2 demo.cast moons --lr 0.5
    chainstep record product.cast expr "a*b" a=2 b=-3
    """
    from chainstep.datasets import DataError, printable

    _refuse(ctx, out, words, pace)
    path, shown = Path(out), printable(out, 200)
    if path.exists() and not force:
        raise DataError(f"{shown} is there already; --force writes over it")
    begun: list[Recording] = []

    def begin() -> Recording:
        title = printable(" ".join(["chainstep", *words]), 200)
        try:
            begun.append(_begin(path, title, pace, over=force))
        except OSError as error:
            raise DataError(f"{shown}: {(error.strerror or str(error)).lower()}") from None
        return begun[0]

    status = _recorded(ctx, words, begun, begin)
    if not begun:
        raise UsageError(f"nothing is recorded in {shown}: no screen was opened")
    return _tell(begun[0], shown, status)


def _refuse(ctx: click.Context, out: str, words: tuple[str, ...], pace: float) -> None:
    """Refuse what could not be recorded before it is done."""
    if not pace > 0.0:
        raise UsageError(f"--pace must be above 0, not {pace!r}")
    if out in program(ctx).commands or out in _examples():
        raise UsageError(f"which file? chainstep record OUT.cast {out}")
    late = next((word for word in words if word.partition("=")[0] in _OWN), None)
    if late is not None:
        raise UsageError(f"{late} comes before the file: chainstep record {late} … OUT.cast …")
    refuse_screenless(words, program(ctx).commands, "chainstep {} opens no screen that could be recorded")
    why = no_terminal() or ("a browser is none" if "TEXTUAL_DRIVER" in os.environ else "")
    if why:
        raise NoTerminalError(f"what is recorded is shown in your terminal, and {why}")


def _examples() -> tuple[str, ...]:
    from chainstep.datasets import EXAMPLES

    return tuple(EXAMPLES)


def _begin(path: Path, title: str, pace: float, *, over: bool) -> Recording:
    from ...terminal.recording import Recording

    assert sys.__stderr__ is not None  # there is a terminal
    columns, rows = os.get_terminal_size(sys.__stderr__.fileno())
    environment = {name: os.environ[name] for name in ("TERM", "COLORTERM") if name in os.environ}
    return Recording(path, (columns, rows), title, environment, pace=pace, over=over)


def _recorded(ctx: click.Context, words: tuple[str, ...], begun: list[Recording], begin: opening.Begin) -> int:
    """Carry out the words, recorded from where a screen is opened; returns the status."""
    status = FAILED
    try:
        status = carry_out(ctx, words, opening.recorder, begin)
    finally:
        for recording in begun:
            recording.close(f"ended with status {status}" if status else "")
    return status


def _tell(recording: Recording, shown: str, status: int) -> int:
    """Say what there is now; returns the status, which tells of a recording that is cut short as well."""
    from ..output import complain

    if status > _SIGNALLED:
        return status  # the terminal may be gone, and what it does not take would be an error
    length = f"{recording.seconds:.1f} s, {recording.length / 1000:.0f} kB"
    if recording.trouble is None:
        click.echo(f"{shown}: {length}; `asciinema play {shown}` shows it")
        return status
    why = (recording.trouble.strerror or str(recording.trouble)).lower()
    complain(f"{shown} ends after {length}: {why}")
    return status or FAILED
