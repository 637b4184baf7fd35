"""A server of pages with a stand-in for the app, which is there at once: what is answered, and when processes end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

pytest.importorskip("textual_serve", reason="pages take an extra: chainstep[web]")

from aiohttp import ClientSession, CookieJar, WSMsgType, WSServerHandshakeError, web

from chainstep.tui.classroom.web import tab
from chainstep.tui.classroom.web.access import LOOPBACK, Access
from chainstep.tui.classroom.web.server import Change, PageServer

STAND_IN = r"""
import os, signal, sys, time
def packet(kind, payload): os.write(1, kind + len(payload).to_bytes(4, "big") + payload)
deaf = "deaf" in sys.argv
if "slow" in sys.argv: time.sleep(600)
if "wrong" in sys.argv: sys.exit("chainstep: there is no such thing")
if deaf: signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(1, b"said before\n__GANGLION__\n")
packet(b"D", f"pid {os.getpid()} {os.environ['COLUMNS']}x{os.environ['ROWS']} {sys.argv[1:]}".encode())
while head := sys.stdin.buffer.read(5):
    payload = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    packet(b"D", payload if head[:1] == b"D" else b"meta " + payload)
    if (b"quit" in payload or payload == b"q") and not deaf:
        packet(b"M", b'{"type": "exit"}')
        sys.exit("chainstep: saved" + ", `chainstep resume 'x y'` opens it" * ("keep" in sys.argv))
while deaf: time.sleep(600)
"""


class Served:
    """A server, and a client of it."""

    def __init__(self, pages: PageServer, access: Access, port: int, client: ClientSession) -> None:
        self.pages, self.client = pages, client
        self.changes = list[Change]()
        self.changed = asyncio.Event()
        self.words = ""
        """What the last app was opened on."""
        self.base = f"http://127.0.0.1:{port}"
        self.address = access.address(port)

    @asynccontextmanager
    async def tab(self, query: str = "?width=100&height=30", page: str = "") -> AsyncIterator[tuple[Any, int]]:
        """A page's socket, and the process behind it."""
        async with self.client.ws_connect(f"{self.address}ws{page}{query}", headers={"Origin": self.base}) as it:
            shown = await it.receive_bytes(timeout=20)
            self.words = shown.decode().split(" ", 3)[3]
            yield it, int(shown.split()[1])

    async def closed(self, tabs: int) -> None:
        """Wait until no more than that are open."""
        while len(self.pages._tabs) > tabs:
            await self.change()

    async def change(self) -> None:
        self.changed.clear()
        await self.changed.wait()


@asynccontextmanager
async def served(*words: str, most: int = 3) -> AsyncIterator[Served]:
    access = Access(LOOPBACK)

    def tell(change: Change) -> None:
        it.changes.append(change)
        it.changed.set()

    pages = PageServer(words, access, most, tell)
    runner = web.AppRunner(await pages._make_app(), shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0).start()
    try:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
            it = Served(pages, access, runner.addresses[0][1], client)
            yield it
    finally:
        await pages.close()
        await runner.cleanup()


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tab, "command", lambda words: [sys.executable, "-I", "-S", "-c", STAND_IN, *words])


