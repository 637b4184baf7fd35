"""`chainstep import`: what is printed of a network, and what is told where there is none. Must not know formats."""

from __future__ import annotations

import pytest

from support.command_line import Run


def test_what_went_out_comes_in_again_to_the_bit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is laid beside another library is of some samples; the loss is of all.
    monkeypatch.setattr("chainstep.engine.training.analysis.arithmetic.MOST_ROWS", 10)
    assert run("export", "moons", "--to", "safetensors", "--steps", "3", "-o", "moons.safetensors").status == 0
    told = run("export", "moons", "--to", "csv", "--steps", "3").out.splitlines()[1:]
    *rows, end = run("import", "moons.safetensors", "--on", "moons", "--json").records
    assert [f"{row['name']},{row['data']!r}" for row in rows] == told
    *_, last = run("train", "moons", "--steps", "3", "--json").records
    assert end["loss"] == pytest.approx(last["loss"], rel=1e-15)
    assert (end["sizes"], end["activations"], end["parameters"]) == ([2, 16, 16, 1], ["relu", "relu", "linear"], 337)


def test_what_is_wrong_is_told_in_a_line(run: Run) -> None:
    run("export", "lecture", "--to", "safetensors", "-o", "net.safetensors")
    for words, says in (
        (("none.py",), "none.py: there is no such file"),
        (("./net.safetensors",), "chainstep import ./net.safetensors --json"),
        (("net.safetensors", "--inputs", "1,x", "--json"), "--inputs takes numbers, as 0.5,-1, not 1,x"),
        (("net.safetensors", "--inputs", "1,2", "--json"), "net.safetensors takes 3 inputs, not 2"),
        (("net.safetensors", "--on", "moons", "--json"), "net.safetensors takes 3 inputs, and moons has 2"),
        (("net.safetensors", "--on", "lecture", "--inputs", "1"), "--inputs are for a network without --on"),
        (("net.safetensors", "--target", "y"), "are for a network --on a table"),
        (("net.safetensors", "--hidden", "3"), "No such option '--hidden'"),
    ):
        told = run("import", *words)
        assert told.status == 2, words
        assert says in told.err
        assert told.err.count("\n") == 1
