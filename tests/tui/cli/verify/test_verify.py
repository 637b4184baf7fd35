"""`chainstep verify`: engines in files and modules, what is told of them, and with which status. Must not know how a
mistake is found.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from chainstep.tui.cli import output
from chainstep.tui.cli.verify import verify
from chainstep.tui.cli.verify.judged import Judged, asked, believed, judge
from chainstep.tui.cli.verify.page import page
from support.cases import each
from support.command_line import Run
from support.engines.mutants import LECTURE, MUTANTS

WRONG = next(mutant for mutant in MUTANTS if mutant.kind == "sign").source


def judged(name: str, seconds: float = 60.0) -> Judged:
    (engine,) = asked([name])
    return asyncio.run(judge(engine, sys.executable, seconds))


def test_each_file_is_judged_and_the_worst_decides_the_status(run: Run) -> None:
    # It prints, asks and fails behind the class: a script that was exported from a notebook does.
    Path("wrong.py").write_text(f"print('training')\n{WRONG}\ninput('go on? ')\n", encoding="utf-8")
    package = Path("own")
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "numbers.py").write_text("import math\n", encoding="utf-8")
    (package / "engine.py").write_text(f"from .numbers import math\n{LECTURE}", encoding="utf-8")
    Path("nothing.py").write_text("x = 1\n", encoding="utf-8")

    ran = run("verify", "wrong.py", "own", "nothing.py", "--json", "--html", "page.html")
    ends = {row["file"]: row for row in ran.records if row.get("event") == "end"}
    wrong = [row for row in ran.records if row.get("verdict") == "wrong"]

    assert ran.status == 2
    assert ran.err == "chainstep: nothing.py: no class with + and *, such as Value\n"
    assert ends["wrong.py"]["trouble"].startswith("EOFError")
    assert ends["wrong.py"]["wrong"] == len(wrong) > 0
    assert ends["own"]["wrong"] == 0
    assert ends["own"]["right"] > 100
    assert {row["file"] for row in wrong} == {"wrong.py"}
    assert wrong[0]["event"] == "check"
    assert {"file", "check", "verdict", "expression", "got", "want", "kind", "line"} <= wrong[0].keys()
    assert [row["loaded"] for row in ran.records if row.get("event") == "start"] == [
        str(Path("wrong.py").absolute()),
        str((package / "engine.py").absolute()),
    ]
    text = Path("page.html").read_text(encoding="utf-8")
    assert "no class with + and *" in text
    assert wrong[0]["why"].partition("`")[0] in text


def test_people_are_told_the_mistake_and_the_smallest_expression(run: Run) -> None:
    Path("wrong.py").write_text(WRONG, encoding="utf-8")
    ran = run("verify", "wrong.py:Value")

    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith(f"wrong.py: class Value and MLP, from {Path('wrong.py').absolute()}\n")
    assert "wrong    ∂(a - b)/∂b at " in ran.out
    assert ", right is -1\n" in ran.out


def test_a_backward_that_was_called_where_it_is_set_is_told_once(run: Run) -> None:
    Path("called.py").write_text(LECTURE.replace("out._backward = _backward", "out._backward = _backward()", 1))

    ran = run("verify", "called.py")

    assert ran.status == 0
    assert ran.out.count("`out._backward = _backward()` makes it: it is set without brackets") == 1
    assert "so too: add to itself" in ran.out


def test_what_is_found_stands_in_lines_of_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("nothing.py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(verify, "on_terminal", lambda: True)
    monkeypatch.setattr(output, "on_terminal", lambda: True)

    shown, found, _ = run("verify", "nothing.py").out.partition("nothing.py: no class")

    assert found
    assert "\x1b[2K" in shown.partition("checking 1 of 1")[2].rpartition("checking")[2]


def test_one_that_never_ends_is_stopped_and_said(run: Run) -> None:
    Path("endless.py").write_text(f"{LECTURE}\nwhile True:\n    pass\n", encoding="utf-8")

    assert judged("endless.py", 1.0).failed == "was stopped after 1 s"


def test_what_cannot_be_an_engine_is_refused_in_one_line(run: Run) -> None:
    Path("folder").mkdir()
    Path("notes.txt").write_text("", encoding="utf-8")
    for word, why in (
        ("folder", "folder: there is no Python file in this folder"),
        ("no-module", "no-module: there is no such file, and no module can be called so"),
    ):
        ran = run("verify", word)
        assert (ran.status, ran.out, ran.err) == (2, "", f"chainstep: {why}\n")
    ran = run("verify", "notes.txt", "nosuch.py")
    assert ran.status == 2
    assert ran.out.splitlines()[::2] == ["notes.txt: is no Python file", "nosuch.py: there is no such file"]


@each("told", [None, 3, {}, {"verdict": "fine"}, {"verdict": ["wrong"]}])
def test_what_is_no_row_is_not_believed(told: object) -> None:
    assert believed(told) is None


def test_a_strangers_row_is_made_harmless() -> None:
    row = believed(
        {"verdict": "wrong", "check": "\x1b[2J<b>", "kind": "<i>", "line": "4", "at": {"a": "x"}, "got": [1]}
    )

    assert row is not None
    assert (row.check, row.kind, row.line, dict(row.at), row.got) == ("\\x1b[2J<b>", None, None, {}, "[1]")
    (engine,) = asked(["<script>.py"])
    assert "<script>.py" not in page([Judged(engine, rows=[row])])
    assert "<b></b>" not in page([Judged(engine, rows=[row])])
