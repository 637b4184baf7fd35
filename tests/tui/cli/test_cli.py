"""The command line as scripts and typing fingers meet it: outputs, statuses, one line for bad input. Must not know what
is behind it.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chainstep.datasets import EXAMPLES
from chainstep.tui.cli import main, opening, options
from chainstep.tui.files.store import keeping
from chainstep.tui.files.subjects.opening import open_subject
from support.command_line import Run
from support.runs.old import OLD
from support.runs.saved import save
from support.screen.terminal import Terminal
from support.sessions import numbers_of

PROGRAM = [sys.executable, "-P", "-m", "chainstep.tui"]
ROWS = "a,b,kind\n" + "".join(f"{i % 5},{i % 7},{'xyz'[i % 3]}\n" for i in range(30))


# --- bad input

BAD: Mapping[str, tuple[str, ...]] = {
    "'wonderlnd'; did you mean wonderland": ("wonderlnd",),
    "no mistake 'zero_grad': did you mean no_zero_grad?": ("train", "lecture", "--mistake", "zero_grad"),
    "no bias: that takes a network": ("expr", "a*b", "a=1", "b=2", "--json", "--mistake", "no_bias"),
    "did you mean examples": ("exampels",),
    "no command called 'trian'; did you mean train": ("trian", "xor"),
    "no command called 'chekc'; did you mean check": ("chekc", "lecture", "--h", "1e-3", "--json"),
    "a command comes before its options: chainstep train": ("--lr", "1", "train"),
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
    "seed must be at least 0, not -1": ("train", "moons", "--seed", "-1"),
    "seed must be at least 0, not -7": ("--seed", "-7"),
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
    "file name too long: x+": ("train", "x" * 300),
    "file name too long: .*x": ("resume", "x" * 300),
    "pipe.csv: this is a pipe": ("train", "pipe.csv", "--target", "y"),
    "./pipe.csv: this is a pipe": ("check", "./pipe.csv", "--target", "y"),
    "pipe.csv: .*a device": ("pipe.csv", "--target", "y"),
    "data.csv: say which column": ("train", "data.csv"),
    "no column 'sort'; the columns are a, b, kind": ("data.csv", "--target", "sort"),
    "bad.csv: row 3: 1 cell, but row 1 has 2": ("train", "bad.csv", "--target", "y"),
    "--target is for CSV files": ("train", "moons", "--target", "y"),
    "is for networks": ("train", "parabola", "--hidden", "4"),
    "h must be finite and above 0, not 0.0": ("check", "moons", "--h", "0"),
    "h must be finite and above 0, not nan": ("check", "moons", "--h", "nan"),
    "is no function": ("expr", "__import__('os')"),
    "division by zero at column 3": ("expr", "a/0", "a=1"),
    "x at column 2 is no function": ("expr", "2x(y)", "x=1", "y=1"),
    "e is assigned twice": ("expr", "e = a*2; e = e + 1", "a=1"),
    r"\\x1b\[31m.* cannot be read at column 3": ("expr", "a*\x1b[31ma", "a=1", "--json"),
    "b has no number": ("expr", "a*b", "a=1", "--json"),
    "there is no c": ("expr", "a*b", "a=1", "b=1", "c=1"),
    "lr must be finite and above 0, not nan$": ("expr", "a*b", "a=1", "b=1", "--json", "--lr", "nan"),
    "a is given twice": ("expr", "a*b", "a=1", "a=1", "b=1"),
    "'b' is no leaf": ("expr", "a*b", "a=1", "b"),
    "'--jsn' is no leaf": ("expr", "a*b", "a=1", "--jsn"),
    "a='x' is no number": ("expr", "a*2", "a=x", "--json"),
    "a must be finite": ("expr", "a*2", "a=inf", "--json"),
    "cannot be read": ("expr", "a +\n* 2", "a=1", "--json"),
    "nested 600 levels deep, this one is 901": ("expr", "-" * 900 + "a", "a=1", "--json"),
    "Missing argument 'EXPRESSION'": ("expr",),
    "no run has been saved yet": ("resume",),
    "no run called 'monday'": ("resume", "monday"),
    "no run called 'tuesday'": ("resume", "--pin", "tuesday"),
    "no run called 'wednesday'": ("resume", "--delete", "wednesday"),
    "one thing at a time": ("resume", "--list", "--pin", "monday"),
    "one thing at a time: ": ("resume", "--json"),
    "no run has been saved yet: ": ("resume", "--list"),
    "app needs a terminal.*`chainstep train lecture`": (),
    "app needs a terminal.*`chainstep train moons`": ("moons", "--lr", "0.3"),
    "app needs a terminal.*data.csv --target kind`": ("data.csv", "--target", "kind"),
    "app needs a terminal.*--json` or `chainstep train": ("expr", "a*b", "a=1", "b=-2"),
}


@pytest.mark.parametrize(("trouble", "arguments"), BAD.items(), ids=[" ".join(case) or "-" for case in BAD.values()])
def test_bad_input_is_one_line_and_status_2(run: Run, trouble: str, arguments: tuple[str, ...]) -> None:
    Path("data.csv").write_text(ROWS, encoding="utf-8")
    Path("bad.csv").write_text("x,y\n1,2\n2\n", encoding="utf-8")
    os.mkfifo("pipe.csv")
    ran = run(*arguments)

    assert (ran.status, ran.out) == (2, "")
    assert re.search(trouble, ran.err)
    assert ran.err.startswith("chainstep: ")
    assert ran.err.endswith("\n")
    assert ran.err[:-1].isprintable()


def test_who_waits_for_a_large_table_at_a_terminal_is_told(run: Run) -> None:
    Path("data.csv").write_text(ROWS, encoding="utf-8")
    assert run("train", "data.csv", "--target", "kind", "--steps", "1").err == ""
    script = "import sys; from chainstep.tui.cli import main; from chainstep.tui.cli.tables import waiting"
    script += "; waiting.PATIENCE = 0; sys.exit(main())"
    with Terminal([sys.executable, "-P", "-c", script, "check", "data.csv", "--target", "kind"]) as terminal:
        # The line is taken back, and what follows is longer than the screen: what was sent tells it for good.
        terminal.read_until(lambda it: b"reading data.csv" in it.output)
        assert terminal.wait() == 0


def test_bad_input_says_no_more_outside_of_a_test() -> None:
    ran = subprocess.run([*PROGRAM, "train", "moons", "--lr", "0"], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "chainstep: lr must be finite and above 0, not 0.0\n"


@pytest.mark.parametrize("missing", ["stdin", "stderr"])
def test_the_app_wants_both_ends_of_a_terminal(tmp_path: Path, missing: str) -> None:
    redirect = {"stdin": "</dev/null", "stderr": "2>err.txt"}[missing]
    with Terminal(["sh", "-c", f'"$@" {redirect}', "sh", *PROGRAM, "moons"], cwd=tmp_path) as terminal:
        assert terminal.wait(20) == 2
        told = "".join(terminal.screen())
    if missing == "stderr":
        told = (tmp_path / "err.txt").read_text(encoding="utf-8")
    assert f"and {missing}" in told
    assert "chainstep train moons" in told


def test_the_app_refuses_a_dumb_terminal() -> None:
    with Terminal([*PROGRAM], env={"TERM": "dumb"}) as terminal:
        assert terminal.wait(20) == 2
        assert "TERM=dumb" in "\n".join(terminal.screen())


# --- what the app is given


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What the app was opened with, in place of the app."""
    opened: list[tuple[Any, Any]] = []

    def show(session: Any, source: Any, _instead: str, owned: Any = None, *_: object) -> int:
        if owned is not None:
            owned.close()
        opened.append((session, source))
        return 0

    monkeypatch.setattr(opening, "show", show)
    return opened


