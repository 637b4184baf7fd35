"""Work in the background of the event loop, one piece at a time. Must not know what the work is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Background:
    """A task, or none."""

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self.task is not None

    def start(self, work: Callable[[], Coroutine[Any, Any, None]], then: Callable[[], object] = lambda: None) -> None:
        """Begin work in place of what is under way. When it has come to its end nothing is, and `then` is called."""
        self.cancel()
        self.task = asyncio.create_task(self._run(work, then))
        self.task.add_done_callback(_tell)

    async def _run(self, work: Callable[[], Coroutine[Any, Any, None]], then: Callable[[], object]) -> None:
        try:
            await work()
        finally:
            # Not where it was cancelled: other work may be under way since.
            if self.task is asyncio.current_task():
                self.task = None
        then()

    def cancel(self) -> bool:
        """Leave what is under way; whether anything was."""
        task, self.task = self.task, None
        return task is not None and task.cancel()

    async def over(self) -> None:
        """Wait until what is under way has come to its end, or was left."""
        if self.task is not None:
            await asyncio.wait([self.task])

    async def close(self) -> None:
        """Leave what is under way, and wait until it has cleared up."""
        task = self.task
        if self.cancel() and task is not None:
            await asyncio.gather(task, return_exceptions=True)


def _tell(task: asyncio.Task[None]) -> None:
    """Nobody waits for the task: what went wrong in it is told to the loop."""
    if not task.cancelled() and (error := task.exception()) is not None:
        task.get_loop().call_exception_handler({"message": "background work failed", "exception": error, "task": task})
