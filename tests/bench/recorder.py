"""A terminal that takes a program's output in at once, with the time, and understands it later. The emulator's own
time then falls into no figure.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Iterator
from time import perf_counter

from support.screen.terminal import Terminal

QUERY, ANSWER = b"\x1b[6n", b"\x1b[1;1R"


class Recorder(Terminal):
    """A terminal that can also record. While it does, of all queries it answers those for its cursor, and those
    always alike: a program that sends frames by such answers is to send them as ever.
    """

    def record(self, seconds: float, keys: str = "", until: int = 0) -> list[tuple[float, bytes]]:
        """Types keys, then takes output in for so long: (seconds since the keys, what came). `until` so many bytes
        came ends it sooner.
        """
        chunks: list[tuple[float, bytes]] = []
        began = perf_counter()
        if keys:
            os.write(self._master, keys.encode())
        total, asked = 0, b""
        while (left := began + seconds - perf_counter()) > 0 and not (until and total >= until):
            if not select.select([self._master], [], [], left)[0]:
                break
            chunk = os.read(self._master, 65536)
            chunks.append((perf_counter() - began, chunk))
            total += len(chunk)
            asked += chunk
            if self.answers and QUERY in asked:
                os.write(self._master, ANSWER * asked.count(QUERY))
                asked = asked[asked.rindex(QUERY) + len(QUERY) :]
            asked = asked[-len(QUERY) :]
        return chunks

    def show(self, chunks: list[tuple[float, bytes]]) -> Iterator[float]:
        """The recording on the screen, piece by piece; yields when each came."""
        for when, chunk in chunks:
            self._emulator.take_in(chunk)
            self.output += chunk
            yield when

    def first(self, chunks: list[tuple[float, bytes]], seen: Callable[[list[str]], bool]) -> float | None:
        """When the screen first was as wanted; all of the recording is shown."""
        found = None
        for when in self.show(chunks):
            if found is None and seen(self.screen()):
                found = when
        return found
