"""The command line as scripts and typing fingers meet it: outputs, statuses, one line for bad input. Must not know what
is behind it.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from chainstep.datasets import EXAMPLES
from chainstep.tui import cli, runs, subjects
from support.terminal import Terminal

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "golden.json").read_text(encoding="utf-8"))
PROGRAM = [sys.executable, "-P", "-m", "chainstep.tui"]
ROWS = "a,b,kind\n" + "".join(f"{i % 5},{i % 7},{'xyz'[i % 3]}\n" for i in range(30))


class Ran(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        def refuse(text: str) -> float:
            raise AssertionError(f"{text} is not JSON")

        return [json.loads(line, parse_constant=refuse) for line in self.out.splitlines()]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Any:
    """Runs the program inside this process, with pipes for stdout and stderr."""

    def ran(*arguments: str) -> Ran:
        status = cli.main(arguments)
        return Ran(status, *capfd.readouterr())

    return ran


def close(number: float) -> Any:
    return pytest.approx(number, rel=1e-9)


# --- train


@pytest.mark.parametrize("name", ["lecture", "moons"])
def test_training_prints_the_golden_losses(run: Any, name: str) -> None:
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


def test_fewer_steps_are_a_prefix_of_more(run: Any) -> None:
    few, more = (run("train", "iris", "--json", "--steps", count).records for count in ("7", "19"))

    assert few[1:-1] == more[1:8]
    assert few[-1]["steps"] == 7


def test_no_step_at_all(run: Any) -> None:
    start, end = run("train", "xor", "--steps", "0", "--json").records

    assert start["settings"]["steps"] == end["steps"] == 0
    assert end["loss"] > 0


def test_options_reach_the_settings(run: Any) -> None:
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


def test_regression_and_expressions_have_no_accuracy(run: Any) -> None:
    for name in ("sine", "expression"):
        records = run("train", name, "--steps", "3", "--json").records
        assert [record["accuracy"] for record in records[1:]] == [None] * 4


def test_numbers_that_json_lacks_are_strings(run: Any) -> None:
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


def test_a_file_is_trained_on(run: Any) -> None:
    Path("data.csv").write_text(ROWS, encoding="utf-8")
    start, *_, end = run("train", "data.csv", "--target", "kind", "--steps", "5", "--json").records

    assert (start["samples"], start["test_samples"]) == (24, 6)
    assert isinstance(end["test_accuracy"], float)


def test_a_pipe_gets_plain_lines(run: Any) -> None:
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


def test_ctrl_c_ends_json_with_its_end() -> None:
    with subprocess.Popen(
        [*PROGRAM, "train", "lecture", "--steps", "10000000", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
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


def test_checks_agree(run: Any) -> None:
    ran = run("check", "lecture", "--json")
    start, *rows, end = ran.records

    assert (ran.status, ran.err) == (0, "")
    assert (start["parameters"], end["parameters"], end["failed"]) == (41, 41, 0)
    assert [row["name"] for row in rows[:2]] == ["L1.n1.w0", "L1.n1.w1"]
    assert all(row["grad"] == pytest.approx(row["numeric"], rel=1e-5, abs=1e-9) for row in rows)
    assert end["worst"] == max(row["error"] for row in rows) < 1e-5


def test_the_lectures_derivative(run: Any) -> None:
    golden = GOLDEN["derivative"]["numeric"]
    ran = run("check", "parabola", "--h", repr(golden["h"]), "--forward", "--json")
    row = ran.records[1]

    assert row["grad"] == 14.0
    assert row["numeric"] == pytest.approx(golden["forward_difference"], rel=1e-9)
    assert (ran.status, row["failed"]) == (1, True)


def test_a_distance_that_is_lost_in_rounding(run: Any) -> None:
    ran = run("check", "parabola", "--h", "1e-17", "--forward")

    assert ran.status == 1
    assert re.search(r"^x +\+3 +\+14 +\+0 .* wrong$", ran.out, re.MULTILINE)


def test_a_kink_is_reported_and_no_failure(run: Any) -> None:
    # All weights 0: every ReLU sits exactly on its kink.
    ran = run("check", "moons", "--init", "zeros", "--hidden", "2", "--json")
    _, *rows, end = ran.records

    assert ran.status == 0
    assert end["kinks"] == sum(row["kink"] for row in rows) > 0
    table = run("check", "moons", "--init", "zeros", "--hidden", "2")
    assert table.status == 0
    assert " kink" in table.out


def test_a_check_after_some_steps(run: Any) -> None:
    ran = run("check", "neuron", "--steps", "4", "--json")

    assert (ran.status, ran.records[0]["step"]) == (0, 4)


def test_the_perceptron_rule_is_explained_and_not_judged(run: Any) -> None:
    ran = run("check", "wonderland", "--seed", "3", "--json")
    assert ran.status == 0
    assert ran.err.count("\n") == 1
    assert "is no derivative" in ran.err
    assert ran.records[0]["rule"]
    assert any(row["error"] == 1.0 for row in ran.records[1:-1])
    assert ran.records[-1]["failed"] == 0
    assert " rule" in run("check", "wonderland").out


# --- expr


def test_an_expression_as_json(run: Any) -> None:
    golden = GOLDEN["expression"]
    ran = run("expr", golden["expr"], "a=2", "b=-3", "c=10", "f=-2", "--json")
    (record,) = ran.records
    nodes = {node["name"]: node for node in record["nodes"]}

    assert (ran.status, ran.err, record["value"]) == (0, "", golden["value"])
    assert {name: nodes[name]["grad"] for name in "abcf"} == golden["grad"]
    assert [nodes[name]["op"] for name in "abcf"] == [""] * 4
    assert [(node["op"], node["data"], node["grad"]) for node in record["nodes"] if node["op"]] == [
        ("*", -6.0, -2.0),
        ("+", 4.0, -2.0),
        ("*", -8.0, 1.0),
    ]


def test_every_golden_expression(run: Any) -> None:
    for golden in (GOLDEN["neuron"], *GOLDEN["reuse"]):
        (record,) = run("expr", golden["expr"], *(f"{n}={v}" for n, v in golden["leaves"].items()), "--json").records
        grads = {node["name"]: node["grad"] for node in record["nodes"]}
        assert record["value"] == close(golden["value"])
        assert {name: grads[name] for name in golden["grad"]} == {n: close(g) for n, g in golden["grad"].items()}


@pytest.mark.parametrize(
    ("text", "leaves", "ops"),
    [
        ("-a - 2", ["a=1"], ["", "neg", "", "-"]),
        ("-h*2", ["h=3"], ["", "neg", "", "*"]),
        ("a**2 / b", ["a=1", "b=2"], ["", "", "**", "", "/"]),
        ("tanh(a) + relu(a)", ["a=1"], ["", "tanh", "relu", "+"]),
    ],
)
def test_names_of_operations(run: Any, text: str, leaves: list[str], ops: list[str]) -> None:
    ran = run("expr", text, *leaves, "--json")

    assert ran.status == 0
    assert [node["op"] for node in ran.records[0]["nodes"]] == ops


def test_an_expression_that_overflows(run: Any) -> None:
    (record,) = run("expr", "exp(a) - exp(a)", "a=1000", "--json").records

    assert record["value"] == "nan"
    assert record["nodes"][1]["data"] == "inf"


# --- bad input

BAD: Mapping[str, tuple[str, ...]] = {
    "'wonderlnd'; did you mean wonderland": ("wonderlnd",),
    "did you mean examples": ("exampels",),
    "no example called": ("train", "nothing-like-it"),
    r"'\\x1b\[31mred'": ("train", "\x1b[31mred"),
    "Missing argument 'WHAT'": ("train",),
    "unexpected extra argument": ("train", "moons", "xor"),
    "No such option '?-?-?bogus": ("train", "moons", "--bogus"),
    "lr must be finite and above 0, not nan": ("train", "moons", "--lr", "nan"),
    "lr must be finite and above 0, not inf": ("moons", "--lr", "inf"),
    "lr must be finite and above 0, not 0.0": ("train", "moons", "--lr", "0"),
    "lr must be finite and above 0, not -1.0": ("check", "moons", "--lr", "-1"),
    "--lr.*'banana'": ("train", "moons", "--lr", "banana"),
    "--hidden.*'0'": ("train", "moons", "--hidden", "0"),
    "--hidden.*'a,b'": ("train", "moons", "--hidden", "a,b"),
    "--hidden.*'16,,16'": ("train", "moons", "--hidden", "16,,16"),
    "--hidden.*'-4'": ("train", "moons", "--hidden", "-4"),
    "--hidden.*''": ("train", "moons", "--hidden", ""),
    "parameters are too many": ("train", "moons", "--hidden", "99999,99999"),
    "steps must be at least 0, not -1": ("train", "moons", "--steps", "-1"),
    "--steps.*'many'": ("train", "moons", "--steps", "many"),
    "--steps.*'1.5'": ("train", "moons", "--steps", "1.5"),
    "--seed.*'x'": ("train", "moons", "--seed", "x"),
    "batch_size must be at least 1": ("train", "moons", "--batch-size", "0"),
    "momentum must be": ("train", "moons", "--momentum", "1"),
    "l1 must be": ("train", "moons", "--l1", "-1"),
    "l2 must be": ("train", "moons", "--l2", "nan"),
    "no penalties": ("train", "wonderland", "--l2", "0.1"),
    "--loss.*'l3'": ("train", "moons", "--loss", "l3"),
    "--activation.*'swish'": ("train", "moons", "--activation", "swish"),
    "requires an argument": ("train", "moons", "--lr"),
    "missing.csv: there is no such file": ("train", "missing.csv", "--target", "y"),
    "missing.tsv: there is no such file": ("missing.tsv",),
    "data.csv: say which column": ("train", "data.csv"),
    "no column 'sort'; the columns are a, b, kind": ("data.csv", "--target", "sort"),
    "bad.csv: row 2": ("train", "bad.csv", "--target", "y"),
    "--target is for CSV files": ("train", "moons", "--target", "y"),
    "is for networks": ("train", "parabola", "--hidden", "4"),
    "h must be finite and above 0, not 0.0": ("check", "moons", "--h", "0"),
    "h must be finite and above 0, not nan": ("check", "moons", "--h", "nan"),
    "not allowed": ("expr", "__import__('os')"),
    "division by zero at column 3": ("expr", "a/0", "a=1"),
    "b has no number": ("expr", "a*b", "a=1", "--json"),
    "there is no c": ("expr", "a*b", "a=1", "b=1", "c=1"),
    "a is given twice": ("expr", "a*b", "a=1", "a=1", "b=1"),
    "'b' is no leaf": ("expr", "a*b", "a=1", "b"),
    "'--jsn' is no leaf": ("expr", "a*b", "a=1", "--jsn"),
    "a='x' is no number": ("expr", "a*2", "a=x", "--json"),
    "a must be finite": ("expr", "a*2", "a=inf", "--json"),
    "cannot be read": ("expr", "a +\n* 2", "a=1", "--json"),
    "Missing argument 'EXPRESSION'": ("expr",),
    "no run has been saved yet": ("resume",),
    "no run called 'monday'": ("resume", "monday"),
    "no run has been saved yet: ": ("resume", "--list"),
    "app needs a terminal.*`chainstep train lecture`": (),
    "app needs a terminal.*`chainstep train moons`": ("moons", "--lr", "0.3"),
    "app needs a terminal.*data.csv --target kind`": ("data.csv", "--target", "kind"),
    "app needs a terminal.*--json` or `chainstep train": ("expr", "a*b", "a=1", "b=-2"),
}


@pytest.mark.parametrize(("trouble", "arguments"), BAD.items(), ids=[" ".join(case) or "-" for case in BAD.values()])
def test_bad_input_is_one_line_and_status_2(run: Any, trouble: str, arguments: tuple[str, ...]) -> None:
    Path("data.csv").write_text(ROWS, encoding="utf-8")
    Path("bad.csv").write_text("x,y\n1,\n2,3\n", encoding="utf-8")
    ran = run(*arguments)

    assert (ran.status, ran.out) == (2, "")
    assert re.search(trouble, ran.err)
    assert ran.err.startswith("chainstep: ")
    assert ran.err.endswith("\n")
    assert ran.err[:-1].isprintable()


def test_bad_input_says_no_more_outside_of_a_test() -> None:
    ran = subprocess.run([*PROGRAM, "train", "moons", "--lr", "0"], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "chainstep: lr must be finite and above 0, not 0.0\n"


@pytest.mark.parametrize("missing", ["stdin", "stderr"])
def test_the_app_wants_both_ends_of_a_terminal(missing: str) -> None:
    redirect = {"stdin": "</dev/null", "stderr": "2>err.txt"}[missing]
    with Terminal(["sh", "-c", f'"$@" {redirect}', "sh", *PROGRAM, "moons"]) as terminal:
        assert terminal.wait(20) == 2
        told = "\n".join(terminal.screen()) + (Path("err.txt").read_text() if missing == "stderr" else "")
        assert missing in told
        assert "chainstep train moons" in told.replace("\n", "")


def test_the_app_refuses_a_dumb_terminal() -> None:
    with Terminal([*PROGRAM], env={"TERM": "dumb"}) as terminal:
        assert terminal.wait(20) == 2
        assert "TERM=dumb" in "\n".join(terminal.screen())


# --- what the app is given


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What the app was opened with, in place of the app."""
    opened: list[tuple[Any, Any]] = []

    def show(session: Any, source: Any) -> int:
        opened.append((session, source))
        return 0

    monkeypatch.setattr(cli, "require_terminal", lambda _: None)
    monkeypatch.setattr(cli, "show", show)
    return opened


