"""A class that is open: sessions under terminals of their own join it, and are what they are by themselves. Must not
know what they show.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chainstep.tui.app import ChainstepApp
from chainstep.tui.classroom.serving.server import ClassError, listed
from chainstep.tui.cli.classroom import session as rehearsed
from chainstep.tui.files.coached import remember
from chainstep.tui.files.store.reading import list_runs
from support.screen.processes import forked
from support.screen.terminal import CTRL_Q, CTRL_Z, RIGHT, Terminal

PROGRAM = (sys.executable, "-P", "-m", "chainstep.tui")
KEYS = (RIGHT, RIGHT, "]", RIGHT)


@pytest.fixture(scope="module")
def runtime() -> Iterator[Path]:
    """A folder whose name is short enough for a socket."""
    with a_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def open_class(runtime: Path) -> Iterator[Terminal]:
    """A class in a terminal, for tests that leave it open: they may come in any order."""
    with a_class(runtime) as it:
        yield it


@contextmanager
def a_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="class-") as folder:
        yield Path(folder)


@contextmanager
def a_class(runtime: Path) -> Iterator[Terminal]:
    env = {"XDG_RUNTIME_DIR": str(runtime), "CHAINSTEP_STATE": str(runtime / "state")}
    with Terminal([*PROGRAM, "class"], env=env, start=forked) as it:
        it.read_until("the class is open", 60)
        yield it


@pytest.fixture(autouse=True)
def _coached(state: None) -> None:
    """When a coach begins to lead depends on how fast the machine is."""
    remember()


def session(runtime: Path, *words: str) -> Terminal:
    """chainstep with these words, where it may join."""
    return Terminal([*PROGRAM, *words], env={"XDG_RUNTIME_DIR": str(runtime)})


def after_keys(it: Terminal) -> list[str]:
    """The screen after some keys, and a step of one neuron."""
    it.read_until("? help", 30)
    for key in KEYS:
        it.send(key)
    it.read_until(lambda shown: all(any(word in row for row in shown.screen()) for word in ("neuron 2", "by neuron")))
    it.listen(0.1)  # panes are drawn one after the other
    return it.screen()


def status_of(process: Path) -> dict[str, str]:
    """What the kernel tells of a process, a line each."""
    return dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)


def test_a_session_is_what_it_is_by_itself(
    open_class: Terminal, runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    with Terminal([*PROGRAM, "lecture"], env={"XDG_RUNTIME_DIR": str(tmp_path)}, start=forked) as alone:
        shown = after_keys(alone)
        alone.send("q")
        assert alone.wait() == 0
    with session(runtime, "lecture") as it, session(runtime, "moons", "--seed", "7") as other:
        after_keys(it)
        it.read_until(lambda _: it.screen() == shown)
        other.read_until("? help", 30)
        assert sorted(row["words"] for row in listed()) == ["lecture", "moons --seed 7"]
        assert {row["playing"] for row in listed()} == {False}
        other.resize(120, 36)
        other.read_until("seed 7")
        other.send(" ")
        other.read_until("playing")
        assert {row["words"] for row in listed() if row["playing"]} == {"moons --seed 7"}
        other.signal(signal.SIGTERM)
        assert other.wait() == 128 + signal.SIGTERM
        assert other.restored()
        it.send(CTRL_Q)
        assert it.wait() == 0
        assert it.restored()
    names = [run.name.partition("-")[0] for run in list_runs(tmp_path / "state" / "runs").runs]
    assert sorted(names) == ["lecture", "lecture", "moons"]
    open_class.read_until("0 sessions")


def test_a_session_has_what_whoever_joined_has_and_nothing_of_the_class(
    open_class: Terminal, runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    before = os.umask(0o027)
    try:
        joining = session(runtime, "lecture")
    finally:
        os.umask(before)
    with joining as it:
        it.read_until("? help", 30)
        process = Path("/proc") / str(listed()[0]["pid"])
        if not process.exists():
            pytest.skip("nothing tells of processes here")
        # While a thread is begun, all signals are blocked for a moment.
        it.read_until(lambda _: int(status_of(process)["SigBlk"], 16) == 0)
        status = status_of(process)
        assert status["Umask"] == "0027"
        ignored = {number for number in range(1, 32) if int(status["SigIgn"], 16) >> number - 1 & 1}
        assert ignored == {signal.SIGPIPE, signal.SIGXFSZ}
        assert (process / "cwd").resolve() == tmp_path
        assert (process / "limits").read_text() == Path("/proc/self/limits").read_text()
        opened = [os.readlink(each) for each in (process / "fd").iterdir()]  # noqa: PTH115
        assert not [name for name in opened if str(runtime) in name]
        it.send("q")
        assert it.wait() == 0


def test_a_holder_that_is_killed_is_a_terminal_that_hung_up(
    open_class: Terminal, runtime: Path, tmp_path: Path
) -> None:
    with session(runtime, "lecture") as killed, session(runtime, "lecture") as left:
        after_keys(killed)
        after_keys(left)
        open_class.read_until("2 sessions")
        killed.signal(signal.SIGKILL)
        open_class.read_until("1 session")
        left.hangup()
        open_class.read_until("0 sessions")
    assert len(list_runs(tmp_path / "state" / "runs").runs) == 2


def test_a_session_that_dies_is_told_and_hurts_nobody(
    open_class: Terminal, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    with session(runtime, "lecture") as it, session(runtime, "wonderland") as other:
        after_keys(it)
        other.read_until("? help", 30)
        os.kill(next(row["pid"] for row in listed() if row["words"] == "wonderland"), signal.SIGSEGV)
        assert other.wait() == 70
        assert "the session has died" in "\n".join(other.screen())
        assert set(other.leftovers()) <= {"termios"}  # they are sane, which is all that is left to be
        it.send(RIGHT)
        it.read_until("neuron 3")
        it.send("q")
        assert it.wait() == 0


def test_a_shell_has_the_terminal_while_a_session_is_stopped(open_class: Terminal, runtime: Path) -> None:
    script = f"'{sys.executable}' -P -m chainstep.tui lecture; echo the shell; fg"
    with Terminal(["sh", "-m", "-c", script], env={"XDG_RUNTIME_DIR": str(runtime)}) as it:
        it.read_until("? help", 30)
        open_class.read_until("1 session")
        it.send(RIGHT)
        it.read_until("op 1/")
        it.send(CTRL_Z)
        it.read_until(lambda it: b"the shell" in it.output)
        it.read_until("op 1/")
        it.send(RIGHT)
        it.read_until("op 2/")
        it.send("q")
        assert it.wait() == 0


def test_a_signal_ends_a_class_that_is_not_open_yet(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the app alone that is rehearsed for it."""
    heard: list[int] = []
    monkeypatch.setattr(rehearsed, "_KEYS", ())
    monkeypatch.setattr(rehearsed, "_die", heard.append)
    monkeypatch.setattr(ChainstepApp, "on_ready", lambda app: signal.raise_signal(signal.SIGTERM))
    asyncio.run(rehearsed._rehearse())
    assert set(heard) == {signal.SIGTERM}


def test_one_class_a_user_which_starts_no_thread_and_goes_before_its_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_folder() as runtime, a_class(runtime) as its:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        _goes_before_its_sessions(its, runtime)


def _goes_before_its_sessions(open_class: Terminal, runtime: Path) -> None:
    with Terminal([*PROGRAM, "class"], env={"XDG_RUNTIME_DIR": str(runtime)}) as second:
        assert second.wait() == 2
        assert "a class is open already" in "\n".join(second.screen())
    with session(runtime, "lecture") as it:
        after_keys(it)
        server = Path(f"/proc/{open_class.pid}")
        if server.exists():
            assert len(list((server / "task").iterdir())) == 1
            assert "llvmlite" not in (server / "maps").read_text()
        open_class.signal(signal.SIGTERM)
        open_class.read_until("1 session left", 10)
        with pytest.raises(ClassError, match="no class is open"):
            listed()
        it.send(RIGHT)
        it.read_until("neuron 3")
        it.send("q")
        assert it.wait() == 0
        assert it.restored()
    assert open_class.wait() == 0
