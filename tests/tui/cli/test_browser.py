"""The app in a browser, as textual-serve runs it: over pipes, in packets. Must not know its panes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGHUP

import pytest

from chainstep.tui.cli.guards import IN_A_BROWSER, NoTerminalError, require_terminal
from chainstep.tui.files import runs
from chainstep.tui.files.store.reading import list_runs


def packet(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


class Page:
    """What a server of pages is to the app: the other ends of its pipes."""

    def __init__(self, served: subprocess.Popen[bytes]) -> None:
        assert served.stdin is not None
        assert served.stdout is not None
        self._served, self._in, self._out = served, served.stdin, served.stdout
        assert self._out.readline() == b"__GANGLION__\n"

    def read_until(self, text: bytes) -> bytes:
        """Everything up to and with the text, and what came with it."""
        shown = b""
        while text not in shown:
            piece = self._out.read1()
            assert piece, shown
            shown += piece
        return shown

    def send(self, kind: bytes, payload: bytes) -> None:
        self._in.write(packet(kind, payload))
        self._in.flush()

    def go(self) -> None:
        """Go without a word."""
        self._in.close()

    def ended(self) -> tuple[bytes, str, int]:
        """What else came, what the app said, and its status."""
        if self._in.closed:
            self._served.stdin = None
        left, said = self._served.communicate(timeout=20)
        return left, said.decode(), self._served.returncode


@contextmanager
def opened(*words: str) -> Iterator[Page]:
    environment = {**os.environ, "TEXTUAL_DRIVER": IN_A_BROWSER, "COLUMNS": "100", "ROWS": "30"}
    command = [sys.executable, "-P", "-m", "chainstep.tui", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as served:
        yield Page(served)


def test_a_page_that_is_closed_saves() -> None:
    with opened("lecture") as page:
        page.read_until(b"? help")
        page.send(b"D", b"\r")
        page.read_until(b"op 0/11")
        page.send(b"M", json.dumps({"type": "quit"}).encode())
        left, said, status = page.ended()
    assert packet(b"M", b'{"type": "exit"}') in left
    assert re.fullmatch(r"chainstep: lecture is saved at step 0: `chainstep resume \S+` opens it again\n", said)
    assert status == 0
    session = runs.resume(None).session
    assert (session.step, session.op) == (0, 292)


def test_each_frame_waits_for_the_page_and_a_server_that_is_gone_saves(tmp_path: Path) -> None:
    with opened("moons", "--steps", "1000000") as page:
        page.read_until(b"? help")
        page.send(b"D", b" ")
        for _ in range(3):
            asked = page.read_until(b"\x1b[6n")
            assert asked.count(b"\x1b[6n") == 1
            place = re.findall(rb"\x1b\[(\d+);(\d+)H\x1b\[6n", asked)
            page.send(b"D", b"\x1b[%s;%sR" % place[0])
        page.go()
        _, said, status = page.ended()
    assert "moons is saved at step" in said
    assert status == 128 + SIGHUP
    assert len(list_runs(tmp_path / "state" / "runs").runs) == 1


@pytest.mark.parametrize("driver", ["", "somebody:Driver", IN_A_BROWSER + "s"])
def test_another_driver_is_no_browser(monkeypatch: pytest.MonkeyPatch, driver: str) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", driver)
    with pytest.raises(NoTerminalError):
        require_terminal("chainstep train lecture")
