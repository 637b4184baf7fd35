"""Several processes at one folder, and processes that cannot write: nothing that was said to be saved is lost, nothing
is left lying about. Those that are killed are long runs. Must not know what a record means.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from chainstep.tui.files.store.folder import tidy
from chainstep.tui.files.store.reading import list_runs, read
from support.runs.killed import saved_at, saver

FULL = """
import random, resource, sys
from pathlib import Path
from chainstep.tui.files.store.format import Summary
from chainstep.tui.files.store.writer import Writer
writer = Writer(Path(sys.argv[1]))
summary = Summary("moons", "{}", 1, None)
for size in (1_000, 90_000, 1_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
    writer.put({"a": size.to_bytes(3) + random.Random(1).randbytes(size)}, summary=summary)
    print(writer.flush(60), writer.error)
print(writer.close(60), writer.error)
"""

STUCK = """
import sys, threading
from pathlib import Path
from chainstep.tui.files.store.file import RunFile
from chainstep.tui.files.store.format import Summary
from chainstep.tui.files.store.writer import Writer
reached = threading.Event()
RunFile.write = lambda *_: (reached.set(), threading.Event().wait())
writer = Writer(Path(sys.argv[1]))
writer.put({"a": b"1"}, summary=Summary("moons", "{}", 1, None))
reached.wait()
print(writer.close(0))
"""


def output(program: str, folder: Path) -> str:
    """What a process prints that ends by itself."""
    return subprocess.run(
        [sys.executable, "-c", program, str(folder)], check=True, capture_output=True, text=True, timeout=120
    ).stdout


def test_processes_that_save_at_once_do_not_disturb_each_other(folder: Path) -> None:
    """They begin in the same second, most likely, and list while the others write."""
    with saver(folder, "--times", "15") as first, saver(folder, "--times", "15") as second:
        while first.poll() is None or second.poll() is None:
            listing = list_runs(folder)
            assert listing.damaged == ()
            tidy(folder)
            for run in listing.runs:
                header, records = read(run.path)
                assert records == saved_at(header.step)
    assert (first.returncode, second.returncode) == (0, 0)
    assert [run.header.step for run in list_runs(folder).runs] == [15, 15]
    assert len(list(folder.iterdir())) == 2


def test_a_limit_on_the_size_of_files_is_said_and_nothing_old_is_lost(folder: Path) -> None:
    lines = output(FULL, folder).splitlines()
    why = f"the run could not be saved in {folder}: the system refused to write"
    assert lines[0] == "True None"
    assert lines[1].startswith(f"False {why}")
    assert lines[2] == lines[3] == "True None"
    (run,) = list_runs(folder).runs
    assert read(run.path).records["a"].startswith((1_000).to_bytes(3))


def test_a_disk_that_hangs_does_not_keep_the_process_from_ending(folder: Path) -> None:
    assert output(STUCK, folder) == "False\n"
    tidy(folder)
    assert list(folder.iterdir()) == []
