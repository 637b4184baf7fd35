"""The command that runs a script of the user's, as click takes it. Must not know how it is run."""

from __future__ import annotations

import click

from .. import guards, opening, options


@click.command("script", hidden=True, params=[options.LETTERS])
@click.argument("file", metavar="FILE.py|FILE.ipynb")
@click.argument("arguments", nargs=-1, metavar="[-- ARGUMENT…]", type=click.UNPROCESSED)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a backward().")
@options.PYTHON
def script(file: str, arguments: tuple[str, ...], as_json: bool, python: str) -> int:
    """Run a script or a notebook of your own, as it is, and step through each of its backward() calls.

    It runs in a process of its own, in its folder; what stands behind -- are its arguments. Without a terminal the
    calls are listed.
    """
    from chainstep.datasets import printable

    from ...scripts.running import How
    from . import moments

    how = How(arguments, python)
    if as_json or guards.no_terminal():
        return moments.moments(file, how, as_json=as_json)
    session, source, notes = moments.opened(file, how)
    return opening.show(session, source, f"chainstep {printable(file, 200)} --json", None, notes)