def test_the_app_opens_on_what_is_named(run: Any, shown: list[tuple[Any, Any]]) -> None:
    Path("data.csv").write_text(ROWS, encoding="utf-8")
    for arguments in (
        (),
        ("--lr", "0.25"),
        ("wonderland", "--activation", "sigmoid"),
        ("data.csv", "--target", "3"),
        ("expr", "-a*b", "a=2", "b=-3", "--maximise", "--lr", "0.5"),
    ):
        assert run(*arguments).status == 0
    sessions, sources = zip(*shown, strict=True)

    assert [source.kind for source in sources] == ["example", "example", "example", "csv", "expression"]
    assert [source.name for source in sources[:3]] == ["lecture", "lecture", "wonderland"]
    assert sessions[1].settings.lr == 0.25
    assert (sessions[2].settings.loss, sessions[2].settings.maximise) == ("sse", False)
    assert (sessions[4].settings.maximise, sessions[4].settings.lr) == (True, 0.5)
    assert all(session.step == 0 for session in sessions)


def test_resume_opens_where_it_was_left(run: Any, shown: list[tuple[Any, Any]]) -> None:
    session, source = subjects.open_subject("moons")
    session.train(1000, 3)
    path = runs.save(session, source)

    for arguments in (("resume",), ("resume", path.stem), ("resume", str(path))):
        assert run(*arguments).status == 0
        assert shown[-1][0].bits() == session.bits()
    assert re.search(rf"^{path.stem} +moons .* 3 +0\.7429$", run("resume", "--list").out, re.MULTILINE)


