"""The app over a link that is slow, dumb or dead, under a real terminal."""

from __future__ import annotations

import errno
import io
import os
import re
import signal
import sys

import pytest

from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.terminal.drivers.outlet import Outlet
from support.runs.saved import saved
from support.screen.processes import Start, forked, fresh
from support.screen.terminal import RIGHT, Terminal

CTRL_L = "\x0c"
QUERY = b"\x1b[6n"
HURRIED = """
import sys
from chainstep.tui import app
from chainstep.tui.terminal.drivers import linked
from chainstep.tui.files.subjects.opening import open_subject
linked.GOODBYE = 0.5
app.ChainstepApp.TICK = 0.05
sys.exit(app.ChainstepApp(*open_subject("moons", overrides={"steps": 1_000_000})).run_to_end())
"""
"""The app, with seconds that take a twentieth of one."""
LATE = """
import sys
from chainstep.tui import app
from chainstep.tui.files.subjects.opening import open_subject
def late(it, heard=app.ChainstepApp._check_resize):
    if it._painted:
        it._owed.append(it.screen._compositor.size.region)
        it.wake()
    heard(it)
app.ChainstepApp._check_resize = late
sys.exit(app.ChainstepApp(*open_subject("lecture")).run_to_end())
"""
"""The app, which sends a whole frame of the size before when it hears of another."""


def moons(
    *options: str,
    hurried: bool = False,
    size: tuple[int, int] = (120, 36),
    answers: bool = True,
    rate: int | None = None,
    start: Start = forked,
) -> Terminal:
    program = ["-c", HURRIED] if hurried else ["-m", "chainstep.tui", "moons", "--steps", "1000000", *options]
    return Terminal([sys.executable, "-P", *program], size=size, answers=answers, rate=rate, start=start)


SLOWLY = "]]]]]<<< "
"""Plays ten steps a second: at full speed it takes all of a processor, as long as one waits for it."""


def played(it: Terminal, keys: str = SLOWLY) -> None:
    """Open it, and have it play until a frame was acknowledged."""
    it.read_until("? help")
    it.send(keys)
    it.read_until(lambda it: it.output.count(QUERY) > 1)


def paused(it: Terminal) -> None:
    it.send(" ")
    it.read_until("space play")
    settled(it)


def settled(it: Terminal) -> None:
    while it.listen(0.3):
        pass


def test_it_asks_only_while_it_plays() -> None:
    with moons() as it:
        it.read_until("? help")
        it.send(RIGHT * 3)
        it.read_until("op 3/")
        assert QUERY not in it.output
        it.send(" ")
        it.read_until(lambda it: it.output.count(QUERY) > 3)
        paused(it)
        asked = it.output.count(QUERY)
        it.send(RIGHT + "]+")
        it.read_until("by neuron")
        settled(it)
        assert it.output.count(QUERY) == asked
        it.send("q")
        assert it.wait() == 0
        assert it.leftovers() == []


def test_a_frame_waits_for_the_answer_to_the_one_before() -> None:
    with moons("--horizon", "20") as it:
        played(it, " ")
        it.read_until("lr 0.1 ")  # its schedule is at its end
        it.answers = False
        answered = it.output.count(QUERY)
        it.read_until(lambda it: it.output.count(QUERY) > answered)
        settled(it)
        asked = it.output.count(QUERY)
        it.send("+" + "d")  # two keys, one frame later
        assert it.listen(0.3) == 0
        it.answers = True
        it.send("\x1b[1;1R")
        it.read_until(lambda it: it.output.count(QUERY) > asked)
        assert "gradients" in it.screen()[1]
        assert "lr 0.3 " in it.screen()[-2]
        it.send("q")
        assert it.wait() == 0


def test_a_terminal_that_never_answers_gets_its_frames() -> None:
    with moons(answers=False) as it:
        it.read_until("? help")
        it.send(SLOWLY)
        it.read_until(lambda it: bool(re.search(r"playing +step [1-9]", it.screen()[0])))
        steps = set[str]()
        for _ in range(10):
            if len(steps) < 5 and it.listen(0.15):
                steps.add(it.screen()[0])
        assert len(steps) >= 5
        assert it.output.count(QUERY) == 1
        it.send("q")
        assert it.wait() == 0
        assert it.leftovers() == []


def test_over_a_slow_link_no_key_is_lost() -> None:
    with moons(rate=30_000) as it:
        played(it, " ")
        for key in "-----+":
            it.send(key)
            it.listen(0.03)
        it.send("q")
        assert it.wait() == 0
        assert it.leftovers() == []
    before, _ = open_subject("moons")
    assert before.settings.lr == 1.0
    assert saved()[0].settings.lr == 0.01


class Gone(io.StringIO):
    """A terminal that has hung up."""

    def flush(self) -> None:
        raise OSError(errno.EIO, "Input/output error")


