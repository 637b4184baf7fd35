"""`chainstep FILE.py`: what it prints and with which status it ends. Must not know how scripts are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.tui.cli.scripts.moments import opened
from chainstep.tui.cli.statuses import UsageError
from chainstep.tui.scripts.running import How
from support.command_line import Run

SCRIPT = """
import sys
from chainstep.engine import Value
x = Value(float(sys.argv[1]))
for k in range(2):
    (x * x).backward()
"""


def test_each_backward_is_a_row(run: Run, tmp_path: Path) -> None:
    (tmp_path / "square.py").write_text(SCRIPT)

    ran = run(str(tmp_path / "square.py"), "--json", "--", "1e200")

    agreement = {"differs": 0, "agreement": "right to the bit"}
    assert ran.records == [
        {"event": "moment", "index": k, "nodes": 2, "loss": "inf", "line": 6, **agreement} for k in range(2)
    ]
    assert (ran.status, ran.err) == (0, "")


def test_what_cannot_be_run_is_said_in_one_line(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "quiet.py"
    script.write_text("import nowhere\n")
    for arguments, why in (
        ([str(script)], f"{script}: no class like micrograd's called backward(), so there is nothing to step through"),
        ([str(tmp_path / "gone.ipynb"), "--json"], f"{tmp_path / 'gone.ipynb'}: no such file"),
        (["--python", "/nowhere/python", str(script)], "/nowhere/python: no such interpreter"),
        (["--python", "/bin/true", str(script)], f"{script} was not run: /bin/true: it is no Python"),
    ):
        ran = run(*arguments)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.splitlines()[-1] == f"chainstep: {why}"
    assert run(str(script)).err.splitlines()[:2] == [
        f"chainstep: {script}: line 1: there is no package nowhere",
        "chainstep: --python PATH takes an interpreter that has nowhere",
    ]


def test_a_script_is_no_table(run: Run, tmp_path: Path) -> None:
    script = str(tmp_path / "square.py")
    for words in (["train", script], ["data", script], ["check", script, "--target", "1"]):
        ran = run(*words)
        why = f"{script} is a script, and no table: chainstep {script} runs it"
        assert (ran.status, ran.out, ran.err) == (2, "", f"chainstep: {why}\n")


def test_what_is_said_of_a_script_has_lines_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "broken.py"
    script.write_text("a = (\n")

    with pytest.raises(UsageError, match="nothing to step through"):
        opened(str(script), How())

    assert (
        capsys.readouterr().err.rpartition("\r")[2]
        == f"chainstep: {script}: line 1: SyntaxError: '(' was never closed\n"
    )
