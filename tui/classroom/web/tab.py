"""The process behind a tab: the app, with its screen and its keys in packets on pipes. Must not know who may have one.
Knows what textual-serve 1.1.3, which is pinned, leaves to be overridden: how a process is opened, heard and ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

PATIENCE = 10.0
"""Seconds that a process may take to save and go, before a signal tells it to; and half of that once more."""

_BEGIN = b"__GANGLION__\n"
"""After this line come packets."""

_LEAVE_OUT = ("STY", "TMUX", "SSH_CONNECTION", "LINES")
"""What the server's own environment says of its terminal, which is not the page's."""

_TAIL = 4096
"""Bytes that are kept of what a process says on stderr."""

Send = Callable[[bytes], Awaitable[None]]


def command(words: Sequence[str]) -> list[str]:
    """What runs the app on the words of a command line."""
    return [sys.executable, "-P", "-m", "chainstep.tui", *words]


class Tab(AppService):
    """The app in a process of its own, on the `words` of a command line, drawn by way of `send`.

    It begins with `start`, and ends by itself or by `stop`; `ended` waits for either. No signal of the server's
    terminal reaches it. Where the server is gone it ends as if its terminal had hung up.
    """

    def __init__(
        self, words: Sequence[str], send: Send, tell: Callable[[str], Awaitable[None]], downloads: DownloadManager
    ) -> None:
        super().__init__("", write_bytes=send, write_str=tell, close=_nothing, download_manager=downloads)
        self._words = words
        self._begun = asyncio.Event()
        """The app is up, and there may be something to be saved."""
        self._deaf = False
        """Whether nobody takes what it draws any more."""
        self._tail = b""

    @property
    def said(self) -> str:
        """The last line that it has said besides what it shows: what was saved, or why it did not begin."""
        lines = self._tail.decode(errors="replace").splitlines()
        return next((line.strip().removeprefix("chainstep: ") for line in reversed(lines) if line.strip()), "")

    @property
    def began(self) -> bool:
        """Whether the app was up."""
        return self._begun.is_set()

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._task is not None and self._task.done()

    @property
    def status(self) -> int:
        """How it has ended; below 0 by that signal."""
        assert self._process is not None
        return self._process.returncode or 0

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        found: dict[str, str] = super()._build_environment(width, height)
        kept = {name: value for name, value in found.items() if name not in _LEAVE_OUT}
        return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONIOENCODING": "utf-8"}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *command(self._words),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,
        )
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Hand on what it draws until it has ended. textual-serve calls it by `start`."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        assert process.stderr is not None
        saying = asyncio.create_task(self._hear(process.stderr))
        with contextlib.suppress(asyncio.IncompleteReadError, ValueError):
            while await process.stdout.readuntil(b"\n") != _BEGIN:
                pass
            self._begun.set()
            while True:
                await self._packet(process.stdout)
        await process.wait()
        # Whatever it has started itself may hold the pipe.
        await asyncio.wait({saying}, timeout=1.0)
        saying.cancel()

    async def _packet(self, stdout: asyncio.StreamReader) -> None:
        head = await stdout.readexactly(5)
        payload = await stdout.readexactly(int.from_bytes(head[1:], "big"))
        if self._deaf:
            return
        try:
            match head[:1]:
                case b"D":
                    await self.on_data(payload)
                case b"M" if payload != b'{"type": "exit"}':  # it has something to say yet
                    await self.on_meta(payload)
                case b"P":
                    await self.on_packed(payload)
        except (ConnectionResetError, RuntimeError):
            self._deaf = True

    async def _hear(self, stderr: asyncio.StreamReader) -> None:
        while piece := await stderr.read(_TAIL):
            self._tail = (self._tail + piece)[-_TAIL:]

    async def decided(self) -> bool:
        """Wait until the app is up or has ended; whether it is up."""
        assert self._task is not None
        begun = asyncio.create_task(self._begun.wait())
        await asyncio.wait({begun, self._task}, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        return self.began

    async def ended(self) -> None:
        """Wait until it has ended."""
        assert self._task is not None
        await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Have it save and end, and wait for that."""
        if self._task is None:
            return
        if self.began:
            await self._ask_to_leave()
        else:
            self._signal(signal.SIGTERM)  # there is nothing to be saved, and nobody who would read
        await self._download_manager.cancel_app_downloads(self.app_service_id)
        for number, seconds in ((signal.SIGTERM, PATIENCE), (signal.SIGKILL, PATIENCE / 2)):
            done, _ = await asyncio.wait({self._task}, timeout=seconds)
            if done:
                return
            self._signal(number)
        await self.ended()

    async def _ask_to_leave(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.send_meta({"type": "quit"}), 1.0)
        self.stdin.close()

    def _signal(self, number: int) -> None:
        assert self._process is not None
        if self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


async def _nothing() -> None:
    """The server closes the page itself, once it knows what to say."""
