"""Which folders are on a disk of this machine. Must not know runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.tui.files.store.filesystems import is_local


@pytest.mark.parametrize(
    ("mounts", "local"),
    [
        ("/dev/sda / ext4 rw 0 0\n", True),
        ("/dev/sda / ext4 rw 0 0\nserver:/home {base} nfs4 rw 0 0\n", False),
        ("server:/ / nfs rw 0 0\n/dev/sdb {base} xfs rw 0 0\n", True),
        ("/dev/sda / ext4 rw 0 0\n/dev/sdb {base} xfs rw 0 0\nserver:/ {base} cifs rw 0 0\n", False),
        ("/dev/sda / ext4 rw 0 0\nserver:/home {base}-else nfs4 rw 0 0\n", True),
        ("/dev/sda / fuse.sshfs rw 0 0\n", False),
        ("/dev/sda / something-new rw 0 0\n", False),
        ("", False),
        ("nonsense\n\n", False),
    ],
)
def test_the_innermost_mount_decides(tmp_path: Path, mounts: str, local: bool) -> None:
    base = tmp_path / "home of anna"
    folder = base / "runs"
    folder.mkdir(parents=True)
    table = tmp_path / "mounts"
    table.write_text(mounts.format(base=str(base).replace(" ", r"\040")))
    assert is_local(folder, table) is local


def test_in_doubt_it_is_not(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    assert not is_local(tmp_path, table), "no list of mounts"
    table.write_text("/dev/sda / ext4 rw 0 0\n")
    assert is_local(tmp_path, table)
    assert not is_local(tmp_path / "nowhere", table)


def test_a_link_is_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    table = tmp_path / "mounts"
    table.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/ {tmp_path}/far nfs rw 0 0\n")
    assert not is_local(tmp_path / "near", table)
