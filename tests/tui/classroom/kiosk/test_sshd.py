"""The README's recipe for OpenSSH, followed to the letter, and tried by a person with only that key."""

from __future__ import annotations

import configparser
import re
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chainstep.tui.files.store.reading import list_runs
from support.screen.terminal import CTRL_Z, RIGHT, Terminal
from support.ssh import recipe
from support.ssh.server import Ending, Server, missing, process_with

SLOW = 60
"""Seconds that a busy machine may take."""

needs_ssh = pytest.mark.skipif(bool(missing()) or sys.platform != "linux", reason=f"{missing() or 'Linux'} is not here")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def server(tmp_path: Path, home: Path) -> Iterator[Server]:
    with recipe.server(tmp_path / "sshd", home) as server:
        yield server


def runs(home: Path) -> list[tuple[int, str]]:
    """The step and the name of each run of anna's. Nothing else has been written."""
    store = recipe.store(home)
    files = {path for path in home.rglob("*") if path.is_file()}
    found = list_runs(store / "runs")
    assert {path for path in files if not path.is_relative_to(store)} == set()
    assert not found.damaged
    return [(run.header.step, run.name) for run in found.runs]


def begun(home: Path, terminal: Terminal) -> Ending:
    """The app is on the screen; gives the end of its process."""
    terminal.read_until("? help", SLOW)
    return Ending(process_with(f"HOME={home}"))


@needs_ssh
def test_the_recipe_lets_somebody_in_and_nowhere_else(server: Server, home: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        near = free.getsockname()[1]
    aimed = tmp_path / "made"
    with server.session("-L", f"{near}:127.0.0.1:{server.port}", "-A", command=f"touch {aimed}") as terminal:
        ended = begun(home, terminal)
        terminal.send(RIGHT)
        terminal.read_until("op 1/", SLOW)
        with socket.create_connection(("127.0.0.1", near), SLOW) as through:
            assert through.recv(10) == b"", "no byte of sshd's greeting comes through"
        terminal.send(f"P{CTRL_Z}")
        terminal.send("]")
        terminal.read_until("by neuron", SLOW)
        terminal.send("q")
        assert terminal.wait(SLOW) == 0
        assert "lecture is saved at step 0" in "".join(terminal.screen())
        ended.wait()
    assert len(runs(home)) == 1
    far = server.ran([*server.client("ssh", "-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1")])
    assert (far.returncode, "forwarding failed" in far.stderr) == (255, True)
    copied = server.ran([*server.client("scp", "-O", destination=False), __file__, f"{server.destination}:{aimed}"])
    listed = server.ran(server.client("sftp"))
    assert (copied.returncode, listed.returncode) == (1, 255)
    assert "a kiosk needs a terminal: ssh -t asks for one" in copied.stderr
    assert not aimed.exists()
    assert len(runs(home)) == 1


@needs_ssh
def test_a_client_that_is_killed_has_saved_once(server: Server, home: Path) -> None:
    with server.session() as terminal:
        ended = begun(home, terminal)
        terminal.send("]" * 5 + RIGHT * 3)
        terminal.read_until("step 3", SLOW)
        terminal.signal(signal.SIGKILL)
        terminal.wait(SLOW)
        ended.wait()
    assert [step for step, _ in runs(home)] == [3]


@needs_ssh
def test_a_link_that_is_dead_has_saved_once(tmp_path: Path, home: Path) -> None:
    with recipe.server(tmp_path / "sshd", home, hurried=True) as server, server.session() as terminal:
        ended = begun(home, terminal)
        terminal.read_until(lambda it: b"\x1b[6n" in it.output, SLOW)  # with the first frame, though nothing plays
        terminal.send("]" * 5 + RIGHT * 3)
        terminal.read_until("step 3", SLOW)
        terminal.signal(signal.SIGSTOP)
        ended.wait()
        terminal.signal(signal.SIGKILL)
    assert [step for step, _ in runs(home)] == [3]


def test_the_slice_is_one() -> None:
    read = configparser.ConfigParser()
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(recipe.block("slice"))
    assert set(read["Slice"]) == {"MemoryMax", "TasksMax", "CPUWeight"}
    assert re.fullmatch(r"\d+G", read["Slice"]["MemoryMax"])
    assert int(read["Slice"]["TasksMax"]) > 40 * 12
    assert 1 <= int(read["Slice"]["CPUWeight"]) <= 10_000
