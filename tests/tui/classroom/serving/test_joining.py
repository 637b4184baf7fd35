"""Who joins a class, and what it takes in. Must not know what a session shows."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from chainstep.tui.classroom import sockets
from chainstep.tui.classroom.serving import fork, joining, meeting, server
from chainstep.tui.classroom.serving.request import RequestError, check, receive
from chainstep.tui.cli.commands import commands


def test_every_command_is_known_to_open_the_app_or_not_to() -> None:
    known = {name for name, command in commands.commands.items() if not command.hidden} | {"script"}

    assert known - {*joining.OPENING, *joining.ALONE} == set()
    assert set(joining.OPENING).isdisjoint(joining.ALONE)


def test_whoever_joins_loads_next_to_nothing(tmp_path: Path) -> None:
    program = """
import sys
before = set(sys.modules)
from chainstep.tui.cli import main
from chainstep.tui.classroom.serving import joining
joining._taken_in("nowhere", ["lecture"])
joining.as_json(joining.asking(["lecture"]))
print(*sorted(set(sys.modules) - before))
"""
    ran = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}" + program],
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = set(ran.stdout.split())
    assert "chainstep.tui.cli.entry" in loaded
    assert not loaded & {"json", "socket", "signal", "enum", "re", "functools", "collections", "typing", "click"}


def test_what_is_asked_is_written_as_json() -> None:
    asked = {**joining.asking(['a"b', "\u00fc\n", "\udcff"]), "more": [[], {}, True, False, -3, {"x": [1, "2"]}]}
    assert joining.as_json(asked) == json.dumps(asked)


def test_where_no_class_is_open_a_session_begins_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever lies there, and whoever could get in."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(joining, "joins", lambda _: True)
    joining.join(["lecture"])  # comes back
    folder = tmp_path / "chainstep"
    folder.mkdir(0o700)
    (folder / meeting.SOCKET).write_text("")
    joining.join(["lecture"])
    folder.chmod(0o755)
    assert not sockets.is_private(str(folder))


def test_nobody_waits_for_a_class_that_is_stopped(runtime: Path) -> None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(runtime / "class"))
    process = os.fork()
    if not process:  # who listens is who is at the other end
        listener.listen()
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    try:
        os.waitpid(process, os.WUNTRACED)
        assert joining._taken_in(str(runtime / "class"), ["lecture"]) is None
        if sys.platform == "linux":  # it was asked nothing, so that there was nothing to wait for
            with listener.accept()[0] as asked:
                assert asked.recv(1) == b""
    finally:
        listener.close()
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def test_whoever_has_gone_is_answered_in_vain() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        assert not server._answer(ours, "joined")


def test_a_session_is_in_the_time_zone_of_whoever_joined() -> None:
    before = dict(os.environ)
    try:
        fork._be_in({**before, "TZ": "UTC-9"})
        assert time.localtime(0).tm_hour == 9
    finally:
        fork._be_in(before)


@pytest.fixture
def descriptors(tmp_path: Path) -> Iterator[list[int]]:
    """A terminal three times, a folder, and a pipe to write to."""
    master, terminal = os.openpty()
    read, write = os.pipe()
    folder = os.open(tmp_path, os.O_RDONLY)
    yield [terminal, terminal, terminal, folder, write]
    for number in (master, terminal, read, write, folder):
        os.close(number)


def sent(pieces: list[bytes], descriptors: Sequence[int] = ()) -> tuple[dict[str, Any], int]:
    """What a class makes of these bytes, and how many descriptors it gets."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(2)
        if descriptors:
            socket.send_fds(ours, [pieces.pop(0)], descriptors)
        for piece in pieces:
            ours.sendall(piece)
        ours.shutdown(socket.SHUT_WR)
        asked, came = receive(theirs)
        for descriptor in came:
            os.close(descriptor)
        return asked, len(came)


def head(text: bytes) -> bytes:
    return len(text).to_bytes(meeting.LENGTH)


def test_what_is_asked_is_read_in_pieces_and_what_makes_no_sense_is_refused(descriptors: list[int]) -> None:
    asking = json.dumps(joining.asking(["moons", "--lr", "0.5"])).encode()
    asked, came = sent([head(asking), asking[:10], asking[10:]], descriptors)
    assert asked["words"] == ["moons", "--lr", "0.5"]
    assert came == len(descriptors)
    check(asked, descriptors)
    nonsense = (b"", b"\0", head(b"{}"), head(b"{}") + b"{", head(b"[]") + b"[]", head(b"{x") + b"{x", b"\xff" * 9)
    for given in (*nonsense, head(b"[" * 99_999) + b"[" * 99_999):
        with pytest.raises(RequestError):
            sent([given])


def test_a_session_that_could_not_be_the_same_is_not_taken_in(descriptors: list[int]) -> None:
    asked: dict[str, Any] = json.loads(json.dumps(joining.asking(["moons"])))
    check(asked, descriptors)
    for name, other in (
        ("installation", ["elsewhere", 1]),
        ("read at once", {"PYTHONHASHSEED": "7"}),
        ("words", [1]),
        ("words", ["a\0b"]),
        ("environment", {"A=B": "c"}),
        ("environment", {"A": 1}),
        ("environment", None),
        ("umask", "022"),
        ("limits", []),
    ):
        with pytest.raises(RequestError):
            check({**asked, name: other}, descriptors)
    terminal, _, _, folder, said = descriptors
    for given in ([], descriptors[:4], [terminal] * 5, [terminal, terminal, said, folder, said]):
        with pytest.raises(RequestError):
            check(asked, given)
