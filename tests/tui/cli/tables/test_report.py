"""`chainstep data`: what a table is taken for, as JSON lines and for people."""

from __future__ import annotations

import io
import math
import re
from pathlib import Path

import pytest

from chainstep.datasets.columns import preparation
from chainstep.datasets.dataset import Dataset
from chainstep.tui.render.report.facts import baseline
from support.command_line import Run, close

PENGUINS = "species,island,bill,mass,sex\n" + "".join(
    f"{('Adelie', 'Gentoo', 'Chinstrap')[k % 3]},{('Dream', 'Biscoe')[k % 2]},{'NA' if k == 5 else 30 + k},"
    f"{3000 + 50 * k},{'' if k == 7 else ('male', 'female')[k % 2]}\n"
    for k in range(40)
)


@pytest.fixture(autouse=True)
def penguins(run: Run) -> None:
    Path("penguins.csv").write_text(PENGUINS, encoding="utf-8")


def test_without_a_target_it_is_the_last_column_that_can_be_one(run: Run) -> None:
    Path("notes.csv").write_text("a,y,note\n" + "".join(f"{k},{k % 2},n{k}\n" for k in range(60)), encoding="utf-8")
    ran = run("data", "notes.csv", "--json")
    assert [(row["column"], row["kind"]) for row in ran.records[:-1]] == [
        ("a", "number"),
        ("y", "target"),
        ("note", "identifier"),
    ]


def test_every_column_and_then_the_whole(run: Run) -> None:
    ran = run("data", "penguins.csv", "--target", "species", "--json")
    *columns, end = ran.records

    assert (ran.status, ran.err) == (0, "")
    assert columns == [
        {"column": "species", "kind": "target", "used": True, "missing": 0, "why": "3 classes: 3 different texts"},
        {"column": "island", "kind": "category", "used": True, "missing": 0, "why": "2 categories"},
        {"column": "bill", "kind": "number", "used": True, "missing": 1, "why": "numbers"},
        {"column": "mass", "kind": "number", "used": True, "missing": 0, "why": "numbers"},
        {"column": "sex", "kind": "category", "used": True, "missing": 1, "why": "2 categories"},
    ]
    assert end == {
        "event": "end",
        "rows": 40,
        "task": "classes",
        "classes": ["Adelie", "Chinstrap", "Gentoo"],
        "train": 30,
        "test": 8,
        "baseline": end["baseline"],
    }
    assert 0.2 < end["baseline"] < 0.6


def test_a_quantity_has_the_error_of_its_mean_for_a_baseline(run: Run) -> None:
    Path("q.csv").write_text("a,y\n1,10\n2,20\n4,60\n", encoding="utf-8")
    end = run("data", "q.csv", "--quantity", "--json").records[-1]

    assert (end["task"], end["classes"], end["train"], end["test"]) == ("quantity", [], 3, 0)
    assert end["baseline"] == close((1400 / 3) ** 0.5)
    assert "(RMSE) in the rows" in run("data", "q.csv", "--quantity").out
    wide = Dataset("wide", ("a",), "y", (), ((1.0,), (2.0,)), (0.0, 1.0), ((3.0,),), (1e300,))
    assert baseline(wide) == math.inf


def test_people_get_a_table_and_the_facts(run: Run) -> None:
    out = run("data", "penguins.csv", "--target", "mass", "--drop", "island,sex").out

    assert re.search(r"^island +category +2 categories; left out, as you say$", out, re.MULTILINE)
    assert "40 rows: 31 to train on, 8 to test on; left out: 1 with gaps" in out
    assert re.search("^always the mean is off by .* in the tests$", out, re.MULTILINE)
    assert "cut by commas; the first row has the names: 'bill' stands over numbers" in out


def test_choices_are_taken_with_every_command_that_trains(run: Run) -> None:
    options = ("--target", "species", "--only", "bill,mass", "--missing", "fill", "--json")
    end = run("data", "penguins.csv", *options).records[-1]
    start = run("train", "penguins.csv", *options, "--steps", "1", "--hidden", "none").records[0]

    assert (end["train"], end["test"]) == (32, 8)
    assert start["parameters"] == (3 + 1) * 3
    Path("labels.csv").write_text("a,y\n" + "".join(f"{k},{k % 21}\n" for k in range(84)), encoding="utf-8")
    assert len(run("data", "labels.csv", "--classes", "--json").records[-1]["classes"]) == 21
    trained = run("train", "labels.csv", "--target", "y", "--classes", "--steps", "1", "--json")
    assert trained.records[0]["settings"]["loss"] == "softmax"


def test_of_very_many_rows_some_are_learnt_from_and_that_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "MOST_ROWS", 20)
    said = "20 of 40 rows are learnt from, evenly chosen"

    assert said in run("data", "penguins.csv", "--target", "species", "--missing", "fill").out
    ran = run("train", "penguins.csv", "--target", "species", "--missing", "fill", "--steps", "1", "--json")
    assert ran.err == f"chainstep: {said}\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("gone.csv",), "gone.csv: there is no such file"),
        (("penguins.csv", "--drop", "beak"), "penguins.csv: there is no column 'beak'; the columns are species, "),
        (("penguins.csv", "--missing", "guess"), "Invalid value for '--missing': 'guess' is not one of"),
        (("penguins.csv", "--target", "species", "--quantity"), "has texts such as 'Adelie': it is no quantity"),
    ],
)
def test_what_is_wrong_is_one_line_and_status_2(run: Run, options: tuple[str, ...], message: str) -> None:
    ran = run("data", *options)

    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err


def test_a_table_comes_by_standard_input_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def pipe() -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PENGUINS.encode())))

    pipe()
    assert run("data", "-", "--target", "species", "--json").records[-1]["rows"] == 40
    pipe()
    ran = run("train", "-", "--target", "species", "--steps", "1", "--json")
    assert (ran.status, ran.records[-1]["steps"]) == (0, 1)


def test_an_example_is_no_table(run: Run) -> None:
    ran = run("train", "moons", "--drop", "x0", "--steps", "1")

    assert (ran.status, ran.err) == (2, "chainstep: moons is an example: how a table is read is chosen for files\n")
