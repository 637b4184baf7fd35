"""How a kiosk is held below the screen: whose store it is, what is left of the environment, what the bars stop. Must
not know the screen.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chainstep.tui.classroom.kiosk import bars, environment, store
from chainstep.tui.classroom.kiosk.kiosk import Kiosk
from chainstep.tui.cli import main
from chainstep.tui.cli.guards import IN_A_BROWSER
from chainstep.tui.commands import OTHERS
from support.cases import each
from support.command_line import Run, runner

KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIKHEChAmHQK+SSqHTvJtKSlf8QhFOVQ7vkGNWpNAeNxi"
"""Of no use: what lies behind the twelve bytes of the kind is made up."""


@each("name", ["anna", "A1", "_", "anna.b-c_d", "x" * 64])
def test_a_name_is_a_folder_of_its_own(name: str) -> None:
    assert store.folder(Path("/state"), store.checked(name)) == Path("/state/kiosk") / name


@each("name", ["", ".", "..", ".anna", "-anna", "a/b", "a\\b", "a b", "a\n", "ä", "a\0", "x" * 65, "~", "a:b"])
def test_no_other_word_is_a_name(name: str) -> None:
    with pytest.raises(store.WhoError):
        store.checked(name)


def test_without_a_name_it_is_the_keys_store_or_the_accounts(tmp_path: Path) -> None:
    told = tmp_path / "sshauth"
    told.write_text(f"publickey ssh-ed25519 {KEY}\n")
    who = store.of_key({"SSH_USER_AUTH": str(told)})
    assert who == store.fingerprint(KEY)
    assert store.checked(who) == who
    assert len(who) == len("SHA256-") + 43
    for said in ("", "password\n", "publickey ssh-ed25519\n", "publickey ssh-ed25519 ../../etc\n", "\0\xff"):
        told.write_text(said)
        assert store.of_key({"SSH_USER_AUTH": str(told)}) == ""
    assert store.of_key({}) == store.of_key({"SSH_USER_AUTH": str(tmp_path)}) == ""
    assert store.folder(tmp_path, "") == tmp_path


def test_of_the_environment_nothing_is_left_that_writes_or_runs() -> None:
    sent = {
        **dict.fromkeys(("TERM", "LANG", "LC_ALL", "COLORTERM", "HOME", "SSH_CONNECTION", "PYTHONUTF8"), "x"),
        **dict.fromkeys(("TEXTUAL_LOG", "TEXTUAL_DRIVER", "TEXTUAL", "TEXTUAL_SCREENSHOT", "TEXTUAL_PRESS"), "x"),
        **dict.fromkeys(("CHAINSTEP_STATE", "XDG_STATE_HOME", "CHAINSTEP_ENGINE", "LD_PRELOAD", "LC_x", "A"), "x"),
    }
    assert list(environment.kept(sent, browser=IN_A_BROWSER)) == list(sent)[:7]
    served = {"TEXTUAL_DRIVER": IN_A_BROWSER, "COLUMNS": "80", "TEXTUAL_LOG": "x"}
    assert list(environment.kept(served, browser=IN_A_BROWSER)) == ["TEXTUAL_DRIVER", "COLUMNS"]
    assert environment.refused(sent, isolated=False) == ""
    assert environment.refused({"PYTHONPATH": "/x"}, isolated=False) == "PYTHONPATH"
    assert environment.refused({"PYTHONPATH": "/x"}, isolated=True) == ""


def test_the_bars_stop_what_leads_out_of_the_store(tmp_path: Path) -> None:
    own = (tmp_path / "own").resolve()
    own.mkdir()
    (own / "link").symlink_to(tmp_path)
    hear, writing = bars.judge(own), os.O_WRONLY | os.O_CREAT
    inside, outside = str(own / "a"), str(tmp_path / "a")
    for event, *arguments in (
        *(("open", path, None, writing) for path in (inside, os.fsencode(inside), 3, "/dev/null", own)),
        ("open", outside, "r", os.O_RDONLY),
        ("os.rename", inside, inside + "b", -1, -1),
        ("sqlite3.connect", f"file://{inside}?mode=rw"),
        ("sqlite3.connect", f"file://{outside}?mode=ro"),
        ("socket.__new__", None, 1, 1, 0),
        ("import", "os", None, None, None, None),
    ):
        hear(event, tuple(arguments))
    for event, *arguments in (
        *(("open", path, "w", writing) for path in (outside, str(own / "link" / "a"), str(own / ".." / "a"), "a")),
        *(("open", path, None, os.O_RDWR) for path in (str(own) + "2", f"{own}/../own2", os.fsencode(outside))),
        ("os.rename", inside, outside, -1, -1),
        ("os.remove", outside, -1),
        ("os.mkdir", outside, 0o777, -1),
        ("os.symlink", outside, inside, -1),
        ("sqlite3.connect", f"file://{outside}?mode=rwc"),
        ("sqlite3.connect", outside),
        ("subprocess.Popen", "sh", ["sh"], None, None),
        *((event,) for event in ("os.fork", "os.exec", "os.posix_spawn", "os.system", "pty.spawn", "socket.connect")),
    ):
        with pytest.raises(bars.BarredError):
            hear(event, tuple(arguments))


def test_who_follows_may_connect_to_a_socket_of_this_machine(tmp_path: Path) -> None:
    assert Kiosk("anna", follows=True).allowed == Kiosk("anna").allowed | {OTHERS}
    hear = bars.judge(tmp_path, connects=True)
    hear("socket.connect", (None, "/run/user/1/chainstep/anna.sock"))
    for event, *arguments in (
        ("socket.connect", None, ("127.0.0.1", 22)),
        ("socket.bind", None, str(tmp_path / "a.sock")),
        ("subprocess.Popen", "sh", ["sh"], None, None),
    ):
        with pytest.raises(bars.BarredError):
            hear(event, tuple(arguments))


def test_where_memory_runs_out_at_once_python_says_so() -> None:
    """It is bounded for good: in a process of its own."""
    code = "from chainstep.tui.classroom.kiosk import bars; bars.bound(128); bytearray(600 * 2**20)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (1, "MemoryError")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The program, which must not come so far that it puts bars around the tests."""
    monkeypatch.delattr(bars, "bar")
    monkeypatch.setenv("HOME", str(tmp_path))
    return runner(main, capfd)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--as", "../x"], "'../x' is no name for a store"),
        (["train", "lecture"], "a kiosk opens the app alone, and chainstep train does something else"),
        (["record", "a.cast"], "a kiosk opens the app alone"),
        (["learn", "--export"], "--export opens none"),
        (["resume", "--delete", "x"], "--delete opens none"),
        (["a.py"], "a kiosk runs no script: 'a.py'"),
        (["lecture", "--as", "bo"], "--as comes before what is opened"),
        (["lecture", "--kiosk"], "--kiosk comes before what is opened"),
    ],
)
def test_what_a_kiosk_is_not_for_is_one_line_and_makes_nothing(
    run: Run, tmp_path: Path, words: list[str], why: str
) -> None:
    ran = run("--kiosk", *words)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert why in ran.err
    assert list(tmp_path.iterdir()) == []


def test_it_comes_before_all_other_words(run: Run) -> None:
    ran = run("lecture", "--kiosk")
    assert (ran.status, ran.err) == (2, "chainstep: --kiosk comes first: chainstep --kiosk [--as NAME] WHAT …\n")
    assert "--as NAME" in run("--kiosk", "--help").out


def test_python_is_not_left_behind_it(tmp_path: Path, environment_of: Callable[..., dict[str, str]]) -> None:
    """PYTHONINSPECT would give a prompt to whoever has left, or was refused."""
    command = [sys.executable, "-m", "chainstep.tui", "--kiosk"]
    for variable, why in (
        ("PYTHONINSPECT", "where Python would stay behind it"),
        ("PYTHONSTARTUP", "PYTHONSTARTUP is"),
    ):
        sent = environment_of(HOME=str(tmp_path), **{variable: "1"})
        ran = subprocess.run(command, input=b"print(6 * 7)\n", capture_output=True, env=sent, check=False, cwd=tmp_path)
        assert (ran.returncode, ran.stdout) == (2, b"")
        assert why in ran.stderr.decode()


@pytest.fixture
def environment_of() -> Callable[..., dict[str, str]]:
    def made(**sent: str) -> dict[str, str]:
        return {**{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}, **sent}

    return made