def test_the_app_opens_on_what_is_named(run: Run, shown: list[tuple[Any, Any]]) -> None:
    Path("data.csv").write_text(ROWS, encoding="utf-8")
    for arguments in (
        (),
        ("--lr", "0.25"),
        ("wonderland", "--activation", "sigmoid"),
        ("data.csv",),
        ("data.csv", "--target", "3"),
        ("expr", "-a*b", "a=2", "b=-3", "--maximise", "--lr", "0.5"),
    ):
        assert run(*arguments).status == 0
    sessions, sources = zip(*shown, strict=True)

    assert [source.kind for source in sources] == ["example", "example", "example", "csv", "csv", "expression"]
    assert [source.target for source in sources[3:5]] == ["kind", "3"]
    assert [source.name for source in sources[:3]] == ["lecture", "lecture", "wonderland"]
    assert sessions[1].settings.lr == 0.25
    assert (sessions[2].settings.loss, sessions[2].settings.maximise) == ("sse", False)
    assert (sessions[5].settings.maximise, sessions[5].settings.lr) == (True, 0.5)
    assert all(session.step == 0 for session in sessions)


def test_resume_opens_where_it_was_left(run: Run, shown: list[tuple[Any, Any]]) -> None:
    session, source = open_subject("moons")
    session.train(1000, 3)
    path = save(session, source)

    for arguments in (("resume",), ("resume", path.stem), ("resume", str(path))):
        assert run(*arguments).status == 0
        assert numbers_of(shown[-1][0]) == numbers_of(session)
    assert re.search(rf"^{path.stem} +moons .* 3 +0\.7429$", run("resume", "--list").out, re.MULTILINE)


