"""The app under a real terminal: it opens, resizes, ends and is silent as a guest should. Must not know its panes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from chainstep.engine.training.commands import Forward, Goto
from chainstep.tui.files import runs
from chainstep.tui.files.store.reading import list_runs
from support.runs.saved import saved
from support.screen.processes import Start, forked, fresh
from support.screen.sessions import after
from support.screen.terminal import CTRL_Q, ENTER, ESCAPE, LEFT, RIGHT, Terminal
from support.sessions import numbers_of

PROGRAM = [sys.executable, "-m", "chainstep.tui"]
ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-_]|\][^\x07\x1b]*(?:\x07|\x1b\\))")


def app(*arguments: str, env: Mapping[str, str | None] | None = None, start: Start = forked) -> Terminal:
    return Terminal([*PROGRAM, *arguments], size=(120, 36), env=env, start=start)


def settled(terminal: Terminal) -> None:
    """Read until nothing comes for a moment."""
    deadline = time.monotonic() + 10
    while terminal.listen(0.3):
        assert time.monotonic() < deadline, "it never falls silent"


def ended(status: int, terminal: Terminal) -> None:
    assert terminal.wait() == status
    assert terminal.leftovers() == []


def test_opens_steps_plays_and_quits_clean() -> None:
    with app(start=fresh) as terminal:
        screen = terminal.read_until("? help")
        assert "step 0" in screen[0]
        assert "MLP 3-4-4-1 tanh" in screen[0]
        terminal.send(RIGHT)
        terminal.read_until("op 1/292")
        terminal.send(" ")
        terminal.read_until("step 20 ")
        terminal.read_until("paused at step 20")
        terminal.send("q")
        ended(0, terminal)
        said = [row for row in terminal.screen() if row]
    (run,) = list_runs(runs.run_folder()).runs
    assert said == [f"chainstep: lecture is saved at step 20: `chainstep resume {run.name}` opens it again"]
    session, _ = saved()
    assert numbers_of(session) == numbers_of(after(Goto(20)))


def test_many_resizes_leave_it_alive_and_right() -> None:
    sizes = [(80, 24), (200, 60), (60, 20), (120, 36), (20, 5), (1, 1), (81, 25), (119, 50), (300, 10), (79, 24)]
    with app() as terminal:
        terminal.read_until("? help")
        for turn in range(300):
            terminal.resize(*sizes[turn % len(sizes)])
            # What the program makes of it is taken in, or its writes would block.
            terminal.listen(0.005)
        terminal.resize(100, 30)
        terminal.send(RIGHT)
        terminal.read_until("op 1/292")
        # Each row of panes ends at the right edge, and nothing is left of the sizes before.
        terminal.read_until(lambda it: all(len(row) in (99, 100) for row in it.screen()[1:-2]))
        screen = terminal.read_until(lambda it: "q quit" in it.screen()[-1])
        assert len(screen) == 30
        assert all(title in "\n".join(screen) for title in ("Network", "Loss", "Parameters", "Chain rule", "lr 0.1"))
        terminal.send("q")
        ended(0, terminal)


def test_a_terminal_that_got_its_size_back_is_painted_again() -> None:
    with app() as terminal:
        terminal.read_until("? help")
        settled(terminal)
        before = terminal.screen()
        # It hears of both at once, when the size is what it was.
        terminal.resize(60, 20)
        terminal.resize(120, 36)
        assert terminal.screen() != before
        terminal.read_until(lambda it: it.screen() == before)
        terminal.send("q")
        ended(0, terminal)


def test_keys_typed_in_a_burst_count_in_their_order() -> None:
    with app() as terminal:
        terminal.read_until("? help")
        terminal.send("I]]]" + RIGHT + RIGHT + LEFT)
        terminal.read_until("sample 2/4")
        screen = terminal.read_until("by sample")
        assert "seed 1338" in screen[0]
        settled(terminal)
        assert "sample 2/4" in terminal.screen()[0]
        terminal.send("q")
        ended(0, terminal)


def test_a_dialog_is_closed_by_escape_and_left_by_ctrl_q() -> None:
    with app() as terminal:
        terminal.read_until("? help")
        terminal.send("g")
        terminal.read_until("Go to step")
        terminal.send("x" + ENTER)
        terminal.read_until("'x' is no whole number")
        terminal.send(ESCAPE)
        terminal.read_until(lambda it: "Go to step" not in "".join(it.screen()))
        terminal.send("g")
        terminal.read_until("Go to step")
        terminal.send(CTRL_Q)
        ended(0, terminal)


# --- ends that the user did not choose


@pytest.mark.parametrize("number", ENDINGS, ids=lambda number: number.name)
def test_a_signal_saves_restores_and_tells_its_number(number: signal.Signals) -> None:
    with app() as terminal:
        terminal.read_until("? help")
        terminal.send(ENTER + RIGHT)
        terminal.read_until("op 1/")
        terminal.signal(number)
        ended(128 + number, terminal)
    session, _ = saved()
    assert numbers_of(session) == numbers_of(after(Forward("phase"), Forward("op")))
    if number == signal.SIGTERM:
        with app("resume") as terminal:
            terminal.read_until(f"{session.snapshot().position.phase}   op 1/")
            terminal.send("q")
            ended(0, terminal)


def test_a_signal_ends_it_in_the_middle_of_playing() -> None:
    with app("lecture", "--steps", "100000000") as terminal:
        terminal.read_until("? help")
        terminal.send(" ")
        terminal.read_until(lambda it: bool(re.search(r"playing +step [1-9]", it.screen()[0])))
        terminal.signal(signal.SIGTERM)
        ended(128 + signal.SIGTERM, terminal)
    session, _ = saved()
    assert session.step > 0
    assert numbers_of(session) == numbers_of(after(Goto(session.step, session.op)))


@pytest.mark.parametrize("keys", ["", " "], ids=["idle", "playing"])
def test_a_terminal_that_is_gone_ends_it(keys: str) -> None:
    with app("lecture", "--steps", "100000000") as terminal:
        terminal.read_until("? help")
        terminal.send(RIGHT)
        terminal.read_until("op 1/292")
        if keys:
            terminal.send(keys)
            terminal.read_until("playing")
        terminal.hangup()
        assert terminal.wait() == 128 + signal.SIGHUP
    session, _ = saved()
    assert numbers_of(session) == numbers_of(after(Goto(session.step, session.op)))
    assert (session.step, session.op) >= (0, 1)
    assert len(list(runs.run_folder().iterdir())) == 1


def test_a_run_that_could_not_be_saved_is_a_status_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with app() as terminal:
        terminal.read_until("? help")
        terminal.send(RIGHT + "q")
        ended(73, terminal)
        said = "".join(terminal.screen())
    assert said.startswith("chainstep: the run could not be saved in ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_whatever_kills_it_what_was_done_is_saved(number: signal.Signals) -> None:
    with app() as terminal:
        terminal.read_until("? help")
        terminal.send(ENTER + "+")
        terminal.read_until("lr 0.3")
        settled(terminal)
        terminal.signal(number)
        terminal.wait()
    with app("resume") as terminal:
        terminal.read_until("lr 0.3")
        terminal.send("q")
        ended(0, terminal)
    assert len(list(runs.run_folder().iterdir())) == 1


# --- manners


def test_an_idle_screen_is_silent() -> None:
    with app() as terminal:
        terminal.read_until("? help")
        terminal.send(RIGHT)
        terminal.read_until("op 1/")
        settled(terminal)
        assert terminal.listen(1) == 0
        terminal.send("q")
        ended(0, terminal)


def test_without_a_terminal_it_says_what_to_do(tmp_path: Path) -> None:
    for stdin in (subprocess.DEVNULL, subprocess.PIPE):
        ran = subprocess.run(PROGRAM, stdin=stdin, capture_output=True, text=True, timeout=30, check=False)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.count("\n") == 1
        assert "chainstep train" in ran.stderr
    assert not (tmp_path / "state").exists()


def test_a_dumb_terminal_is_told_so() -> None:
    with app(env={"TERM": "dumb"}, start=fresh) as terminal:
        ended(2, terminal)
        said = [row for row in terminal.screen() if row]
        assert len(" ".join(said).splitlines()) == 1
        assert "TERM=dumb" in " ".join(said)
        assert b"\x1b" not in terminal.output


def test_without_utf8_only_ascii_is_written() -> None:
    with app(env={"LC_ALL": "C"}, start=fresh) as terminal:
        terminal.read_until("? help")
        terminal.send(ENTER * 3 + RIGHT * 9)
        terminal.read_until("op 9/303")
        terminal.send("?")
        terminal.read_until("Stepping")
        terminal.send(ESCAPE)
        terminal.read_until(lambda it: "Stepping" not in "".join(it.screen()))
        terminal.send("q")
        ended(0, terminal)
        written = ESCAPES.sub(b"", bytes(terminal.output)).decode()
        assert {sign for sign in written if not sign.isascii()} == set()
