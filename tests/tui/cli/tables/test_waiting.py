"""The line that tells how far a table has been read, or a network laid out. Knows no table."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from chainstep.engine.training.setup.laying import laid_out
from chainstep.tui.cli.tables.waiting import Laying, Waiting, line
from chainstep.tui.files.subjects.opening import open_subject


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """In place of stderr; no fixture, since pytest would put its own there again."""
    made = Screen()
    monkeypatch.setattr("sys.stderr", made)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    return made


def test_the_line_fits_and_says_how_far() -> None:
    assert line("m.csv", 2**20, 4 * 2**20, 60) == f"reading m.csv  {'■' * 7:26}    25 %, 1 of 4 MB"
    assert line("m.csv", 4 * 2**20, 4 * 2**20, 60).endswith(f"{'■' * 10}  100 %, being prepared")
    assert line("m.csv", 1, 2, 20) == "reading m.csv   50 %"
    assert line("m.csv", 1, 0, 200).count("■") == 0


def test_it_is_drawn_from_the_first_moment_that_is_long_and_then_goes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    screen = terminal(monkeypatch)
    path = tmp_path / "m.csv"
    path.write_bytes(bytes(1000))
    times = iter((0.0, 0.05, 0.11, 0.12, 0.3))
    with Waiting(str(path), clock=lambda: next(times)) as waiting:
        waiting(100)
        assert screen.getvalue() == ""
        for read in (200, 300, 400):
            waiting(read)
    told = screen.getvalue().split("\r")
    assert [" 20 %" in told[1], " 40 %" in told[2], told[3:]] == [True, True, ["\x1b[K"]]


def test_a_pipe_and_what_is_soon_done_are_told_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    screen = terminal(monkeypatch)
    with Waiting(str(tmp_path / "gone.csv")) as waiting:
        waiting(1)
    assert screen.getvalue() == ""
    monkeypatch.setattr("sys.stderr", pipe := io.StringIO())
    with Waiting("m.csv", clock=iter((0.0, 9.0)).__next__) as waiting:
        waiting(1)
    assert pipe.getvalue() == ""


def test_a_large_network_tells_how_much_of_it_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    with Laying(clock=iter(range(1000)).__next__):
        open_subject("moons", overrides={"hidden": (12, 12)})
    *told, last = screen.getvalue().split("\r")[1:]
    shares = [int(text.split(" %")[0].split()[-1]) for text in told]

    assert shares == sorted(shares)
    assert (len(shares) > 40, shares[0] < 20, shares[-1], last) == (True, True, 100, "\x1b[K")
    assert all(text.endswith(" %, ctrl+c leaves\x1b[K") and len(text) < 63 for text in told)
    assert laid_out.get() is None
