"""Serving from its beginning to its end: whether the app opens at all, the port, the signals that end it. Must not know
what a page is answered.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from aiohttp import web
from textual_serve.download_manager import DownloadManager

from ...terminal import signals
from .access import Access, is_loopback
from .server import Change, PageServer
from .tab import Tab


class CannotServeError(Exception):
    """There will be no page; the message is one line that says why."""


class Serving(NamedTuple):
    """It is up."""

    address: str
    port: int
    open_to_all: bool
    """Whether other machines get there."""


class Ended(NamedTuple):
    """It is down, and all that was open has ended."""

    opened: int
    """Tabs in all."""
    signal: int


def serve(
    words: Sequence[str],
    host: str,
    port: int,
    most: int,
    tell: Callable[[Serving | Change], None],
    *,
    tried: bool = True,
) -> Ended:
    """Show the app on the words of a command line in at most `most` tabs, until a signal comes. Where it is to be
    `tried` the app is opened once before.

    Raises:
        CannotServeError: the app cannot be opened on that, or the address cannot be had.
    """
    # What the pages are for lives in processes of their own: here little is left, and it stays.
    gc.freeze()
    gc.enable()
    # A page's own faults are no news to whoever has started this.
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    return asyncio.run(_serve(words, host, port, most, tell, tried=tried))


async def _serve(
    words: Sequence[str],
    host: str,
    port: int,
    most: int,
    tell: Callable[[Serving | Change], None],
    *,
    tried: bool,
) -> Ended:
    access = Access(host)
    server = PageServer(words, access, most, tell)
    runner = web.AppRunner(await server._make_app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        open_to_all = await _listen(runner, host, port)
        if tried:
            await _try(words)
        taken = int(runner.addresses[0][1])
        signalled = _signalled()
        tell(Serving(access.address(taken), taken, open_to_all))
        number = await signalled
        await server.close()
    finally:
        await runner.cleanup()
    return Ended(server.opened, number)


async def _listen(runner: web.AppRunner, host: str, port: int) -> bool:
    """Take the port; whether other machines get there."""
    try:
        elsewhere = not is_loopback(host)
        await web.TCPSite(runner, host, port).start()
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CannotServeError(f"{host}, port {port}: {why.lower()}") from None
    return elsewhere


async def _try(words: Sequence[str]) -> None:
    """Open the app once, and leave it.

    Raises:
        CannotServeError: it does not open.
    """
    tab = Tab(words, _nowhere, _nowhere, DownloadManager())
    await tab.start(80, 24)
    opens = await tab.decided()
    await tab.stop()
    if not opens:
        raise CannotServeError(tab.said or f"the app does not open: it ends with status {tab.status}")


async def _nowhere(_: object) -> None:
    """Nobody looks."""


def _signalled() -> asyncio.Future[int]:
    """Is done when a signal has come that ends the server; whatever comes behind it changes nothing."""
    loop = asyncio.get_running_loop()
    signalled: asyncio.Future[int] = loop.create_future()

    def come(number: int) -> None:
        if not signalled.done():
            signalled.set_result(number)

    for number in signals.ending():
        loop.add_signal_handler(number, come, number)
    return signalled
