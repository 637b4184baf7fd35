"""`chainstep learn` without a screen: lists, checks, forgets, and tells what is wrong with a file. Must not know what
the lessons teach.
"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from chainstep.engine.lessons.events import Answered, Reached
from chainstep.tui import screens
from chainstep.tui.cli.learning.report import PANES
from chainstep.tui.files.lessons.kept import Keeper, kept_file
from support.cases import each
from support.command_line import Run
from support.lessons.written import PLUS_EQUALS


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(PLUS_EQUALS)
    return path


def learnt() -> None:
    keeper = Keeper(kept_file, lambda wrong: None)
    keeper.add(Reached("slope-by-nudging", 2))
    keeper.add(Answered("a-node-decides", 3, "What?", 0, 1, 8.0, 9.0, False, False, False))
    keeper.close()


def test_somebodys_own_lesson_is_checked_beat_by_beat(run: Run, own: Path) -> None:
    found = run("learn", "--check", str(own), "--json")

    assert found.status == 0
    assert found.records[1] == {
        "lesson": "plus-equals", "beat": 2, "ask": "What will a.grad be?", "right": 2.0, "ok": True, "why": None,
    }  # fmt: skip
    assert found.records[-1] == {"event": "end", "beats": 4, "failed": 0}
    assert run("learn", "--check", str(own)).out.splitlines() == [
        "right plus-equals  4 beats, 3 questions, 2 times on drawn numbers",
        "1 lesson, 4 beats: all hold",
    ]


def test_what_does_not_hold_has_its_line_and_status_1(run: Run, own: Path) -> None:
    own.write_text(PLUS_EQUALS.replace('answer = "a + a"', 'answer = "a.grad"'))
    line = own.read_text().splitlines().index('answer = "a.grad"', 20) + 1
    found = run("learn", str(own), "--check", "--json")

    assert found.status == 1
    assert found.records[1]["why"] == f"{own}:{line}: this wrong answer, 2, is right"
    assert found.records[-1] == {"event": "end", "beats": 4, "failed": 1}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Why +="', "title = Why", ":3: Invalid value (column 9)"),
        ('title = "Why +="', 'titel = "Why +="', ":1: title is missing"),
        ("until = 'phase ==", "until = 'phase =", ":13: column 7: "),
        ('do = "phase"', 'does = "phase"', ":11: there is no key does: did you mean do?"),
    ],
)
def test_a_file_that_is_no_lesson_is_told_in_one_line_with_status_2(
    run: Run, own: Path, old: str, new: str, message: str
) -> None:
    assert old in PLUS_EQUALS
    own.write_text(PLUS_EQUALS.replace(old, new))
    found = run("learn", "--check", str(own))

    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
    assert found.err.startswith(f"chainstep: {own}{message}")


@each(
    ("words", "message"),
    [
        (("--check", "slope-by-nuding"), "there is no lesson 'slope-by-nuding': did you mean slope-by-nudging?"),
        (("--check", "no.toml"), "no.toml: there is no such file"),
        (("no.toml",), "no.toml: there is no such file"),
        (("99",), "there is no lesson '99'"),
        (("--check", "--list"), "one thing at a time"),
        (("--reset", "--json"), "--json goes with"),
        (("3", "--list"), "LESSON goes with --check or --reset"),
    ],
)
def test_what_cannot_be_meant_is_told(run: Run, words: tuple[str, ...], message: str) -> None:
    found = run("learn", *words)

    assert found.status == 2
    assert message in found.err


def test_the_list_tells_how_far_one_is_and_what_went_wrong(run: Run) -> None:
    learnt()
    rows = {row["lesson"]: row for row in run("learn", "--list", "--json").records}

    assert (rows["slope-by-nudging"]["state"], rows["slope-by-nudging"]["beat"]) == ("begun", 2)
    assert [name for name, row in rows.items() if row["next"]] == ["slope-by-nudging"]
    assert rows["a-node-decides"]["number"] == 1
    lines = run("learn", "--list").out.splitlines()
    assert [line.split()[:2] for line in lines if line.startswith(">")] == [[">", "3"]]
    assert "begun" in lines[3]
    assert lines[3].endswith("0/7")
    assert not [line for line in lines if "…" in line or len(line) > 80]
    (asked,) = run("learn", "--review", "--json").records
    assert (asked["lesson"], asked["beat"]) == ("a-node-decides", 3)


def test_what_is_kept_is_given_out_and_forgotten(run: Run) -> None:
    learnt()
    kept = run("learn", "--export").records
    assert [(row["event"], row["lesson"]) for row in kept] == [
        ("reached", "slope-by-nudging"),
        ("answered", "a-node-decides"),
    ]
    assert (kept[1]["answer"], kept[1]["right"], kept[1]["ok"]) == (8.0, 9.0, False)
    assert kept[0]["time"]

    assert run("learn", "--reset", "1").out == "a-node-decides: forgotten\n"
    assert len(run("learn", "--export").records) == 1
    assert run("learn", "--reset").out == "all lessons: forgotten\n"
    assert run("learn", "--reset").out == "all lessons: nothing was kept\n"


def test_lessons_may_have_looked_at_just_the_panes_that_there_are() -> None:
    folder = Path(inspect.getfile(screens)).parent
    sources = [ast.parse(file.read_text(encoding="utf-8")) for file in folder.rglob("*.py")]
    named = {
        node.args[0].value
        for source in sources
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    }

    assert set(PANES) <= named


def test_a_table_lies_beside_the_lesson_that_opens_it(run: Run, own: Path) -> None:
    table, rows = own.with_name("flowers.csv"), "".join(f"{n},{n * n % 7},{'ab'[n % 2]}\n" for n in range(12))
    table.write_text(f"p,q,r\n{rows}")
    beat = 'setup = ["flowers.csv", "--target", "r"]\nask = "How many rows?"\nanswer = "samples"'
    own.write_text(f"{PLUS_EQUALS}\n[[beat]]\n{beat}\n")

    found = run("learn", "--check", str(own), "--json")

    assert [row["right"] for row in found.records if row.get("beat") == 5] == [
        10.0
    ]  # two of twelve are kept for testing
    table.unlink()
    line = len(own.read_text().splitlines()) - 2
    found = run("learn", "--check", str(own))
    assert f"{own}:{line}: flowers.csv: there is no such file" in found.out
    assert found.out.endswith("1 lesson, 5 beats: 1 of them does not hold\n")


def test_the_lesson_in_the_readme_holds_as_it_stands_there(run: Run, tmp_path: Path) -> None:
    readme = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")
    path = tmp_path / "two-paths.toml"
    path.write_text(readme.split("### A lesson of your own")[1].split("```toml\n")[1].split("```")[0])

    found = run("learn", "--check", str(path), "--json")

    assert (found.status, found.records[-1]) == (0, {"event": "end", "beats": 4, "failed": 0})


def test_a_lesson_that_cannot_be_opened_says_in_which_line(run: Run, own: Path) -> None:
    own.write_text(PLUS_EQUALS.replace('"a=3"]', '"b=3"]', 1))
    found = run("learn", str(own))

    assert found.status == 2
    assert found.err == f"chainstep: {own}:5: a has no number: write a=1.0 behind the expression\n"