def test_the_status_of_the_app_is_that_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "require_terminal", lambda _: None)
    monkeypatch.setattr(cli, "show", lambda session, source: 143)

    assert cli.main(["xor"]) == 143


# --- what it says of itself


def test_the_examples_are_all_told(run: Any) -> None:
    ran = run("examples")

    assert (ran.status, ran.err) == (0, "")
    assert re.findall(r"^(\S+)  ", ran.out, re.MULTILINE) == list(EXAMPLES)
    assert all(len(line) <= 80 and line == line.rstrip() and line.isprintable() for line in ran.out.splitlines())
    assert "MLP 2-16-16-1 relu" in ran.out


def test_help_is_short_and_has_everything(run: Any) -> None:
    ran = run("--help")

    assert ran == run("-h") == run("moons", "--help")
    assert (ran.status, ran.err) == (0, "")
    for word in ("train WHAT", "check WHAT", "expr", "resume [RUN]", "examples", "--schedule", "--target COLUMN"):
        assert word in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    assert len(ran.out.splitlines()) < 60
    for command in ("train", "check", "expr", "examples", "resume"):
        assert run(command, "--help").out.startswith(f"Usage: chainstep {command}")


def test_the_version(run: Any) -> None:
    assert run("--version").out == f"chainstep {importlib.metadata.version('chainstep')}\n"