def alive(process: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


async def last(page: Any) -> Any:
    """The last message of a page's socket."""
    while (said := await page.receive()).type is WSMsgType.BINARY:
        pass
    return said


async def test_nothing_is_answered_to_who_has_no_token_or_comes_from_elsewhere() -> None:
    async with served() as it:

        async def status(address: str, **headers: str) -> int:
            async with it.client.get(address, headers=headers) as answer:
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert "Set-Cookie" not in answer.headers
                return answer.status

        below = ("", "ws", "static/js/textual.js", "static/fonts/", "page/page.js", "download/1")
        for path in below:
            assert await status(f"{it.base}/{path}") == 403
            assert await status(it.address + path, Host="evil.example") == 403
            assert await status(it.address + path, Origin="http://evil.example") == 403
        assert [await status(it.address + path) for path in below] == [200, 400, 200, 403, 200, 404]
        async with it.client.get(f"{it.address}static/js/textual.js") as kept, it.client.get(it.address) as page:
            assert "max-age" in kept.headers["Cache-Control"]
            assert page.headers["Cache-Control"] == "no-store"
        assert await status(f"{it.address}page/..%2faccess.py") in (403, 404)
        for headers, address in (({"Origin": "http://evil.example"}, it.address), ({}, f"{it.base}/")):
            with pytest.raises(WSServerHandshakeError) as refused:
                await it.client.ws_connect(f"{address}ws", headers=headers)
            assert refused.value.status == 403
        assert it.changes == []


async def test_a_page_and_its_process_speak_until_either_goes() -> None:
    async with served() as it:
        async with it.tab() as (page, process):
            await page.send_json(["stdin", "→"])
            assert await page.receive_bytes() == "→".encode()
            await page.send_json(["resize", {"width": 120, "height": 36}])
            assert b'"width": 120' in await page.receive_bytes()
            await page.send_json(["ping", "7"])
            assert await page.receive_json() == ["pong", "7"]
        await it.closed(0)
        assert not alive(process)
        async with it.tab() as (page, process):
            await page.send_json(["stdin", "q"])
            assert await page.receive_bytes() == b"q"
            ended = await page.receive()
            assert (ended.type, ended.data, ended.extra) == (WSMsgType.CLOSE, 1000, "saved")
        await it.closed(0)
        assert not alive(process)
    assert [(change.tab, change.open, change.said) for change in it.changes] == [
        *((1, 1, ""), (1, 0, "saved"), (2, 1, ""), (2, 0, "saved"))
    ]


async def test_a_page_that_comes_again_goes_on_with_what_it_has_left() -> None:
    one, other = f"/{'1' * 32}", f"/{'2' * 32}"
    async with served("keep") as it:
        async with it.tab(page=one):
            assert it.words == "['keep']"
        await it.closed(0)
        async with it.tab(page=other):
            assert it.words == "['keep']"
        async with it.tab(page=one) as (first, process):
            assert it.words == "['resume', 'x y']"
            async with it.tab(page=one):  # a reload whose going is not seen yet
                assert it.words == "['resume', 'x y']"
                assert not alive(process)
                assert (await last(first)).type is WSMsgType.CLOSE
                # Two more at the same time: one of them has it.
                again = [await it.client.ws_connect(f"{it.address}ws{one}") for _ in range(2)]
                ended = [asyncio.create_task(last(page)) for page in again]
                done, left = await asyncio.wait(ended, timeout=20, return_when=asyncio.FIRST_COMPLETED)
                assert (len(done), len(left)) == (1, 1)
                assert [f"/{held.page}" for held in it.pages._tabs.values()] == [one]
                for page in again:
                    await page.close()
        async with it.tab():
            assert it.words == "['keep']"
        with pytest.raises(WSServerHandshakeError):
            await it.client.ws_connect(f"{it.address}ws/x")


async def test_no_more_tabs_than_were_allowed() -> None:
    async with served(most=1) as it, it.tab() as (_, process):
        async with it.client.ws_connect(f"{it.address}ws") as late:
            refused = await late.receive()
            assert refused.data == 1013
            assert refused.extra == "1 tab is open already, as many as this server shows at a time"
        assert alive(process)


async def test_what_no_page_says_ends_that_one_alone() -> None:
    async with served() as it, it.tab() as (_, process):
        for strange in ('["quit"]', "x" * 2_000_000, b"\0"):
            async with it.tab() as (page, other):
                await (page.send_bytes(strange) if isinstance(strange, bytes) else page.send_str(strange))
                assert (await page.receive()).data in (1003, 1009)
            await it.closed(1)
            assert not alive(other)
        assert alive(process)


async def test_what_does_not_begin_says_why() -> None:
    async with served("wrong") as it, it.client.ws_connect(f"{it.address}ws") as page:
        assert (await page.receive()).extra == "there is no such thing"


async def test_a_page_that_is_gone_before_the_app_is_up_leaves_nothing() -> None:
    async with served("slow") as it:
        async with it.client.ws_connect(f"{it.address}ws"):
            while not it.changes:
                await it.change()
            (opened,) = it.pages._tabs
            assert opened._process is not None
            process = opened._process.pid
        await it.closed(0)
    assert not alive(process)


async def test_a_process_that_does_not_go_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tab, "PATIENCE", 0.05)
    async with served("deaf") as it:
        async with it.tab() as (_, process):
            pass
        await it.closed(0)
        assert not alive(process)


async def test_a_server_that_ends_ends_all_of_them_and_says_so() -> None:
    async with served() as it, it.tab() as (first, one), it.tab() as (second, other):
        await it.pages.close()
        assert not alive(one)
        assert not alive(other)
        for page in (first, second):
            assert (await last(page)).extra == "saved"
        async with it.client.ws_connect(f"{it.address}ws") as late:
            assert (await late.receive()).data == 1013
