"""Who has a run: one at a time, and nobody after a death. Must not know what is in the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chainstep.tui.files.store import locks
from chainstep.tui.files.store.locks import RunLock, lock_path

TAKE = """
import sys
from pathlib import Path
from chainstep.tui.files.store.locks import RunLock
lock = RunLock.take(Path(sys.argv[1]))
print("taken" if lock else "refused", flush=True)
sys.stdin.read()
"""


def taker(run: Path) -> subprocess.Popen[str]:
    """A process that takes the lock and holds it until it is told to end."""
    return subprocess.Popen(
        [sys.executable, "-c", TAKE, str(run)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_one_at_a_time_in_one_process_too(tmp_path: Path) -> None:
    run = tmp_path / "a.chainstep"
    first = RunLock.take(run)
    assert first is not None
    assert RunLock.take(run) is None
    first.release()
    assert list(tmp_path.iterdir()) == []

    second = RunLock.take(run)
    assert second is not None
    first.release()  # a second time lets go of nobody else's
    assert RunLock.take(run) is None
    second.release()


def test_a_process_that_is_killed_lets_go(tmp_path: Path) -> None:
    run = tmp_path / "a.chainstep"
    with taker(run) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        assert RunLock.take(run) is None
        holder.kill()
    assert lock_path(run).exists()
    lock = RunLock.take(run)
    assert lock is not None
    lock.release()
    assert not lock_path(run).exists()


def test_a_lock_that_was_deleted_between_opening_and_locking_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "a.chainstep"
    before = RunLock.take(run)
    assert before is not None
    lock = locks._lock
    tries = []

    def slow(descriptor: int) -> bool:
        if not tries:
            before.release()
        tries.append(descriptor)
        return lock(descriptor)

    monkeypatch.setattr(locks, "_lock", slow)
    mine = RunLock.take(run)
    assert mine is not None
    assert len(tries) == 2
    assert RunLock.take(run) is None, "it is held at the path where others look"
    mine.release()


def test_a_file_that_somebody_put_there_instead_stays(tmp_path: Path) -> None:
    run = tmp_path / "a.chainstep"
    lock = RunLock.take(run)
    assert lock is not None
    lock_path(run).unlink()
    lock_path(run).write_text("another's")
    lock.release()
    assert lock_path(run).read_text() == "another's"


def test_where_there_can_be_no_lock_the_system_says_why(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        RunLock.take(tmp_path / "nowhere" / "a.chainstep")
    lock_path(tmp_path / "a.chainstep").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        RunLock.take(tmp_path / "a.chainstep")
    assert not (tmp_path / "elsewhere").exists()