def test_the_list_as_json_has_a_row_a_run(run: Run) -> None:
    session, source = open_subject("moons")
    fresh = save(session, source)
    session.train(1000, 3)
    trained = save(session, source)
    fresh.with_name("broken.json").write_text("{", encoding="utf-8")
    ran = run("resume", "--list", "--json")

    assert (ran.status, ran.err) == (0, "chainstep: run broken is damaged: the file is not JSON\n")
    assert [list(row) for row in ran.records] == [["name", "what", "step", "loss", "saved"]] * 2
    assert [(row["name"], row["what"], row["step"], row["loss"]) for row in ran.records] == [
        (trained.stem, "moons", 3, session.losses[-1]),
        (fresh.stem, "moons", 0, None),
    ]
    assert datetime.fromisoformat(ran.records[0]["saved"]).tzinfo is not None


def test_runs_are_pinned_and_deleted_by_name(run: Run) -> None:
    path = save(*open_subject("moons"))

    assert run("resume", "--pin", path.stem).out == f"{path.stem} is kept for good\n"
    assert run("resume", "--list").out.splitlines()[1].endswith(" pinned")
    assert run("resume", "--unpin", path.stem).out == f"{path.stem} is kept as long as others\n"
    assert "pinned" not in run("resume", "--list").out
    assert run("resume", "--delete", path.stem).out == f"{path.stem} is deleted\n"
    assert not path.exists()


def test_what_is_going_to_be_deleted_is_said_in_the_list(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(*open_subject("moons"))
    monkeypatch.setattr(keeping, "KEPT", 0)
    assert run("resume", "--list").err == ""
    monkeypatch.setattr(keeping, "AGE", timedelta(0))
    ran = run("resume", "--list")

    assert re.fullmatch(r"chainstep: 1 run from before \S+ will be deleted at a next start; .*--pin NAME.*\n", ran.err)
    assert path.stem in ran.out
    assert run("resume", "--pin", path.stem).status == 0
    assert run("resume", "--list").err == ""


@pytest.mark.parametrize("name", ["\x1b]0;title\x07", "\x9b2J", "\u202eevil"])
def test_no_name_of_a_file_acts_on_the_terminal(run: Run, name: str) -> None:
    path = save(*open_subject("moons"))
    old = path.with_name(f"{name}.json")
    old.write_bytes((OLD / "lecture.json").read_bytes())
    path.rename(path.with_name(f"{name}.chainstep"))
    path.with_name(f"{name}2.chainstep").write_bytes(b"damaged")
    for arguments in (("--list",), ("--list", "--json"), ("--pin", name), ("--delete", name), (name + "3",)):
        ran = run("resume", *arguments)
        assert ran.out + ran.err
        for line in (ran.out + ran.err).splitlines():
            assert line.isprintable()


def test_the_status_of_the_app_is_that_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "show", lambda session, source, instead: 143)

    assert main(["xor"]) == 143


# --- what it says of itself


def test_the_examples_are_all_told(run: Run) -> None:
    ran = run("examples")

    assert (ran.status, ran.err) == (0, "")
    assert re.findall(r"^(\S+)  ", ran.out, re.MULTILINE) == list(EXAMPLES)
    assert all(len(line) <= 80 and line == line.rstrip() and line.isprintable() for line in ran.out.splitlines())
    assert "MLP 2-16-16-1 relu" in ran.out


def test_help_is_short_and_has_everything(run: Run) -> None:
    ran = run("--help")

    assert ran == run("-h") == run("moons", "--help")
    assert (ran.status, ran.err) == (0, "")
    for word in ("train WHAT", "check WHAT", "expr", "resume [RUN]", "examples", "--schedule", "--target COLUMN"):
        assert word in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    assert len(ran.out.splitlines()) < 70
    for command in ("train", "check", "expr", "examples", "resume"):
        assert run(command, "--help").out.startswith(f"Usage: chainstep {command}")


def test_the_help_of_a_command_says_what_its_choices_mean(run: Run) -> None:
    told = " ".join(run("train", "--help").out.split())

    for name, meanings in options.MEANINGS.items():
        assert f"--{name} NAME {'; '.join(f'{choice}: {words}' for choice, words in meanings.items())}." in told
    for words in (
        "half of torch's weight_decay",
        "no AdamW",
        "each class against the rest",
        "the order of minibatches",
    ):
        assert words in told


def test_the_version(run: Run) -> None:
    assert run("--version").out == f"chainstep {importlib.metadata.version('chainstep')}\n"
