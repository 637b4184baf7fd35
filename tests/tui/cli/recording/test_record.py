"""`chainstep record`: a recording is what the terminal got, and what cannot be recorded is not done. Must not know what
the app shows.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from support.casts.played import read
from support.command_line import Run
from support.screen.processes import forked
from support.screen.terminal import RIGHT, Terminal

RECORD = [sys.executable, "-m", "chainstep.tui", "record"]


def test_a_recording_is_what_the_terminal_got(tmp_path: Path) -> None:
    with Terminal([*RECORD, "x.cast", "expr", "a*b", "a=2", "b=-3"], size=(90, 30), cwd=tmp_path, start=forked) as it:
        it.read_until("? help")
        it.send(RIGHT)
        it.read_until("zero_grad   op 0/2")
        it.resize(100, 32)
        it.read_until(lambda it: len(it.screen()[0]) > 90)
        it.listen(0.2)
        cast, got = read(tmp_path / "x.cast"), it.output.decode()
        assert "".join(cast.data("o")) == got
        assert cast.data("r") == ["100x32"]
        assert cast.played().screen() == it.screen()
        assert cast.played().cells() == it.cells()
        it.send("q")
        assert it.wait() == 0
        said = "\n".join(it.screen())

    cast = read(tmp_path / "x.cast")
    assert cast.header["title"] == "chainstep expr a*b a=2 b=-3"
    assert cast.header["env"] == {"TERM": "xterm-256color"}
    assert it.output.decode().startswith("".join(cast.data("o")))
    assert cast.played().leftovers() == []
    assert cast.data("m") == []
    assert "`asciinema play x.cast` shows it" in said


def test_one_whose_terminal_is_gone_says_so(tmp_path: Path) -> None:
    with Terminal([*RECORD, "x.cast"], cwd=tmp_path, start=forked) as it:
        it.read_until("? help")
        it.hangup()
        assert it.freeze() == 128 + signal.SIGHUP
    assert read(tmp_path / "x.cast").data("m") == ["ended with status 129"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["x.cast"], "stdin is no terminal"),
        (["x.cast", "train", "moons"], "chainstep train opens no screen that could be recorded"),
        (["x.cast", "record", "y.cast"], "chainstep record opens no screen that could be recorded"),
        (["moons"], "which file? chainstep record OUT.cast moons"),
        (["x.cast", "--pace", "2"], "--pace comes before the file"),
        (["--pace", "0", "x.cast"], "--pace must be above 0"),
        (["--pace", "nan", "x.cast"], "--pace must be above 0"),
    ],
)
def test_what_cannot_be_recorded_is_said_in_a_line(run: Run, tmp_path: Path, arguments: list[str], why: str) -> None:
    ran = run("record", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert why in ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "x.cast").exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["x.cast"], "x.cast is there already; --force writes over it"),
        (["nowhere/x.cast"], "nowhere/x.cast: no such file or directory"),
        (["y.cast", "learn", "--list"], "nothing is recorded in y.cast: no screen was opened"),
        (["--force", "x.cast", "nothing.csv"], "nothing.csv"),
    ],
)
def test_what_was_there_stays(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], why: str
) -> None:
    for module in ("guards", "recording.commands"):
        monkeypatch.setattr(f"chainstep.tui.cli.{module}.no_terminal", str)
    monkeypatch.setattr("os.get_terminal_size", lambda _: (80, 24))
    (tmp_path / "x.cast").write_text("mine")
    ran = run("record", *arguments)
    assert ran.status == 2
    assert why in ran.err
    assert [(path.name, path.read_text()) for path in tmp_path.glob("*.cast")] == [("x.cast", "mine")]
