"""`chainstep predict`: a saved run and the rows of another table. Knows how a run is saved, and no screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.tui.files.subjects.opening import open_subject
from support.command_line import Run, close
from support.runs.saved import save

HOUSES = "rooms,town,price\n" + "".join(f"{k},{('A', 'B')[k % 2]},{1000 * k + 500 * (k % 2)}\n" for k in range(1, 40))


def trained(text: str, target: str, steps: int) -> str:
    """The name of a saved run."""
    Path("data.csv").write_text(text, encoding="utf-8")
    session, source = open_subject("data.csv", target)
    session.train(10_000_000, steps)
    return str(save(session, source))


def test_a_quantity_is_predicted_in_its_units(run: Run) -> None:
    name = trained(HOUSES, "price", 400)
    Path("new.csv").write_text("town,rooms,other\nA,20,x\nB,21,y\nA,,z\n", encoding="utf-8")
    ran = run("predict", name, "new.csv", "--json")

    assert (ran.status, ran.err) == (0, "")
    assert [row["row"] for row in ran.records] == [1, 2, 3]
    assert [row["prediction"] for row in ran.records[:2]] == pytest.approx([20_000, 21_500], rel=0.1)
    assert "row" in run("predict", name, "new.csv").out.splitlines()[0]


def test_classes_have_names_and_probabilities(run: Run) -> None:
    name = trained("a,y\n" + "".join(f"{k},{'low' if k < 20 else 'high'}\n" for k in range(40)), "y", 200)
    Path("new.csv").write_text("a\n1\n38\n", encoding="utf-8")
    low, high = run("predict", name, "new.csv", "--json").records

    assert (low["prediction"], high["prediction"]) == ("low", "high")
    assert low["probabilities"]["low"] > 0.9
    assert sum(high["probabilities"].values()) == close(1.0)


def test_what_cannot_be_predicted_is_said(run: Run) -> None:
    name = trained(HOUSES, "price", 1)
    Path("new.csv").write_text("rooms,b\n1,2\n2,3\n", encoding="utf-8")
    ran = run("predict", name, "new.csv")
    assert (ran.status, ran.err) == (
        2,
        "chainstep: new.csv: there is no column 'town', which the network learnt from\n",
    )
    assert run("predict", "nobody", "new.csv").status == 2
    other = str(save(*open_subject("xor")))
    assert "was not trained on a table" in run("predict", other, "new.csv").err
