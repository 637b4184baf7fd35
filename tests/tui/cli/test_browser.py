"""The app in a browser, as textual-serve runs it: over pipes, in packets. Must not know its panes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from chainstep.tui.cli.guards import IN_A_BROWSER, NoTerminalError, require_terminal
from chainstep.tui.files import runs


def packet(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


def test_a_page_that_is_closed_saves() -> None:
    environment = {**os.environ, "TEXTUAL_DRIVER": IN_A_BROWSER, "COLUMNS": "100", "ROWS": "30"}
    command = [sys.executable, "-P", "-m", "chainstep.tui", "lecture"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as served:
        assert served.stdin is not None
        assert served.stdout is not None
        assert served.stdout.readline() == b"__GANGLION__\n"
        shown = b""
        while b"? help" not in shown:
            shown += served.stdout.read1()
        served.stdin.write(packet(b"D", b"\r"))
        served.stdin.flush()
        shown = b""
        while b"op 0/11" not in shown:
            shown += served.stdout.read1()
        served.stdin.write(packet(b"M", json.dumps({"type": "quit"}).encode()))
        served.stdin.flush()
        left, _ = served.communicate(timeout=20)
        assert packet(b"M", b'{"type": "exit"}') in left
    session = runs.resume(None).session
    assert (session.step, session.op) == (0, 292)


@pytest.mark.parametrize("driver", ["", "somebody:Driver", IN_A_BROWSER + "s"])
def test_another_driver_is_no_browser(monkeypatch: pytest.MonkeyPatch, driver: str) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", driver)
    with pytest.raises(NoTerminalError):
        require_terminal("chainstep train lecture")
