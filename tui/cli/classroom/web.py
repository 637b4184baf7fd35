"""The command that shows the app in browsers, and what it says of its tabs. Must not know how a page is answered."""

from __future__ import annotations

import contextlib
from pathlib import Path
from signal import SIGINT
from typing import TYPE_CHECKING

import click

from ...terminal import signals
from ..output import complain, emit
from ..prefix import program, refuse_screenless
from ..statuses import UsageError

if TYPE_CHECKING:
    from ...classroom.web.server import Change
    from ...classroom.web.serving import Serving

MISSING = "pages take an extra: pip install 'chainstep[web]'"

_EXTRA = ("aiohttp", "aiohttp_jinja2", "jinja2", "textual_serve")

TABS = 20
"""How many are open at a time where nothing else is asked for: each is a process of some 35 MB."""


class Web(click.Command):
    """All words but its own options are what is opened, wherever those stand."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = [param for param in self.params if isinstance(param, click.Option)]
        valued = {name for option in options if not option.is_flag for name in option.opts}
        flags = {"-h", "--help", *(name for option in options for name in option.opts)} - valued
        own, words, left = list[str](), list[str](), [*args]
        while left and left[0] != "--":
            word = left.pop(0)
            name, is_set, _ = word.partition("=")
            if word in flags or (name in valued and is_set):
                own.append(word)
            elif word in valued:
                own += [word, *left[:1]]
                del left[:1]
            else:
                words.append(word)
        if own and own[-1] in valued:
            return super().parse_args(ctx, own)  # its value is missing, as click says
        return super().parse_args(ctx, [*own, "--", *words, *(left if words else left[1:])])


@click.command(cls=Web, short_help="The app in a browser.")
@click.argument("words", nargs=-1, metavar="[WHAT …]", type=click.UNPROCESSED)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, metavar="N", help="8000 if not given; 0 is any.")
@click.option("--host", default="127.0.0.1", metavar="H", help="Where to listen; else on this machine alone.")
@click.option("--tabs", type=click.IntRange(1, 1000), default=TABS, metavar="N", help=f"How many at a time; {TABS}.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: serving, open, close, end.")
@click.pass_context
def web(ctx: click.Context, words: tuple[str, ...], port: int, host: str, tabs: int, as_json: bool) -> int:
    """Serve the app on WHAT to browsers, a session of its own to each tab, until ctrl+c ends it.

    WHAT is anything that opens the app, with its options. Whoever has the address that is shown, with the token in it,
    uses chainstep as you, files and all that a script of yours may do included. A tab that is closed is saved.

    \b
    For example:
    chainstep web moons
    chainstep web data.csv --target price --port 9000
    chainstep web --kiosk --as guest moons
    """
    _refuse(ctx, words)
    try:
        from ...classroom.web.serving import CannotServeError, Serving, serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _EXTRA:
            raise
        raise UsageError(MISSING) from None
    report = _as_json if as_json else _in_words

    def tell(news: Serving | Change) -> None:
        if isinstance(news, Serving) and news.open_to_all:
            complain("other machines reach this: whoever sees the address, sent in the clear, can use it as you")
        # Whoever has read the address may be gone, and a terminal that has hung up ends tabs as well.
        with contextlib.nullcontext() if isinstance(news, Serving) else contextlib.suppress(OSError):
            report(news, words, tabs)

    try:
        ended = serve(words, host, port, tabs, tell, tried=not any(map(_is_program, words)))
    except CannotServeError as error:
        raise UsageError(str(error)) from None
    if as_json:
        emit({"event": "end", "opened": ended.opened})
    return 0 if ended.signal == SIGINT else signals.status(ended.signal)


def _refuse(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Refuse what no page could show."""
    refuse_screenless(words, program(ctx).commands, "chainstep {} opens no screen that a page could show")
    if "-" in words:
        raise UsageError("a page has no standard input: name a file")
    missing = next((word for word in words if _is_program(word) and not Path(word).exists()), None)
    if missing is not None:
        raise UsageError(f"{missing}: there is no such file")


def _is_program(word: str) -> bool:
    """Whether it names a program of the user's, which is not run but where somebody looks."""
    from ...scripts import SUFFIXES

    return word.endswith(SUFFIXES)


def _in_words(news: Serving | Change, words: tuple[str, ...], most: int) -> None:
    from ...classroom.web.serving import Serving

    if not isinstance(news, Serving):
        said = f": {news.said}" if news.said else ""
        click.echo(
            f"tab {news.tab} has ended{said}" if news.ended else f"tab {news.tab} is open ({news.open} of {most})"
        )
        return
    from chainstep.datasets.printable import printable

    click.echo(f"chainstep {printable(' '.join(words), 200)}".rstrip() + f" is at {news.address}")
    click.echo(f"up to {most} tabs at a time, each saved when it is closed; ctrl+c ends all of them")


def _as_json(news: Serving | Change, words: tuple[str, ...], most: int) -> None:
    from ...classroom.web.serving import Serving

    if isinstance(news, Serving):
        emit({"event": "serving", "address": news.address, "port": news.port, "tabs": most})
    elif news.ended:
        emit({"event": "close", "tab": news.tab, "open": news.open, "said": news.said})
    else:
        emit({"event": "open", "tab": news.tab, "open": news.open})
