"""`followers.py N`: so many follow the session that is shared, each in a process of its own and without a screen. On
standard input each line is a question, which is answered in a line of JSON: bytes that each has got since the last one,
and seconds that what it had was old at most.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

from chainstep.engine.training.moves import finish
from chainstep.tui.classroom.following.connection import Connection, chosen
from chainstep.tui.classroom.following.following import Following


class Counting:
    """Counts what is read."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self.bytes = 0

    async def read(self, count: int) -> bytes:
        data = await self._reader.read(count)
        self.bytes += len(data)
        return data


async def follow(answers: int, questions: int) -> None:
    connection, following = Connection(chosen(None)), Following()
    await connection.open()
    counting = connection._reader = Counting(connection._reader)  # type: ignore[arg-type, assignment]
    loop, oldest, stamped, told = asyncio.get_running_loop(), 0.0, 0.0, 0

    def answer() -> None:
        nonlocal oldest, told
        if not os.read(questions, 1):
            loop.stop()
        os.write(answers, json.dumps([counting.bytes - told, oldest]).encode() + b"\n")
        told, oldest = counting.bytes, 0.0

    loop.add_reader(questions, answer)
    while (message := await connection.next()) is not None:
        if following.playing and message.kind == "pace":
            # As old as it gets: just before there is something newer.
            oldest = max(oldest, time.monotonic() - stamped)
        way = following.take(message)
        if message.kind == "pace":
            stamped = message.fields["sent"] / 1000
        if way is not None and following.session is not None and not connection.outdated:
            finish(following.session.move(way))


def main(count: int) -> None:
    ends = []
    for _ in range(count):
        (answered, answers), (questions, asked) = os.pipe(), os.pipe()
        if not os.fork():
            os.close(asked)
            for _, other in ends:
                os.close(other)
            try:
                asyncio.run(follow(answers, questions))
            finally:
                os._exit(0)
        os.close(answers)
        os.close(questions)
        ends.append((answered, asked))
    print("ready", flush=True)
    for _ in sys.stdin:
        for _, asked in ends:
            os.write(asked, b"?")
        print(json.dumps([json.loads(os.read(answered, 1_000)) for answered, _ in ends]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
