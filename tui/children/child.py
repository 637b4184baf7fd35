"""A child process: started, read and ended within its limits. Knows pipes and asyncio; must not know what it does."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Self

from . import bootstrap
from .lines import Message, MessageLines, Printed
from .surroundings import surroundings
from .task import Cause, End, Limits, Task, how_it_ended

CHUNK = 1 << 16
GRACE = 1.0
"""Seconds that a child which is interrupted has to clear up, and that are waited for what it has left in its pipes."""


class ChildError(Exception):
    """A child cannot be started; the message is one line."""


class Child:
    """Runs a task: `async with child: async for message in child: …`. Leaving the block ends it.

    A message is an object of JSON from a stranger. After the last one `end` says how the child ended.

    Raises:
        ChildError: on entering, if the interpreter or the folder is not there.
    """

    def __init__(self, task: Task, limits: Limits | None = None) -> None:
        self.task = task
        self.limits = limits = limits or Limits()
        self.output = Printed(limits.printed)
        self.errors = Printed(limits.printed)
        self.end: End | None = None
        self._lines = MessageLines(limits.line, limits.total)
        self._ready: deque[Message] = deque()
        self._python = _interpreter(task.python)
        self._started = False
        self._cause: Cause | None = None
        self._refusal = ""
        self._timers: list[asyncio.TimerHandle] = []
        self._pipes: list[asyncio.BaseTransport] = []

    async def __aenter__(self) -> Self:
        pipes = [os.pipe() for _ in range(3)]
        lifeline, self._lifeline = os.pipe()
        ours, theirs = [end for end, _ in pipes], [end for _, end in pipes]
        try:
            self._process = await self._begin(theirs, lifeline)
        except OSError as error:
            for end in (*ours, self._lifeline):
                os.close(end)
            raise ChildError(f"{error.filename}: {(error.strerror or str(error)).lower()}") from None
        finally:
            for end in (*theirs, lifeline):
                os.close(end)
        output, errors, self._messages = [await self._reader(end) for end in ours]
        if self.limits.seconds is not None:
            self._later(self.limits.seconds, lambda: self._interrupt("time"))
        self._work = asyncio.gather(_keep(output, self.output), _keep(errors, self.errors), self._wait())
        return self

    async def _begin(self, pipes: Sequence[int], lifeline: int) -> asyncio.subprocess.Process:
        output, errors, messages = pipes
        orders = {
            "module": self.task.module,
            "given": {name: _place(name) for name in ("chainstep.engine", self.task.module)},
            "memory": self.limits.memory,
            "data": self.task.data,
        }
        return await asyncio.create_subprocess_exec(
            self._python,
            bootstrap.__file__,
            str(messages),
            str(lifeline),
            json.dumps(orders),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            pass_fds=(messages, lifeline),
            start_new_session=True,
            cwd=self.task.folder,
            env=surroundings(os.environ),
        )

    async def _reader(self, end: int) -> asyncio.StreamReader:
        reader = asyncio.StreamReader(CHUNK)
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(end, "rb", 0)
        )
        self._pipes.append(pipe)
        return reader

    async def __aexit__(self, *error: object) -> None:
        self._kill()
        self._close_pipes()
        await self._work
        self._settle()

    async def __aiter__(self) -> AsyncIterator[Message]:
        while (message := await self.next_message()) is not None:
            yield message

    async def next_message(self) -> Message | None:
        """The next message; None when the child has ended."""
        while True:
            while self._ready:
                message = self._ready.popleft()
                if self._started:
                    return message
                self._hear(message)
            chunk = await self._messages.read(CHUNK)
            if not chunk:
                await asyncio.shield(self._work)
                self._settle()
                return None
            self._ready.extend(self._lines.feed(chunk))
            if self._lines.full:
                self._cause = self._cause or "flood"
                self._kill()

    def stop(self) -> None:
        """Interrupt the child as ctrl+c does, and kill it if it goes on; what it still sends can be read."""
        self._interrupt("stopped")

    @property
    def stopped(self) -> bool:
        """Whether `stop` has been called while it ran."""
        return self._cause == "stopped"

    @property
    def foreign(self) -> int:
        """Lines on the pipe that were no message."""
        return self._lines.foreign

    def _hear(self, message: Message) -> None:
        """The first message is bootstrap's."""
        self._started = "started" in message
        self._refusal = str(message.get("refused", ""))

    def _interrupt(self, cause: Cause) -> None:
        if self._cause is None and self._process.returncode is None:
            self._cause = cause
            self._signal(signal.SIGINT)
            self._later(GRACE, self._kill)

    def _kill(self) -> None:
        if self._process.returncode is None:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        # Where nothing is left of a group, macOS says that it may not be done.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, work))

    async def _wait(self) -> None:
        await self._process.wait()
        self._signal(signal.SIGKILL)  # what it has started goes with it
        # One that has left the group holds the pipes, and need not be waited for.
        self._later(GRACE, self._close_pipes)

    def _close_pipes(self) -> None:
        for pipe in self._pipes:
            pipe.close()

    def _settle(self) -> None:
        """It is over: say how it ended, once."""
        if self.end is not None:
            return
        for timer in self._timers:
            timer.cancel()
        self._close_pipes()
        os.close(self._lifeline)
        status = self._process.returncode
        assert status is not None
        if self._cause is None and not self._started:
            self._cause = "refused"
        self.end = how_it_ended(self._cause, status, self.limits, self._why_refused())

    def _why_refused(self) -> str:
        return f"was not run: {self._python}: {self._refusal or self.errors.last_line or 'it is no Python'}"


def messages(child: Child) -> Iterator[Message]:
    """The messages of a child, for code that has no event loop: starts it, and ends it where the reader leaves.

    At ctrl+c the child is stopped, and what it still sends is given, too; at a second one it is left.

    Raises:
        ChildError: the interpreter or the folder is not there.
    """
    with asyncio.Runner() as loop:
        loop.run(child.__aenter__())
        try:
            while True:
                try:
                    message = loop.run(child.next_message())
                except KeyboardInterrupt:
                    if child.stopped:
                        raise
                    loop.run(_stopped(child))
                    continue
                if message is None:
                    return
                yield message
        finally:
            loop.run(child.__aexit__())


async def _stopped(child: Child) -> None:
    child.stop()


async def _keep(pipe: asyncio.StreamReader, kept: Printed) -> None:
    while chunk := await pipe.read(CHUNK):
        kept.feed(chunk)


def _interpreter(named: str) -> str:
    """The path of the interpreter, found from our folder, which the child's is not; as it is named if there is none."""
    found = which(named or sys.executable)
    return str(Path(found).absolute()) if found else named


def _place(module: str) -> str:
    """Where a module of ours is: a package's folder, or a file."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent) if spec.submodule_search_locations else spec.origin
