"""An sshd on loopback with keys and a configuration of its own, for one account: that of the test. Must not know
what it lets people do.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from support.screen.terminal import Terminal

_PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/sbin"))

_USER = pwd.getpwuid(os.getuid())

ACCOUNT = _USER.pw_name

_OWN = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel VERBOSE
Subsystem sftp internal-sftp
SetEnv {variables}
"""
"""What a server needs that is no real one; the rest is to be the recipe's."""


def missing() -> str:
    """What is not installed here or, of the account, not as sshd wants it; empty if all is there."""
    programs = ("sshd", "ssh", "scp", "sftp", "ssh-keygen")
    absent = next((name for name in programs if shutil.which(name, path=_PLACES) is None), "")
    if absent:
        return absent
    with contextlib.suppress(OSError):  # only root may look; and only root's sshd asks
        if f"\n{ACCOUNT}:!" in "\n" + Path("/etc/shadow").read_text():
            return "an account that is not locked"
    return "a shell of the account's" if Path(_USER.pw_shell).name in ("nologin", "false") else ""


class Server:
    """To be used in a `with` statement. `variables` are set in each session, as sshd's own SetEnv does."""

    def __init__(self, folder: Path, configuration: str, variables: Mapping[str, str]) -> None:
        self.folder = folder
        for name in ("host", "key"):
            subprocess.run(
                [_found("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder / name], check=True
            )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        own = _OWN.format(port=self.port, folder=folder, variables=" ".join(f"{a}={b}" for a, b in variables.items()))
        (folder / "sshd_config").write_text(own + configuration)

    @property
    def key(self) -> str:
        """The public key of whoever comes: its kind, and the key in base64."""
        return (self.folder / "key.pub").read_text().strip()

    def admit(self, line: str) -> None:
        """Write the line of authorized_keys."""
        path = self.folder / "authorized_keys"
        path.write_text(line)
        path.chmod(0o600)

    def __enter__(self) -> Self:
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # what the service makes before it starts one
        self._process = subprocess.Popen(
            [_found("sshd"), "-D", "-e", "-f", self.folder / "sshd_config"], stderr=subprocess.PIPE
        )
        self.log = bytearray()
        self.hear(b"Server listening")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()

    def hear(self, wanted: bytes, timeout: float = 30) -> None:
        """Read the log until it has that."""
        pipe = self._process.stderr
        assert pipe is not None
        while wanted not in self.log:
            if not select.select([pipe], [], [], timeout)[0]:
                raise TimeoutError(f"no {wanted!r} in {self.log.decode()}")
            said = os.read(pipe.fileno(), 65536)
            if not said:
                raise ChildProcessError(f"sshd has ended: {self.log.decode()}")
            self.log += said

    # --- clients

    def client(self, program: str, *words: str, destination: bool = True) -> list[str]:
        """The command line of `ssh`, `scp` or `sftp`; its words come before the destination, which scp names itself."""
        options = {
            "IdentityFile": self.folder / "key",
            "IdentitiesOnly": "yes",
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": os.devnull,
            "LogLevel": "ERROR",
            "Port": self.port,
        }
        given = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        return [_found(program), "-F", "none", *given, *words, *([self.destination] if destination else [])]

    @property
    def destination(self) -> str:
        return f"{ACCOUNT}@127.0.0.1"

    @contextlib.contextmanager
    def session(self, *words: str, command: str = "") -> Iterator[Terminal]:
        """A client on a terminal."""
        argv = [*self.client("ssh", "-tt", *words), *([command] if command else [])]
        with Terminal(argv, size=(80, 24)) as terminal:
            yield terminal

    def ran(self, argv: list[str], timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """What became of a client without a terminal."""
        return subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False
        )


class Ending:
    """The end of a process that is no child of ours, which the kernel tells."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)

    def wait(self, timeout: float = 60) -> None:
        ended = select.select([self._handle], [], [], timeout)[0]
        os.close(self._handle)
        if not ended:
            os.kill(self.pid, signal.SIGKILL)
            raise TimeoutError(f"process {self.pid} has not ended")


def process_with(variable: str) -> int:
    """The process that has a variable, `NAME=value`, in its environment, and is neither sshd nor of this test."""
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdecimal() and variable.encode() in (folder / "environ").read_bytes().split(b"\0"):
                return int(folder.name)
    raise ProcessLookupError(variable)


def _found(program: str) -> str:
    found = shutil.which(program, path=_PLACES)
    assert found is not None
    return found
