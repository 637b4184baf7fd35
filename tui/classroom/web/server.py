"""The server of pages: what each address answers, and a process for each page. Must not know how it is begun or ended.
Knows what textual-serve 1.1.3, which is pinned, leaves to be overridden: its addresses and their handlers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.server import Server

from .access import Access, RefusedError, headers
from .messages import MOST_BYTES, Focused, Message, Ping, Resized, StrangeError, Typed, read, size
from .returning import PAGE, Returning
from .tab import Tab

FILES = Path(__file__).parent / "page"

HEARTBEAT = 15.0
"""Seconds between two signs of life of a page; one that owes half as long is gone."""

GOODBYE = 2.0
"""Seconds that a page has to take its leave."""

KEPT = "private, max-age=86400"
"""How a browser may keep what is the same for all pages."""

_REASON = 123
"""Bytes of the reason for which a page is closed (RFC 6455)."""


class _Open(NamedTuple):
    """A tab that is there."""

    socket: web.WebSocketResponse
    page: str
    """The page's own number; "" where it has none."""
    gone: asyncio.Event
    """Its process has ended, and what that left is known."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Change(NamedTuple):
    """A tab was opened, or has ended."""

    tab: int
    """Its number, from 1."""
    open: int
    """How many are open now."""
    ended: bool
    said: str = ""
    """What it said at its end."""


class PageServer(Server):
    """Shows the app on the `words` of a command line to whoever has `access`, in at most `most` tabs at a time; tells
    of each that is opened and that has ended.
    """

    def __init__(self, words: Sequence[str], access: Access, most: int, tell: Callable[[Change], None]) -> None:
        super().__init__("chainstep")
        self.opened = 0
        """Tabs so far."""
        self._access, self._most, self._tell = access, most, tell
        self._returning = Returning(words)
        self._tabs: dict[Tab, _Open] = {}
        self._closing = False
        self._empty = asyncio.Event()
        self._empty.set()

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.on_response_prepare.append(_dress)
        below = "/{token}"
        app.add_routes(
            [
                web.get(f"{below}/", self.handle_index),
                web.get(f"{below}/ws", self.handle_websocket),
                web.get(f"{below}/ws/{{page:{PAGE}}}", self.handle_websocket),
                web.get(f"{below}/download/{{key}}", self.handle_download),
                web.static(f"/{self._access.token}/static", self.statics_path),
                web.static(f"/{self._access.token}/page", FILES),
            ]
        )
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Nothing is answered to whoever has no address."""
        try:
            self._access.check(request.rel_url.raw_path, request.headers)
        except RefusedError as error:
            return web.Response(status=403, text=f"{error}\n")
        return await handler(request)

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FILES / "index.html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A page begins: give it a process, for as long as it is there."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=GOODBYE, max_msg_size=MOST_BYTES)
        await socket.prepare(request)
        page = request.match_info.get("page", "")
        await self._end_earlier(page)
        if self._closing or len(self._tabs) >= self._most:
            are = "1 tab is" if self._most == 1 else f"{self._most} tabs are"
            why = f"{are} open already, as many as this server shows at a time"
            await _close(socket, WSCloseCode.TRY_AGAIN_LATER, why)
            return socket
        self.opened += 1
        number = self.opened
        tab = Tab(self._returning.words(page), socket.send_bytes, socket.send_str, self.download_manager)
        self._tabs[tab] = it = _Open(socket, page, asyncio.Event())
        self._empty.clear()
        try:
            await tab.start(*size(request.query.get("width"), request.query.get("height")))
            self._tell(Change(number, len(self._tabs), ended=False))
            await self._show(socket, tab)
        finally:
            await asyncio.shield(tab.stop())
            del self._tabs[tab]
            self._returning.left(page, tab.said)
            it.gone.set()
            if not self._tabs:
                self._empty.set()
            self._tell(Change(number, len(self._tabs), ended=True, said=tab.said))
        return socket

    async def _end_earlier(self, page: str) -> None:
        """A page comes again that was not seen to go: save what it had, so that it goes on with that."""
        # Anew each time: of two that come at once the second one must see the first.
        while earlier := [(tab, it) for tab, it in self._tabs.items() if page and it.page == page]:
            for tab, it in earlier:
                await self._end(tab, it.socket)
                await it.gone.wait()

    async def _show(self, page: web.WebSocketResponse, tab: Tab) -> None:
        """Hand on what the page says, until it or the process is gone."""
        ending = asyncio.create_task(self._close_behind(page, tab))
        try:
            async for message in page:
                if message.type is not WSMsgType.TEXT:
                    raise StrangeError("no text")
                await _hand_on(read(message.data), page, tab)
        except StrangeError as error:
            await _close(page, WSCloseCode.UNSUPPORTED_DATA, str(error))
        finally:
            if not tab.over:
                ending.cancel()
            await asyncio.wait({ending})  # the page is to hear why

    async def _close_behind(self, page: web.WebSocketResponse, tab: Tab) -> None:
        await tab.ended()
        await _close(page, WSCloseCode.OK, tab.said)

    async def close(self) -> None:
        """Have all tabs save and end, and wait for that."""
        self._closing = True
        await asyncio.gather(*(self._end(tab, it.socket) for tab, it in [*self._tabs.items()]))
        await self._empty.wait()

    async def _end(self, tab: Tab, page: web.WebSocketResponse) -> None:
        await tab.stop()
        await _close(page, WSCloseCode.GOING_AWAY, tab.said or "The server has ended.")


async def _dress(request: web.Request, answer: web.StreamResponse) -> None:
    refused = answer.status >= 400
    answer.headers.update(headers("" if refused else request.headers.get("Host", "")))
    if request.match_info.get("filename") and not refused:
        answer.headers["Cache-Control"] = KEPT  # a megabyte of script and fonts, the same for each tab


async def _hand_on(message: Message, page: web.WebSocketResponse, tab: Tab) -> None:
    match message:
        case Typed(text):
            await tab.send_bytes(text)
        case Resized(columns, rows):
            await tab.set_terminal_size(columns, rows)
        case Focused(here):
            await (tab.focus() if here else tab.blur())
        case Ping(word):
            await page.send_json(["pong", word])


async def _close(page: web.WebSocketResponse, code: int, why: str) -> None:
    """Close a page, which shows why."""
    await page.close(code=code, message=why.encode()[:_REASON].decode(errors="ignore").encode())
