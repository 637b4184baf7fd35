"""`chainstep sweep` on the command line: its rows, its words, what it refuses, and that it goes on after a kill. Must
not know how runs are trained.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from chainstep.tui.cli.sweeping import sweeping
from chainstep.tui.sweeps import kept
from chainstep.tui.sweeps.outcome import Outcome
from support.cases import each
from support.command_line import Run

KNOBS = {"lr", "hidden", "batch_size", "l1", "l2", "momentum", "gain", "activation", "init", "optimizer", "schedule"}
KNOBS |= {"horizon", "seed", "mistake", "class_weights"}


IN_ORDER = ("--workers", "1", "--json")
"""Several processes tell of runs as they end, and a slow machine takes several where a fast one needs none."""


def test_rows(run: Run) -> None:
    ran = run("sweep", "moons", "--lr", "0.1,1", "--hidden", "4,4", "--hidden", "none", "--steps", "3", *IN_ORDER)
    *rows, end = ran.records

    assert (ran.status, ran.err) == (0, "")
    assert end == {"event": "end", "runs": 4, "failed": 0}
    assert [(row["lr"], row["hidden"]) for row in rows] == [(0.1, [4, 4]), (0.1, []), (1.0, [4, 4]), (1.0, [])]
    assert {*rows[0]} == {"event", "steps", "loss", "accuracy", "test_loss", *KNOBS}
    trained = run("train", "moons", "--lr", "1", "--hidden", "4,4", "--steps", "3", "--json").records[-1]
    names = ("steps", "loss", "accuracy", "test_loss")
    assert [rows[2][name] for name in names] == [trained[name] for name in names]


def test_an_expression_and_a_run_that_fails(run: Run) -> None:
    ran = run("sweep", "expr", "(x - 3)^2", "x=0", "--lr", "0.1,0.3", *IN_ORDER)
    assert [row["loss"] for row in ran.records[:-1]] == sorted((row["loss"] for row in ran.records[:-1]), reverse=True)
    assert "hidden" not in ran.records[0]

    ran = run("sweep", "xor", "--lr", "0.1,0", "--steps", "2", *IN_ORDER)
    assert ran.records[1] == {
        "event": "failed",
        "lr": 0.0,
        "error": "lr must be finite and above 0, not 0.0",
    }
    assert ran.records[2] == {"event": "end", "runs": 2, "failed": 1}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, a sweep is trained in this process."""
    for name in ("_PROBED", "_SMALL"):
        monkeypatch.setattr(sweeping, name, 60.0)


def test_words_and_the_list_of_runs(run: Run, small: None) -> None:
    ran = run("sweep", "lecture", "--lr", "0.03..0.3", "--seed", "1..2", "--steps", "4")
    first, *_, head, best, _, _ = ran.out.splitlines()

    assert first == "sweep of lecture: 6 runs, in this process"
    assert head.split() == ["lr", "runs", "loss:", "median", "smallest", "largest"]
    assert best.split()[1] == "2"
    (row,) = run("resume", "--list", "--json").records
    assert (row["what"], row["step"]) == ("lecture sweep", 6)
    assert run("predict", row["name"], "x.csv").err == (
        f"chainstep: {row['name']} is a sweep of many runs: chainstep resume {row['name']} goes on with it\n"
    )


@each(
    ("words", "why"),
    [
        (("moons", "--lr", "1..0.1"), "--lr: '1..0.1' runs backwards: write 0.1..1"),
        (("moons", "--seed", "-1"), "seed must be at least 0, not -1"),
        (("moon", "--lr", "1"), "there is no example"),
        (("moons", "more", "--lr", "1"), "'more' is one word too many: a sweep is of one thing"),
        (("moons", "--workers", "0"), "Invalid value for '--workers'"),
        (("moons", "--random", "3", "--sampler", "tpe"), "--sampler needs optuna, which is not installed"),
        (("moons", "--scheduler", "tcp://127.0.0.1:1"), "--scheduler needs distributed, which is not installed"),
    ],
)
def test_what_cannot_be_is_one_line_and_status_2(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], why: str
) -> None:
    for name in ("optuna", "distributed"):
        monkeypatch.setitem(sys.modules, name, None)
    ran = run("sweep", *words, "--json")

    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"chainstep: {why}")


def test_what_cannot_be_opens_no_app_either(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("optuna", "distributed"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(sweeping, "on_terminal", lambda: True)
    monkeypatch.setattr(sweeping, "no_terminal", lambda: None)
    for words in (("--random", "3", "--sampler", "tpe"), ("--scheduler", "tcp://127.0.0.1:1")):
        ran = run("sweep", "lecture", "--lr", "0.1..1", *words)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "which is not installed" in ran.err


def test_a_sweep_that_is_killed_goes_on_with_what_lacks(run: Run) -> None:
    words = ("sweep", "moons", "--lr", "0.1", "--seed", "0..3", "--steps", "150", "--json", "--workers", "1")
    program = [sys.executable, "-P", "-m", "chainstep.tui", *words]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as child:
        assert child.stdout is not None
        first = json.loads(child.stdout.readline())
        # What was told before the next one was begun to be kept is kept: the writer has had a whole run's time.
        json.loads(child.stdout.readline())
        child.send_signal(signal.SIGKILL)

    *rows, end = run("resume", "--json").records

    assert rows[0] == first
    assert sorted(row["seed"] for row in rows) == [0, 1, 2, 3]
    assert end == {"event": "end", "runs": 4, "failed": 0}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_and_one_line_says_how_it_goes_on(
    run: Run, small: None, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    keep = kept.Keeper.keep

    def kept_then_stopped(keeper: kept.Keeper, outcome: Outcome) -> None:
        keep(keeper, outcome)
        signal.raise_signal(how)

    with monkeypatch.context() as patched:
        patched.setattr(kept.Keeper, "keep", kept_then_stopped)
        ran = run("sweep", "lecture", "--seed", "0..3", "--steps", "2", "--json")
    assert (ran.status, ran.records[-1]) == (128 + how, {"event": "end", "runs": 1, "failed": 0})
    (listed,) = run("resume", "--list", "--json").records
    assert ran.err == f"chainstep: 1 of 4 runs are kept: `chainstep resume {listed['name']}` goes on\n"
    assert run("resume", "--json").records[-1] == {"event": "end", "runs": 4, "failed": 0}


def test_what_cannot_be_kept_is_said_at_once(run: Run, small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told = list[str]()
    monkeypatch.setattr(kept.Keeper, "trouble", lambda keeper: None if told else told.append("") or "the disk is full")
    monkeypatch.setattr(kept.Keeper, "close", lambda keeper: "the disk is full")
    ran = run("sweep", "lecture", "--seed", "0..1", "--steps", "2")

    assert ran.status == 73
    assert ran.err == "chainstep: the disk is full; the sweep goes on\nchainstep: the disk is full\n"


def test_where_runs_are_trained_is_asked_of_sweeps_alone(run: Run) -> None:
    for words in (("resume", "--list", "--workers", "2"), ("resume", "x", "--delete", "x")):
        assert run(*words).status == 2
    ran = run("resume", "--list", "--workers", "2")
    assert ran.err == "chainstep: --workers and --scheduler are for a sweep that goes on\n"
