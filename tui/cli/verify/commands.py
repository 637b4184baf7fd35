"""The command that judges engines, as click takes it. Must not know how code is run or judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import guards, opening, options

if TYPE_CHECKING:
    from .judged import Judged


@click.command(params=[options.LETTERS], short_help="Anybody's Value class against the truth.")
@click.argument("engines", nargs=-1, required=True, metavar="FILE.py|MODULE[:CLASS]…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: every check, and an end for each file.")
@click.option("--html", metavar="OUT", help="Write a page about all of them, too.")
@click.option(
    "--open", "opens", is_flag=True, help="Open what is wrong in the app: yours, and beside it what is right."
)
@options.PYTHON
def verify(engines: tuple[str, ...], as_json: bool, html: str | None, opens: bool, python: str) -> int:
    """Check the Value class of each FILE.py or MODULE, and its MLP if it has one: values and gradients of every op.

    The file is run, as Python would run it: it is your own code. It runs in a process of its own with a limit on time
    and memory, in its folder, without a terminal. Of a folder, each Python file is checked.

    \b
    right    the number is right
    wrong    it is not; what kind of mistake gives just this number, and where
    raises   it ends in an exception where there is an answer; no failure
    missing  the engine does not do that; no fault
    choice   where others answer differently, too; what they answer is said

    The status is 1 if a verdict is wrong, 2 if a file could not be run, else 0.
    """
    from chainstep.datasets import printable

    from .verify import verify

    if not opens:
        return verify(engines, python=python, as_json=as_json, html=html)
    instead = f"chainstep verify {printable(' '.join(engines), 200)}"
    guards.require_terminal(instead)
    done: list[Judged] = []
    status = verify(engines, python=python, as_json=as_json, html=html, done=done)
    if done:
        _open_failing(done, python, instead)
    return status


def _open_failing(done: Sequence[Judged], python: str, instead: str) -> None:
    """Show the smallest expression that an engine gets wrong, where the numbers first part."""
    from tempfile import TemporaryDirectory  # no other command waits for it

    from ...files.subjects.script import on_difference
    from ..output import complain
    from .failing import failing

    with TemporaryDirectory() as folder:
        found = failing(done, python, Path(folder))
        if found is None:
            complain("there is nothing wrong that a single expression shows")
            return
        session, source = on_difference(found.recording, str(found.script), found.how.to_json())
        opening.show(session, source, instead, None, [found.why] if found.why else [], traces=True)
