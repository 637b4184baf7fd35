"""The helper that runs programs under a terminal sees what is there. Must not know chainstep."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.cases import each
from support.screen.emulator import Emulator
from support.screen.processes import Start, forked, fresh
from support.screen.terminal import ENTER, Terminal

# What the scripts below share: `say` writes at once, `key` reads one key without echo.
PRELUDE = """
import os, shutil, signal, sys, termios, tty
say = lambda text: os.write(1, text.encode())
raw = lambda: tty.setraw(0)
key = lambda: os.read(0, 100)
"""

MODES = {
    "alternate screen": "1049",
    "mouse": "1003",
    "focus reports": "1004",
    "bracketed paste": "2004",
    "synchronised output": "2026",
}

OUTPUT = ["", "word", "wrapped at the end", "漢字", "\u0301", "\r\n", "\b", "\t", "\x1bM", "\x1bD", "\x1bc"]
OUTPUT += [f"\x1b[{code}" for code in ("H", "2;7H", "4;12H", "K", "J", "2J", "L", "2M", "3P", "2@", "4X", "2;3r")]
OUTPUT += ["\x1b[?1049h", "\x1b[?1049l"]
"""What a program may say, the cursor's ways and the scrolling among it; nothing stands for another size."""


@pytest.fixture(params=[fresh, forked])
def start(request: pytest.FixtureRequest) -> Start:
    """Both ways of starting a program; it is to make no difference."""
    way: Start = request.param
    return way


def run(
    script: str,
    *,
    size: tuple[int, int] = (80, 24),
    env: Mapping[str, str | None] | None = None,
    start: Start = fresh,
) -> Terminal:
    return Terminal([sys.executable, "-c", PRELUDE + script], size=size, env=env, start=start)


def test_shows_what_a_program_prints_and_how_it_ends(start: Start) -> None:
    with run("print('hello'); sys.exit(7)", start=start) as terminal:
        assert terminal.wait() == 7
        assert terminal.screen()[0] == "hello"
        assert terminal.received == len(terminal.output) == len("hello\r\n")
        assert terminal.restored()


def test_the_program_has_the_terminal_and_its_size(start: Start) -> None:
    script = "print(*map(os.isatty, range(3)), os.get_terminal_size(), os.getpgrp() == os.tcgetpgrp(0))"
    with run(script, size=(120, 36), start=start) as terminal:
        terminal.wait()
        assert terminal.screen()[0] == "True True True os.terminal_size(columns=120, lines=36) True"


def test_environment_is_that_of_this_terminal(monkeypatch: pytest.MonkeyPatch, start: Start) -> None:
    for name in ("COLUMNS", "NO_COLOR", "REMOVED"):
        monkeypatch.setenv(name, "1")
    script = "print([os.environ.get(name) for name in ('TERM', 'COLUMNS', 'NO_COLOR', 'REMOVED', 'ADDED')])"
    with run(script, env={"ADDED": "yes", "REMOVED": None}, start=start) as terminal:
        terminal.wait()
        assert terminal.screen()[0] == "['xterm-256color', None, None, None, 'yes']"


def test_the_program_is_where_and_what_it_is_told_to_be(tmp_path: Path, start: Start) -> None:
    script = "import os, sys; print(os.getcwd()); print(sys.argv, __name__, sys.stdin.isatty(), sys.stdout.isatty())"
    with Terminal([sys.executable, "-c", script, "one"], cwd=tmp_path, size=(200, 5), start=start) as terminal:
        assert terminal.wait() == 0
        assert terminal.screen()[:2] == [str(tmp_path), "['-c', 'one'] __main__ True True"]
    with Terminal([sys.executable, "-m", "this"], start=start) as terminal:
        assert terminal.wait() == 0
        assert terminal.screen()[0] == "The Zen of Python, by Tim Peters"


def test_keys_reach_the_program() -> None:
    with run("print('got', input('name? '))") as terminal:
        terminal.read_until("name?")
        terminal.send("Ada" + ENTER)
        terminal.read_until("got Ada")
        assert terminal.wait() == 0


def test_a_resize_reaches_the_program_and_the_screen() -> None:
    script = """
def show(*_):
    say(f"\\x1b[H{os.get_terminal_size().columns} columns")
signal.signal(signal.SIGWINCH, show)
show()
while True:
    signal.pause()
"""
    with run(script) as terminal:
        terminal.read_until("80 columns")
        terminal.resize(200, 60)
        assert len(terminal.read_until("200 columns")) == 60


@given(st.lists(st.tuples(st.sampled_from(OUTPUT), st.booleans())))
@example([("twelve cells", True), ("\r\n", True), ("\u0301", True)])
def test_however_often_one_looks_the_rows_are_those_of_the_cells(output: list[tuple[str, bool]]) -> None:
    emulator = Emulator(12, 4)
    for turn, (text, looked_at) in enumerate([*output, ("", True)]):
        emulator.take_in(text.encode())
        if not text:
            emulator.resize(9 + turn % 5, 3 + turn % 3)
        if looked_at:
            assert emulator.screen() == ["".join(cell.text for cell in row).rstrip() for row in emulator.cells()]