def test_a_terminal_that_has_hung_up_takes_all_and_is_told_of() -> None:
    heard: list[str] = []
    outlet = Outlet(Gone(), lambda: heard.append("drained"), lambda: heard.append("gone"))
    for text in ("frame", "query"):
        outlet.expect(text)
        outlet.write(text)
        outlet.flush()
        assert not outlet.busy
    assert heard == ["gone", "drained", "drained"]


# --- what is sent


def test_the_first_screen_is_sent_once() -> None:
    with moons() as it:
        it.read_until("? help")
        settled(it)
        assert it.output.count(b"Loss") == 1
        it.send("q")
        assert it.wait() == 0


def test_a_screen_of_another_size_is_sent_once() -> None:
    with moons() as it:
        it.read_until("? help")
        settled(it)
        before = it.received
        it.resize(100, 30)
        it.read_until(lambda it: it.received > before)
        settled(it)
        assert it.output[before:].count(b"Chain rule") == 1
        it.send("q")
        assert it.wait() == 0


def test_only_what_changed_is_sent() -> None:
    with moons() as it:
        it.read_until("? help")
        settled(it)
        first = it.received
        it.send(RIGHT)
        it.read_until("op 1/")
        settled(it)
        assert it.received - first < first / 10
        it.send("q")
        assert it.wait() == 0


def whole(it: Terminal, shown: list[str], before: int) -> None:
    """Everything that was shown is sent again."""
    it.read_until(lambda it: b"chainstep" in it.output[before:] and "? help" in it.screen()[-1])
    settled(it)
    assert it.screen() == shown
    it.send("q")
    assert it.wait() == 0
    assert it.leftovers() == []


def test_a_key_paints_all_of_it_again() -> None:
    with moons() as it:
        it.read_until("? help")
        settled(it)
        shown, before = it.screen(), it.received
        it.send(CTRL_L)
        whole(it, shown, before)


def test_a_suspended_app_paints_all_of_it_again() -> None:
    with moons(start=fresh) as it:
        it.read_until("? help")
        settled(it)
        shown, before = it.screen(), it.received
        it.signal(signal.SIGTSTP)
        it.read_until(lambda it: b"\x1b[?1049l" in it.output[before:])
        os.waitpid(it.pid, os.WUNTRACED)  # until it has stopped, as only a parent is told
        it.signal(signal.SIGCONT)
        whole(it, shown, before)


def test_a_frame_of_the_size_before_leaves_nothing_behind() -> None:
    """The terminal puts the ends of its rows into the last column."""
    with Terminal([sys.executable, "-P", "-c", LATE], size=(120, 36), start=forked) as it:
        it.read_until("? help")
        settled(it)
        before = it.received
        it.resize(90, 24)
        it.read_until(lambda it: it.received > before)
        settled(it)
        shown, before = it.screen(), it.received
        it.send(CTRL_L)
        whole(it, shown, before)


# --- dead links


@pytest.mark.parametrize(("blocked", "answers"), [(False, True), (True, True), (True, False)])
def test_a_frozen_link_saves_and_ends(blocked: bool, answers: bool) -> None:
    """A full frame is more than the kernel keeps: the thread that writes it is waiting for the terminal, for ever."""
    with moons(hurried=True, size=(200, 60), answers=answers) as it:
        if answers:
            played(it)
        else:
            it.read_until("? help")
            it.send(SLOWLY)
            it.read_until(lambda it: bool(re.search(r"step [1-9]", it.screen()[0])))
        if blocked:
            it.resize(190, 59)
        assert it.freeze() == 128 + signal.SIGHUP
    assert saved()[0].step > 0


def test_a_terminal_that_falls_dumb_while_it_plays_is_gone() -> None:
    with moons(hurried=True) as it:
        played(it)
        it.answers = False
        assert it.wait() == 128 + signal.SIGHUP
        assert it.leftovers() == []
    assert saved()[0].step > 0


def test_a_paused_app_waits_for_ever() -> None:
    with moons(hurried=True) as it:
        played(it)
        paused(it)
        it.answers = False
        it.send(RIGHT)
        it.listen(1.2)  # twice as long as silence may last
        it.send("q")
        assert it.wait() == 0


def test_a_signal_ends_it_although_the_terminal_takes_nothing() -> None:
    with moons(hurried=True, size=(200, 60), answers=False) as it:
        it.read_until("? help")
        it.send(SLOWLY)
        it.read_until(lambda it: bool(re.search(r"step [1-9]", it.screen()[0])))
        it.resize(190, 59)  # a full frame is more than the kernel keeps
        it.signal(signal.SIGTERM)
        assert it.freeze() == 128 + signal.SIGTERM
    assert saved()[0].step > 0
