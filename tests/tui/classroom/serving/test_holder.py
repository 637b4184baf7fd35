"""The shell that holds a session's terminal: what it hands on, and how it ends. Must not know a session."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chainstep.tui.classroom.serving.holder import DEAD, GO, HOLD, LINE, SIGNALS, WORDS

SHELLS = sorted({str(Path(found).resolve()) for name in ("sh", "bash", "dash") if (found := shutil.which(name))})


class Holder:
    """One that runs, seen from the session."""

    def __init__(self, process: int, line: socket.socket, words: int) -> None:
        self.process = process
        self.words = words
        self._line = line
        self._lines = line.makefile("rb")

    def heard(self) -> str:
        """The next line from it."""
        return self._lines.readline().decode().strip()

    def hands_on(self, name: str) -> bool:
        """Whether it is this that it hands on, once its group has got the signal, as from a terminal.

        bash may miss a new size that comes right behind another signal; a session looks again after each.
        """
        for _ in range(100):
            os.killpg(self.process, getattr(signal, f"SIG{name}"))
            if select.select([self._line], [], [], 0.1)[0] or name != "WINCH":
                break
        return self.heard() == name

    def says(self, words: str) -> None:
        os.write(self.words, words.encode() + b"\n")

    def status(self) -> int:
        """How it ends."""
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


@contextmanager
def holder(shell: str) -> Iterator[Holder]:
    ours, theirs = socket.socketpair()
    heard, said = os.pipe()
    process = os.posix_spawn(
        shell,
        ["sh", "-c", HOLD, "chainstep"],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, theirs.fileno(), LINE),
            (os.POSIX_SPAWN_DUP2, heard, WORDS),
        ],
        setpgroup=0,
    )
    theirs.close()
    os.close(heard)
    with ours:
        ours.settimeout(10)
        held = Holder(process, ours, said)
        assert held.heard() == GO.decode()
        try:
            yield held
        finally:
            os.close(held.words)


@pytest.mark.parametrize("shell", SHELLS)
def test_it_hands_on_signals_and_ends_as_the_session_does(shell: str) -> None:
    with holder(shell) as held:
        for name in (*SIGNALS, "INT"):
            assert held.hands_on(name)
        held.says("end 3")
        assert held.status() == 3
    with holder(shell) as held:
        held.says("stop")
        assert os.WIFSTOPPED(os.waitpid(held.process, os.WUNTRACED)[1])
        os.killpg(held.process, signal.SIGCONT)
        assert held.heard() == "CONT"
        held.says(f"end {128 + signal.SIGTERM}")
        assert held.status() == 128 + signal.SIGTERM
    with holder(shell) as held:
        os.kill(held.process, signal.SIGKILL)
        assert held.heard() == ""  # the session hears of it
        held.status()
    with holder(shell) as held:
        os.dup2(os.open(os.devnull, os.O_WRONLY), held.words)  # the session is gone
        assert held.status() == DEAD
