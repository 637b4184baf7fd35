"""Where a user's own sockets lie, and who is at the other end of one."""

from __future__ import annotations

import os
import socket

import pytest

from chainstep.tui.classroom import sockets


def test_the_folder_is_the_users_own() -> None:
    assert sockets.folder({"XDG_RUNTIME_DIR": "/run/here"}) == "/run/here/chainstep"
    user = os.getuid()
    assert sockets.folder({"XDG_RUNTIME_DIR": "here"}) in (f"/run/user/{user}/chainstep", f"/tmp/chainstep-{user}")


def test_the_kernel_says_who_is_at_the_other_end(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = socket.socketpair()
    with one, other:
        assert sockets.credentials(one) == (os.getpid(), os.getuid(), os.getgid())
        monkeypatch.delattr("_socket.SO_PEERCRED")
        assert sockets.credentials(one) is None
