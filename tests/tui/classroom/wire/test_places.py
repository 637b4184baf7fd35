"""Where sessions are shared: with whom, under which names, and what is left of those that died. Must not know what is
said.
"""

from __future__ import annotations

import grp
import os
import socket
import stat
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from chainstep.tui.classroom.following.connection import chosen
from chainstep.tui.classroom.wire import places
from chainstep.tui.classroom.wire.places import Peer, PlaceError


def share(name: str, group: str | None = None) -> socket.socket:
    folder = places.own_folder(group)
    return places.listening(folder / f"{places.free_name(folder, name)}.sock", group)


def test_a_socket_is_its_users_alone_and_names_do_not_meet(runtime: Path) -> None:
    with pytest.raises(PlaceError, match="nobody shares"):
        chosen(None)
    with share("anna"):
        only = chosen(None)
        assert (only.name, only.user) == ("anna", places.user_name())
        assert stat.S_IMODE(only.path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(only.path.stat().st_mode) == 0o600
        with share("anna"), places.connected(only, 1.0) as made:
            assert places.peer(made)[:2] == (os.getpid(), os.getuid())
            assert [kept.name for kept in places.shared()] == ["anna", "anna-2"]
            assert chosen("anna-2").name == "anna-2"
            with pytest.raises(PlaceError, match=r"several are shared: .*/anna, .*/anna-2"):
                chosen(None)
            with pytest.raises(PlaceError, match="nobody shares 'bob'"):
                chosen("bob")
            with pytest.raises(PlaceError, match="nothing can be shared"):
                places.listening(only.path)  # somebody was faster
            assert chosen("anna") == only
    # Both died without a word: soon nothing is left of them.
    for path in only.path.parent.iterdir():
        os.utime(path, (0, 0))
    assert places.shared() == []
    assert list(only.path.parent.iterdir()) == []


def test_a_group_is_named_and_its_members_are_asked_for_by_the_kernels_word(runtime: Path) -> None:
    own = grp.getgrgid(os.getgid()).gr_name
    with share("anna", own):
        (only,) = places.shared()
        assert stat.S_IMODE(only.path.parent.stat().st_mode) == 0o750
        assert (stat.S_IMODE(only.path.stat().st_mode), only.path.stat().st_gid) == (0o660, os.getgid())
    me, other = Peer(1, os.getuid(), 12345), Peer(1, 54321, os.getgid())
    assert places.may_follow(me, None)
    assert places.may_follow(me, own)
    assert not places.may_follow(other, None)
    assert not places.may_follow(other, own)  # nobody is called so
    with pytest.raises(PlaceError, match="there is no group 'nosuch'"):
        share("anna", "nosuch")


def test_a_group_looks_where_it_lies_whatever_is_temporary_for_whom(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = grp.getgrgid(os.getgid()).gr_name
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", tempfile.mkdtemp(dir=runtime))  # the teacher's
    with share("anna", own):
        monkeypatch.setattr(tempfile, "tempdir", None)
        monkeypatch.setenv("TMPDIR", tempfile.mkdtemp(dir=runtime))  # a member's
        assert [kept.path.parent for kept in places.shared()] == [runtime / f"chainstep-{os.getuid()}.{own}"]


def test_what_is_not_ones_own_is_no_place(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (runtime / "chainstep").symlink_to(runtime)
    with pytest.raises(PlaceError, match="no folder of yours"):
        share("anna")
    (runtime / "chainstep").unlink()
    with share("/../x y\n"):
        assert chosen(None).name == "-..-x-y-"[1:] or places.shared()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime / "missing"))
    assert places.own_folder() == runtime / f"chainstep-{os.getuid()}"


def test_a_path_may_be_longer_than_a_sockets(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = runtime / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with share("anna"), places.connected(chosen(None), 1.0):
        assert chosen(None).path.parent == deep / "chainstep"


def test_many_may_stand_before_the_door(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_AT_ONCE", 0)
    with share("anna") as door, ExitStack() as crowd:
        with suppress(BlockingIOError):
            for _ in range(9):
                made = crowd.enter_context(socket.socket(socket.AF_UNIX))
                made.setblocking(False)
                made.connect(str(runtime / "chainstep" / "anna.sock"))
        (only,) = places.shared()  # it is alive, though nobody opens
        with pytest.raises(PlaceError, match="cannot be followed"):
            places.connected(only, 0.0)
        monkeypatch.setattr("time.sleep", lambda seconds: crowd.enter_context(door.accept()[0]))
        crowd.enter_context(places.connected(only, 5.0))
