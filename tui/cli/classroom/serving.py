"""`chainstep class`: opens a class that sessions on this account join, or tells who sits in it. Must not know how a
terminal is handed over.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from .. import options
from ..statuses import UsageError

if TYPE_CHECKING:
    from ..statuses import Main


@click.command("class", params=[options.LETTERS], short_help="One process that starts all sessions here.")
@click.option("--list", "listing", is_flag=True, help="Tell who sits in the class that is open, instead.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: whoever comes and goes, or sits there.")
@click.pass_obj
def class_(main: Main, listing: bool, as_json: bool) -> int:
    """Open a class: one process that has everything loaded, of which each session takes a copy.

    While it runs, `chainstep WHAT` on this account joins it by itself, over SSH too: sessions begin at once, and take
    half the memory. Those who play give way to those who step. ctrl+c closes it; sessions go on to their own ends.
    """
    from ...classroom.serving.server import ClassError

    try:
        return _list(as_json=as_json) if listing else _serve(main, as_json=as_json)
    except ClassError as error:
        raise UsageError(str(error)) from None


def _list(*, as_json: bool) -> int:
    from chainstep.datasets import printable

    from ...classroom.serving.server import listed
    from ..output import emit

    rows = listed()
    playing = sum(bool(row["playing"]) for row in rows)
    if as_json:
        emit(*rows, {"event": "end", "sessions": len(rows), "playing": playing})
        return 0
    for row in rows:
        does = "plays" if row["playing"] else "paused"
        click.echo(f"{row['pid']:>8}  {row['seconds']:>9.1f} s  {does:<6}  {printable(row['words'], 60)}".rstrip())
    click.echo(f"{_counted(len(rows))}, {playing} playing")
    return 0


def _serve(main: Main, *, as_json: bool) -> int:
    from ...classroom.serving import meeting
    from ...classroom.serving.packing import freeze
    from ...classroom.serving.server import Server
    from ..output import emit, on_terminal
    from .session import carry, load

    shown = on_terminal() and not as_json

    def tell(event: str, sessions: int, more: dict[str, object]) -> None:
        if as_json:
            emit({"event": event, **more, "sessions": sessions})
        elif shown:
            click.echo(f"\r{_counted(sessions)}\x1b[K", nl=False)

    server = Server(partial(carry, main), tell)
    if shown:
        click.echo("loading what sessions need", nl=False)
    load(main)
    freeze()
    if shown:
        click.echo("\r\x1b[K", nl=False)
    if as_json:
        emit({"event": "start", "socket": meeting.address()})
    else:
        click.echo("the class is open: chainstep joins it; ctrl+c closes it, and sessions go on")
    server.serve()
    if as_json:
        emit({"event": "end", "sessions": server.sessions})
    else:
        left = f"; {_counted(server.sessions)} left, which go on" if server.sessions else ""
        click.echo(f"{chr(13) if shown else ''}the class is closed{left}")
    return 0


def _counted(sessions: int) -> str:
    return f"{sessions} session{'' if sessions == 1 else 's'}"
