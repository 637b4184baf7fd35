"""The app is stopped, goes on, and is asked whether it is there, under a real terminal. Must not know its panes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios

import pytest

from chainstep.tui.terminal import signals
from support.screen.processes import forked, fresh
from support.screen.terminal import CTRL_Q, CTRL_Z, RIGHT, Terminal

QUERY = b"\x1b[6n"
PROGRAM = (sys.executable, "-P", "-m", "chainstep.tui", "lecture")
PULSE = """
import sys
from chainstep.tui import app
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.terminal import link
link.PATIENT = 6
app.ChainstepApp.TICK = app.ChainstepApp.PULSE = 0.05
sys.exit(app.ChainstepApp(*open_subject("lecture")).run_to_end())
"""
"""The app, with seconds and minutes that are short."""


def left(it: Terminal) -> None:
    assert it.wait() == 0
    assert it.leftovers() == []


# --- stopped from outside


@pytest.mark.parametrize("stop", [False, True])
def test_a_continuation_without_a_suspension_changes_nothing(stop: bool) -> None:
    # Only a parent is told that a process has stopped.
    with Terminal(PROGRAM, start=fresh if stop else forked) as it:
        it.read_until("? help")
        while it.listen(0.3):
            pass
        before = it.received
        for _ in range(3):
            if stop:
                it.signal(signal.SIGSTOP)
                os.waitpid(it.pid, os.WUNTRACED)
            it.signal(signal.SIGCONT)
        it.send(RIGHT)
        it.read_until("op 1/")
        assert b"\x1b[?1049h" not in it.output[before:]
        it.send(CTRL_Q)
        left(it)


def test_what_a_shell_has_done_to_the_terminal_is_undone() -> None:
    with Terminal(PROGRAM) as it:
        modes = termios.tcgetattr(it._master)
        it.read_until("? help")
        it.signal(signal.SIGSTOP)
        os.waitpid(it.pid, os.WUNTRACED)
        raw, before = termios.tcgetattr(it._master), it.received
        termios.tcsetattr(it._master, termios.TCSANOW, modes)
        it.signal(signal.SIGCONT)
        it.read_until(lambda it: b"chainstep" in it.output[before:] and b"Network" in it.output[before:])
        assert termios.tcgetattr(it._master) == raw
        it.send(RIGHT)
        it.read_until("op 1/")
        it.send(CTRL_Q)
        left(it)


# --- stopped by a key


def test_a_key_goes_to_the_shell_and_back() -> None:
    script = f"'{sys.executable}' -P -m chainstep.tui lecture; echo the shell; fg"
    with Terminal(["sh", "-m", "-c", script]) as it:
        it.read_until("? help")
        it.send(RIGHT)
        it.read_until("op 1/")
        it.send(CTRL_Z)
        it.read_until(lambda it: b"the shell" in it.output)
        it.read_until("op 1/")
        it.send(RIGHT)
        it.read_until("op 2/")
        it.send("q")
        assert it.wait() == 0
        assert [left for left in it.leftovers() if left != "termios"] == []


def test_where_there_is_no_shell_the_key_says_so() -> None:
    with Terminal(PROGRAM, start=forked) as it:
        it.read_until("? help")
        it.send(CTRL_Z)
        it.read_until("no shell has started this")
        it.send(RIGHT)
        it.read_until("op 1/")
        it.send("q")
        left(it)


@pytest.mark.parametrize(
    ("group", "session", "parents", "leaders", "behind"),
    [
        (30, 20, 20, 20, True),  # a job of an interactive shell
        (20, 20, 10, 20, False),  # the session's own process, as sshd starts one command
        (20, 20, 20, 20, False),  # a shell without job control
        (30, 20, 1, 20, False),  # its shell is gone
    ],
)
def test_there_is_a_shell_where_one_manages_jobs(
    monkeypatch: pytest.MonkeyPatch, group: int, session: int, parents: int, leaders: int, behind: bool
) -> None:
    monkeypatch.setattr(os, "getpgrp", lambda: group)
    monkeypatch.setattr(os, "getppid", lambda: 7)
    monkeypatch.setattr(os, "getsid", lambda of: parents if of == 7 else session)
    monkeypatch.setattr(os, "getpgid", lambda of: leaders)
    assert signals.has_shell() == behind


async def test_a_signal_is_heard_by_a_loop_that_was_held_up() -> None:
    heard: list[int] = []
    signals.on_fatal(heard.append)
    loop = asyncio.get_running_loop()
    try:
        for _ in range(1_000):  # as the driver's threads do for each key
            loop.call_soon_threadsafe(lambda: None)
        signal.raise_signal(signal.SIGHUP)
        await asyncio.sleep(0)
        assert set(heard) == {signal.SIGHUP}
    finally:
        for number in signals._fatal():
            loop.remove_signal_handler(number)
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_DFL


# --- a link that is dead while nothing is painted


def pulsing(*, ssh: bool = True, answers: bool = True) -> Terminal:
    env = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22" if ssh else None}
    return Terminal([sys.executable, "-P", "-c", PULSE], env=env, answers=answers, start=forked)


def test_over_ssh_a_paused_terminal_that_falls_dumb_is_gone() -> None:
    with pulsing() as it:
        it.read_until("? help")
        it.read_until(lambda it: it.output.count(QUERY) > 3)
        it.answers = False
        assert it.wait() == 128 + signal.SIGHUP
        assert it.leftovers() == []


@pytest.mark.parametrize(("ssh", "asked"), [(True, 1), (False, 0)])
def test_who_never_answers_or_is_on_this_machine_is_left_alone(ssh: bool, asked: int) -> None:
    with pulsing(ssh=ssh, answers=False) as it:
        it.read_until("? help")
        it.listen(1.0)
        assert it.output.count(QUERY) == asked
        it.send("q")
        left(it)
