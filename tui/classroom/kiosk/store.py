"""Whose store it is: a folder for each person below the account's own. Must not know what is kept there.

Where sshd is told to (`ExposeAuthInfo yes`), it leaves a file that says by which key somebody has come, and names it in
SSH_USER_AUTH; see sshd_config(5) and ssh(1).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

FOLDER = "kiosk"
"""Below the account's state folder."""

LONGEST = 64
"""Letters of a name."""

_NAME = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9_.-]{{0,{LONGEST - 1}}}", re.ASCII)

_MOST = 64 * 1024
"""Bytes that are read of sshd's file: a key has a few hundred."""


class WhoError(ValueError):
    """Nobody can be called so; the message is one line."""


def checked(name: str) -> str:
    """A name that can be a folder's.

    Raises:
        WhoError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise WhoError(
            f"{name[:LONGEST]!r} is no name for a store: letters, digits, - _ and . make one, "
            f"{LONGEST} at most, the first of them a letter, a digit or _"
        )
    return name


def of_key(environment: Mapping[str, str]) -> str:
    """A name for whoever has come by a key of their own: its fingerprint, as `ssh-keygen -l` prints it but with - and _
    for + and /. Empty where sshd does not say.
    """
    path = environment.get("SSH_USER_AUTH", "")
    with suppress(OSError, ValueError):
        with Path(path).open("rb") as file:
            said = file.read(_MOST)
        for line in said.decode("ascii", "replace").splitlines():
            words = line.split()
            if words[:1] == ["publickey"] and len(words) > 2:
                return fingerprint(words[2])
    return ""


def fingerprint(key: str) -> str:
    """`SHA256-…` of a public key in base64.

    Raises:
        ValueError: it is none.
    """
    try:
        blob = base64.b64decode(key, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    return "SHA256-" + base64.urlsafe_b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def folder(account: Path, who: str) -> Path:
    """The store of a person; the account's own where nobody is named."""
    return account / FOLDER / who if who else account