def test_what_cannot_be_forked_is_refused() -> None:
    for program in (["sh", "-c", "true"], [sys.executable, "-O", "-c", "pass"]):
        with pytest.raises(ValueError, match="cannot be forked"):
            Terminal(program, start=forked)
    with pytest.raises(ValueError, match="has been read already: PYTHONUTF8"):
        run("pass", env={"PYTHONUTF8": "0"}, start=forked)


def test_a_predicate_may_decide_what_is_waited_for() -> None:
    with run("say('x' * 5000); key()") as terminal:
        terminal.read_until(lambda it: it.received >= 5000)


@each(("name", "mode"), MODES.items())
def test_modes_left_on_are_found(name: str, mode: str) -> None:
    with run(f"say('\\x1b[?{mode}h'); say('ready'); key(); say('\\x1b[?{mode}l')") as terminal:
        terminal.read_until("ready")
        assert terminal.leftovers() == [name]
        terminal.send(ENTER)
        terminal.wait()
        assert terminal.restored()


def test_a_hidden_cursor_and_a_pushed_keyboard_are_found() -> None:
    with run("say('\\x1b[?25l\\x1b[>1u')") as terminal:
        terminal.wait()
        assert terminal.leftovers() == ["cursor", "keyboard protocol"]
    with run("say('\\x1b[?25l\\x1b[>1u\\x1b[<u\\x1b[?25h')") as terminal:
        terminal.wait()
        assert terminal.restored()


def test_raw_input_left_on_is_found_after_the_end(start: Start) -> None:
    with run("raw()", start=start) as terminal:
        terminal.wait()
        assert terminal.leftovers() == ["termios"]


def test_the_alternate_screen_goes_and_the_main_one_is_back() -> None:
    with run("say('before'); say('\\x1b[?1049hinside'); key(); say('\\x1b[?1049lafter')") as terminal:
        assert "before" not in terminal.read_until("inside")[0]
        terminal.send(ENTER)
        assert "inside" not in "".join(terminal.read_until("beforeafter"))


@each(
    ("query", "answer"),
    [
        ("abc\\x1b[6n", r"b'\x1b[1;4R'"),
        ("\\x1b[c", r"b'\x1b[?62;22c'"),
        ("\\x1b[?2026$p", r"b'\x1b[?2026;2$y'"),
        ("\\x1b[?2026h\\x1b[?2026$p", r"b'\x1b[?2026;1$y'"),
        ("\\x1b[?2048$p", r"b'\x1b[?2048;0$y'"),
    ],
)
def test_queries_are_answered(query: str, answer: str) -> None:
    with run(f"raw(); say('{query}'); print(key())") as terminal:
        terminal.read_until(answer)


def test_a_sequence_may_come_in_pieces() -> None:
    with run("raw(); say('one\\x1b['); key(); say('>1'); key(); say('u two')") as terminal:
        terminal.read_until(lambda it: it.output.endswith(b"["))
        terminal.send("k")
        terminal.read_until(lambda it: it.output.endswith(b"1"))
        terminal.send("k")
        assert terminal.read_until("two")[0] == "one two"
        assert terminal.leftovers() == ["keyboard protocol", "termios"]


def test_a_silent_terminal_answers_nothing_and_waiting_for_it_ends() -> None:
    with run("raw(); say('asked\\x1b[6n'); print(key())") as terminal:
        terminal.answers = False
        terminal.read_until("asked")
        with pytest.raises(TimeoutError, match=r"(?s)timed out while waiting for 'R'.*asked"):
            terminal.read_until("R", timeout=0.2)
        assert terminal.listen(0.1) == 0


def test_waiting_for_what_a_finished_program_never_said_ends_at_once() -> None:
    with run("print('that was all')") as terminal, pytest.raises(TimeoutError, match="closed while waiting"):
        terminal.read_until("more", timeout=600)


def test_typing_at_a_program_that_talks_before_it_listens_gets_through() -> None:
    script = """
raw()
say('ready' + 'y' * 200_000)
left = 100_000
while left:
    left -= len(key())
say('all')
"""
    with run(script) as terminal:
        terminal.read_until(lambda it: b"ready" in it.output)
        terminal.send("k" * 100_000)
        terminal.read_until("all")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_reach_the_program(number: signal.Signals, start: Start) -> None:
    with run("say('ready'); signal.pause()", start=start) as terminal:
        terminal.read_until("ready")
        terminal.signal(number)
        assert terminal.wait() == -number


def test_a_hangup_reaches_the_program(start: Start) -> None:
    with run("say('ready'); signal.pause()", start=start) as terminal:
        terminal.read_until("ready")
        terminal.hangup()
        assert terminal.wait() == -signal.SIGHUP


def test_a_program_that_does_not_end_is_reported_and_then_killed(start: Start) -> None:
    with run("signal.signal(signal.SIGTERM, signal.SIG_IGN); say('stubborn'); signal.pause()", start=start) as terminal:
        terminal.read_until("stubborn")
        with pytest.raises(TimeoutError, match="stubborn"):
            terminal.wait(timeout=0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(terminal.pid, 0)
