"""`chainstep scale`: what a step costs as a network grows. Must not know how long anything takes."""

from __future__ import annotations

import pytest

from chainstep.engine.training.session import Session
from chainstep.tui.cli.training import scale
from chainstep.tui.files.subjects.opening import open_subject
from support.command_line import Run


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "LEAST", 0.0)
    monkeypatch.setattr(scale, "WIDTHS", (2, 4))


def test_each_network_is_counted_and_published_models_have_a_source(run: Run) -> None:
    *networks, first, _, last, end = run("scale", "xor", "--json").records

    # Σ (inputs + 1)·neurons: 3·2 + 3·2 + 3, and 3·4 + 5·4 + 5.
    assert [row["parameters"] for row in networks] == [15, 37]
    assert [row["samples"] for row in networks] == [4, 4]
    assert networks[0]["ops"] < networks[1]["ops"]
    assert all(row["each"] == row["seconds"] / row["parameters"] / row["samples"] for row in networks)
    assert (first["parameters"], last["parameters"]) == (124_439_808, 175_000_000_000)
    assert "Brown et al. 2020" in last["source"]
    assert last["seconds"] == pytest.approx(networks[-1]["each"] * 175e9)
    assert end == {"event": "end", "networks": 2}


def test_it_is_a_table_for_people(run: Run) -> None:
    lines = run("scale", "xor").out.splitlines()
    assert [line.split()[:2] for line in lines[1:3]] == [["MLP", "2-2-2-1"], ["MLP", "2-4-4-1"]]
    assert any("175,000,000,000" in line for line in lines)
    assert max(map(len, lines)) < 80


def test_a_step_is_timed_by_the_clock() -> None:
    session: Session = open_subject("xor")[0]
    seconds = iter((10.0, 12.0, 16.0))
    cost = scale.measured(session, lambda: next(seconds))
    assert cost.seconds == 3.0
    assert session.step == 3


def test_an_expression_has_no_neurons_to_add(run: Run) -> None:
    ran = run("scale", "parabola")
    assert (ran.status, ran.err.count("\n")) == (2, 1)
