"""The README's recipe for sshd, taken from it word by word. Must not know what a session does."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from .server import ACCOUNT, Server

_README = Path(__file__).parents[3] / "README.md"


def block(marker: str) -> str:
    """What stands in the README in the code block behind a marker."""
    found = re.search(rf"<!-- {marker} -->\n```\w*\n(.*?)```", _README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None, marker
    return found[1]


def server(folder: Path, home: Path, *, hurried: bool = False) -> Server:
    """sshd with the README's words, in which only the account, the key and where the program is are the test's own.
    One that is `hurried` takes a client for dead after two seconds in place of half a minute.
    """
    folder.mkdir()
    home.mkdir()
    configuration = block("sshd-config").replace("Match User class", f"Match User {ACCOUNT}")
    if hurried:
        configuration, count = re.subn(r"(ClientAlive(Interval|CountMax)) \d+", r"\1 1", configuration)
        assert count == 2
    variables = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"}
    made = Server(folder, configuration, variables)
    line = block("authorized-keys")
    assert line.count("\n") == 1
    made.admit(re.sub(r"ssh-ed25519 .*", made.key, line))
    return made


def store(home: Path) -> Path:
    """Where the recipe's person keeps everything."""
    return home / ".local" / "state" / "chainstep" / "kiosk" / "anna"
