"""`chainstep export`: where a model goes, and what is told where it cannot. Knows the command line alone."""

from __future__ import annotations

import os
from pathlib import Path

from support.command_line import Run


def test_a_model_goes_to_stdout_or_into_a_file(run: Run, tmp_path: Path) -> None:
    told = run("export", "lecture", "--to", "csv", "--steps", "2")
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("name,data\nL1.n1.w0,")
    assert run("export", "lecture", "--to", "csv", "--steps", "2", "-o", "p.csv") == (0, "", "")
    assert Path("p.csv").read_text() == told.out
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".csv" or "p.csv" in path.name] == ["p.csv"]


def test_what_is_no_file_is_written_to(run: Run) -> None:
    os.mkfifo("pipe")
    with os.fdopen(os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)) as reader:
        assert run("export", "lecture", "--to", "csv", "-o", "pipe") == (0, "", "")
        assert reader.read().startswith("name,data\n")
    assert Path("pipe").is_fifo()


def test_what_is_wrong_is_told_in_a_line(run: Run) -> None:
    for words, says in (
        (("export", "lecture"), "Missing option '--to'. Choose from: pytorch, numpy"),
        (("export", "lecture", "--to", "onnx"), "'onnx' is not one of"),
        (("export", "nothing", "--to", "csv"), "there is no run called 'nothing'"),
        (("export", "lecture", "--to", "csv", "-o", "no/such/folder.csv"), "/folder.csv: no such file or directory"),
        (("export", "x.csv", "--to", "csv"), "there is no such file"),
    ):
        told = run(*words)
        assert told.status in (1, 2), words
        assert says in told.err
        assert told.err.count("\n") == 1
