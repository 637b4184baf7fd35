"""Training and checking without a screen: JSON lines, plain lines, a bar; interrupted, diverging, into a closed pipe.

Must not know how the command line is read.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.playback import straight
from support.command_line import Run, close
from support.figures.golden import GOLDEN
from support.screen.terminal import Terminal

PROGRAM = [sys.executable, "-P", "-m", "chainstep.tui"]


# --- train


@pytest.mark.parametrize("name", ["lecture", "moons"])
def test_training_prints_the_golden_losses(run: Run, name: str) -> None:
    golden = GOLDEN[name]
    ran = run("train", name, "--json")
    start, *steps, end = ran.records

    assert (ran.status, ran.err) == (0, "")
    assert (start["event"], end["event"], end["steps"]) == ("start", "end", golden["steps"])
    assert start["parameters"] == {"lecture": 41, "moons": 337}[name]
    assert [step["step"] for step in steps] == list(range(golden["steps"]))
    for step, loss in golden["loss_before_update"].items():
        assert steps[int(step)]["loss"] == close(loss)
    for step, accuracy in golden.get("accuracy_before_update", {}).items():
        assert steps[int(step)]["accuracy"] == accuracy
    if name == "moons":
        assert [step["lr"] for step in steps] == [close(1.0 - 0.9 * k / 100) for k in range(100)]
        assert 0.9 < end["test_accuracy"] <= 1
    else:
        assert end["test_loss"] is None
    assert end["loss"] < steps[-1]["loss"] * 1.5


def test_fewer_steps_are_a_prefix_of_more(run: Run) -> None:
    few, more = (run("train", "iris", "--json", "--steps", count).records for count in ("7", "19"))

    assert few[1:-1] == more[1:8]
    assert few[-1]["steps"] == 7


def test_many_rows_end_by_an_early_stop_unless_steps_are_asked_for(run: Run) -> None:
    side = random.Random(5).choice  # nothing can be learnt
    rows = [f"{k * 7919 % 1009},{k * 104729 % 1013},{side('ht')}" for k in range(1_300)]
    Path("coins.csv").write_text("a,b,side\n" + "\n".join(rows), encoding="utf-8")
    start, *steps, end = run("train", "coins.csv", "--target", "side", "--json").records

    assert (start["samples"], start["validation_samples"], start["test_samples"]) == (936, 104, 260)
    assert end["stopped"] == len(steps) == end["steps"] + 10 * 30
    assert end["stopped"] < start["settings"]["steps"]

    asked = ("train", "coins.csv", "--target", "side", "--steps", "40")
    start, *steps, end = run(*asked, "--json").records
    assert (start["samples"], start["validation_samples"]) == (1_040, 0)
    assert (len(steps), end["steps"], end["stopped"], end["overfits_since"]) == (40, 40, None, None)
    assert "overfits" not in run(*asked).out


def test_what_overfits_is_told_so(run: Run) -> None:
    side = random.Random(5).choice
    rows = [f"{k * 7919 % 1009},{k * 104729 % 1013},{side('ht')}" for k in range(120)]
    Path("coins.csv").write_text("a,b,side\n" + "\n".join(rows), encoding="utf-8")
    asked = ("train", "coins.csv", "--target", "side", "--l2", "0", "--lr", "0.1", "--steps", "300")

    since = run(*asked, "--json").records[-1]["overfits_since"]
    assert 0 < since < 300
    assert f"it overfits: the test loss was smallest at step {since}" in " ".join(run(*asked).out.split())


def test_no_step_at_all(run: Run) -> None:
    start, end = run("train", "xor", "--steps", "0", "--json").records

    assert start["settings"]["steps"] == end["steps"] == 0
    assert end["loss"] > 0


def test_options_reach_the_settings(run: Run) -> None:
    ran = run(
        *("train", "moons", "--json", "--steps", "1", "--seed", "7", "--lr", "0.3", "--hidden", "5,4"),
        *("--batch-size", "9", "--l1", "0.001", "--l2", "0.002", "--momentum", "0.8", "--activation", "tanh"),
        *("--loss", "bce", "--optimizer", "momentum", "--schedule", "cosine", "--init", "kaiming"),
    )
    expected = {"steps": 1, "seed": 7, "lr": 0.3, "hidden": [5, 4], "batch_size": 9, "l1": 0.001, "l2": 0.002}
    expected |= {"momentum": 0.8, "activation": "tanh", "loss": "bce", "optimizer": "momentum", "schedule": "cosine"}

    settings = ran.records[0]["settings"]
    assert {name: settings[name] for name in expected} == expected
    assert settings["init"] == "kaiming"
    assert run("train", "xor", "--hidden", "none", "--steps", "1", "--json").records[0]["parameters"] == 3


def test_training_that_is_broken_on_purpose_says_so_and_ends_elsewhere(run: Run) -> None:
    forgotten = ("train", "lecture", "--mistake", "no_zero_grad", "--lr", "0.05")
    start, *steps, _ = run(*forgotten, "--json").records
    zeros = run("train", "wonderland", "--mistake", "zero_weights", "--steps", "1", "--json").records

    assert start["settings"]["mistakes"] == ["no_zero_grad"]
    # A plain-Python loop without its zero_grad comes to 3.975 where the right one comes to 0.0596.
    assert steps[19]["loss"] == pytest.approx(3.975, rel=1e-3)
    assert "BROKEN: zero_grad forgotten" in run(*forgotten).out.splitlines()[0]
    assert zeros[1]["loss"] == 6.0, "the weights that the example gives are none that are zero"


def test_class_weights_are_told_and_refused_where_there_are_no_classes(run: Run) -> None:
    start = run("train", "penguins", "--class-weights", "--steps", "0", "--json").records[0]
    weights = start["class_weights"]
    assert start["settings"]["class_weights"]
    assert list(weights) == ["Adelie", "Chinstrap", "Gentoo"]
    assert weights["Adelie"] < 1 < weights["Chinstrap"]
    assert "softmax weighted by class" in run("train", "penguins", "--class-weights", "--steps", "0").out
    assert "class_weights" not in run("train", "penguins", "--steps", "0", "--json").records[0]
    ran = run("train", "plane", "--class-weights", "--steps", "0")
    assert (ran.status, ran.err) == (2, "chainstep: class weights are for classes, and y is a number\n")


@pytest.mark.parametrize(
    ("what", "own", "horizon", "last"),
    [
        ("lecture", ("--steps", "20"), 20, 1.0 - 0.9 * 19 / 20),
        ("lecture", ("--steps", "5", "--horizon", "2"), 2, 0.1),
        ("moons", ("--steps", "3"), 100, 1.0 - 0.9 * 2 / 100),
        ("moons", ("--steps", "3", "--horizon", "2"), 2, 0.1),
        ("parabola", (), 20, 1.0 - 0.9 * 19 / 20),
        ("xor", ("--steps", "0"), 1, None),
    ],
)
def test_a_schedule_runs_over_the_runs_own_steps_or_a_horizon_that_is_named(
    run: Run, what: str, own: tuple[str, ...], horizon: int, last: float | None
) -> None:
    start, *steps, _ = run("train", what, "--json", "--lr", "1", "--schedule", "linear", *own).records
    assert start["settings"]["horizon"] == horizon
    assert (steps[-1]["lr"] if steps else None) == (last if last is None else close(last))


@pytest.mark.parametrize(
    ("what", "own", "said"),
    [
        ("lecture", ("--momentum", "0.5"), ["--momentum has no effect: sgd has none, --optimizer momentum has"]),
        ("moons", ("--momentum", "0.5", "--optimizer", "momentum", "--horizon", "9"), []),
        ("lecture", ("--horizon", "9"), ["--horizon has no effect: a constant schedule"]),
        ("gauss", ("--activation", "tanh"), ["--activation has no effect: no hidden layer"]),
        (
            "parabola",
            ("--seed", "3", "--momentum", "0"),
            [
                "--seed has no effect: an expression has none",
                "--momentum has no effect: sgd has none, --optimizer momentum has",
            ],
        ),
    ],
)
def test_an_option_that_acts_on_nothing_is_told_on_stderr(
    run: Run, what: str, own: tuple[str, ...], said: list[str]
) -> None:
    ran = run("train", what, "--steps", "1", "--json", *own)
    assert (ran.status, ran.err.splitlines()) == (0, [f"chainstep: {line}" for line in said])
    assert [record["event"] for record in ran.records] == ["start", "step", "end"]


def test_regression_and_expressions_have_no_accuracy(run: Run) -> None:
    for name in ("sine", "expression"):
        records = run("train", name, "--steps", "3", "--json").records
        assert [record["accuracy"] for record in records[1:]] == [None] * 4


def test_numbers_that_json_lacks_are_strings(run: Run) -> None:
    ran = run("train", "lecture", "--lr", "1e200", "--activation", "linear", "--steps", "4", "--json")
    start, first, second, *_, end = ran.records

    assert ran.status == 0
    assert isinstance(first["loss"], float)
    assert second["loss"] in ("nan", "inf", "-inf")
    assert (end["loss"], start["settings"]["lr"]) == ("nan", 1e200)
    assert (end["fault"]["step"], end["fault"]["phase"]) == (1, "forward")
    ran = run("train", "lecture", "--lr", "1e200", "--activation", "linear", "--steps", "4")
    assert ran.status == 0
    assert "diverged" in ran.out
    assert "step 1, forward › sample 1" in ran.out


def test_a_file_is_trained_on(run: Run) -> None:
    rows = "".join(f"{i % 5},{i % 7},{'xyz'[i % 3]}\n" for i in range(30))
    Path("data.csv").write_text(f"a,b,kind\n{rows}", encoding="utf-8")
    start, *_, end = run("train", "data.csv", "--target", "kind", "--steps", "5", "--json").records

    assert (start["samples"], start["test_samples"]) == (24, 6)
    assert isinstance(end["test_accuracy"], float)


def test_a_pipe_gets_plain_lines(run: Run) -> None:
    ran = run("train", "lecture")

    assert (ran.status, ran.err) == (0, "")
    assert re.search(r"^step 0 +loss 6\.005 +accuracy 50 %", ran.out, re.MULTILINE)
    assert re.search(r"^loss +6\.005 → 0\.0\d+$", ran.out, re.MULTILINE)
    assert 10 <= len(ran.out.splitlines()) <= 16
    assert all(line == line.rstrip() and line.isprintable() for line in ran.out.splitlines())


def test_a_terminal_gets_a_bar_and_a_summary() -> None:
    with Terminal([*PROGRAM, "train", "moons", "--steps", "20"]) as terminal:
        status = terminal.wait(20)
        screen = "\n".join(terminal.screen())

        assert status == 0
        assert "accuracy" in screen
        assert "20 steps in" in screen
        assert "━" not in screen
        assert terminal.restored()


def test_a_dumb_terminal_gets_no_control_codes() -> None:
    with Terminal([*PROGRAM, "train", "lecture", "--steps", "3"], env={"TERM": "dumb"}) as terminal:
        assert terminal.wait(20) == 0
        assert b"\x1b" not in terminal.output


def test_ctrl_c_says_what_was_reached() -> None:
    with Terminal([*PROGRAM, "train", "moons", "--steps", "1000000"]) as terminal:
        terminal.read_until("steps/s", 20)
        terminal.send("\x03")

        assert terminal.wait(20) == 130
        assert any("of 1000000, interrupted" in line for line in terminal.screen())
        assert not any("Traceback" in line for line in terminal.screen())
        assert terminal.restored()


def test_a_killed_bar_gives_the_cursor_back() -> None:
    with Terminal([*PROGRAM, "train", "moons", "--steps", "1000000"]) as terminal:
        terminal.read_until("steps/s", 20)
        terminal.signal(signal.SIGTERM)

        assert terminal.wait(20) == 143
        assert terminal.restored()


def test_ctrl_c_ends_json_with_its_end() -> None:
    with subprocess.Popen(
        [*PROGRAM, "train", "lecture", "--steps", "10000000", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run that was put into the background ignores ctrl+c, and its children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)

    end = json.loads(out.splitlines()[-1])
    assert (process.returncode, err) == (130, "")
    assert (end["event"], end["interrupted"]) == ("end", True)


def test_training_loads_no_screen() -> None:
    code = (
        "import sys; from chainstep.tui.cli import main; status = main(['train', 'lecture', '--json'])\n"
        "assert 'textual' not in sys.modules and 'rich' not in sys.modules, 'loaded'; sys.exit(status)"
    )
    ran = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [*PROGRAM, "train", "lecture", "--steps", "100000", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"event": "start"')
        process.stdout.close()
        err = process.stderr.read()
        status = process.wait(20)

    assert (status, err) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a Linux device")
def test_a_full_disk_is_one_line() -> None:
    for more in (["--json"], []):
        with Path("/dev/full").open("w") as full:
            ran = subprocess.run(
                [*PROGRAM, "train", "lecture", *more], stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert (ran.returncode, ran.stderr) == (1, b"chainstep: no space left on device\n")


def test_a_terminal_without_our_letters_gets_question_marks() -> None:
    ran = subprocess.run(
        [*PROGRAM, "train", "lecture"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b" ? " in ran.stdout


# --- check


def test_checks_agree(run: Run) -> None:
    ran = run("check", "lecture", "--json")
    start, *rows, end = ran.records

    assert (ran.status, ran.err) == (0, "")
    assert (start["parameters"], end["parameters"], end["failed"]) == (41, 41, 0)
    assert [row["name"] for row in rows[:2]] == ["L1.n1.w0", "L1.n1.w1"]
    assert all(row["grad"] == pytest.approx(row["numeric"], rel=1e-5, abs=1e-9) for row in rows)
    assert end["worst"] == max(row["error"] for row in rows) < 1e-5


def test_the_lectures_derivative(run: Run) -> None:
    golden = GOLDEN["derivative"]["numeric"]
    ran = run("check", "parabola", "--h", repr(golden["h"]), "--forward", "--json")
    row = ran.records[1]

    assert row["grad"] == 14.0
    assert row["numeric"] == pytest.approx(golden["forward_difference"], rel=1e-9)
    assert (ran.status, row["failed"]) == (1, True)


def test_a_distance_that_is_lost_in_rounding(run: Run) -> None:
    ran = run("check", "parabola", "--h", "1e-17", "--forward")

    assert ran.status == 1
    assert re.search(r"^x +\+3 +\+14 +\+0 .* wrong$", ran.out, re.MULTILINE)


def test_a_kink_is_reported_and_no_failure(run: Run) -> None:
    # All weights 0: every ReLU sits exactly on its kink.
    ran = run("check", "moons", "--init", "zeros", "--hidden", "2", "--json")
    _, *rows, end = ran.records

    assert ran.status == 0
    assert end["kinks"] == sum(row["kink"] for row in rows) > 0
    table = run("check", "moons", "--init", "zeros", "--hidden", "2")
    assert table.status == 0
    assert " kink" in table.out


def test_a_check_after_some_steps(run: Run) -> None:
    ran = run("check", "neuron", "--steps", "4", "--json")

    assert (ran.status, ran.records[0]["step"]) == (0, 4)


def test_the_perceptron_rule_is_explained_and_not_judged(run: Run) -> None:
    ran = run("check", "wonderland", "--seed", "3", "--json")
    assert ran.status == 0
    assert ran.err.count("\n") == 1
    assert "is no derivative" in ran.err
    assert ran.records[0]["rule"]
    assert any(row["error"] == 1.0 for row in ran.records[1:-1])
    assert ran.records[-1]["failed"] == 0
    assert " rule" in run("check", "wonderland").out


@pytest.mark.parametrize(("few", "steps", "tests"), [(1_000, 20, 20), (10, 20, 2), (10, 3, 1), (10, 10_000, 20)])
def test_very_many_test_samples_are_measured_less_often_than_is_trained(
    monkeypatch: pytest.MonkeyPatch, few: int, steps: int, tests: int
) -> None:
    monkeypatch.setattr(straight, "_FEW", few)
    session, _ = open_subject("moons", overrides={"steps": steps})
    assert straight._tests(session) == tests
