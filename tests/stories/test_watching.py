"""Stories for somebody who watches: shown above their sentences, and the terminal given back. Must not know what they
tell.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from support.casts.played import read
from support.screen.terminal import Terminal

from .__main__ import main
from .catalogue import WATCHED

CHECKOUT = Path(__file__).parents[2]
WATCH = [sys.executable, "-m", "tests.stories"]


def watched(*arguments: str, size: tuple[int, int] = (100, 31)) -> Terminal:
    return Terminal([*WATCH, *arguments], size=size, cwd=CHECKOUT)


def test_a_story_is_shown_with_its_sentences() -> None:
    with watched("overwritten", "--pace", "0.05") as terminal:
        terminal.read_until(lambda it: "so it counts twice" in it.screen()[-1])
        terminal.read_until(lambda it: "chainstep" in it.screen()[0] and "+2.00000" in "".join(it.screen()))
        terminal.read_until(lambda it: "which is wrong" in it.screen()[-1])
        terminal.read_until("BROKEN")
        assert terminal.wait(timeout=20) == 0
        assert terminal.leftovers() == []


def test_a_story_is_recorded_without_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("TERM", "COLORTERM", "NO_COLOR"):
        monkeypatch.setenv(name, "")  # what is changed is put back
    path = tmp_path / "x.cast"
    record = ["overwritten", "--pace", "0", "--record", str(path)]

    assert main(record) == 0
    cast = read(path)
    assert cast.header["title"] == "What if it were = in place of +=?"
    assert (cast.header["width"], cast.header["height"]) == (80, 25)
    *shown, _ = cast.events
    screen = cast._replace(events=shown).played().screen()
    assert "BROKEN" in "\n".join(screen)
    assert screen[-1].strip() == "The second use overwrites the first: 1, which is wrong."
    assert cast.played().leftovers() == []
    assert not cast.data("m")

    before = path.read_bytes()
    assert main(record) == 2
    assert capsys.readouterr().err == f"{path} is there already; --force records over it\n"
    assert path.read_bytes() == before


def test_ctrl_c_gives_the_terminal_back() -> None:
    with watched("first_minute", "--pace", "60", size=(80, 24)) as terminal:
        terminal.read_until("→ runs one op")
        terminal.read_until(lambda it: "ctrl+c leaves" in it.screen()[-1])
        terminal.send("\x03")
        assert terminal.wait() == 130
        assert terminal.leftovers() == []
        assert "".join(terminal.screen()) == ""


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ([], 0, "first_minute"),
        (["first_minute"], 2, "a story is watched in a terminal"),
        (["first_minut"], 2, "did you mean first_minute?"),
    ],
)
def test_without_a_terminal(
    arguments: list[str], status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert main(arguments) == status
    found = "".join(capsys.readouterr())
    assert said in found
    assert len(found.splitlines()) == (1 if status else len(WATCHED))


def test_a_terminal_that_is_too_small_is_one_line() -> None:
    with watched("first_minute", size=(70, 20)) as terminal:
        assert terminal.wait() == 2
        assert terminal.screen()[0] == "a story needs a terminal of 80x24, this one has 70x20"
