"""Who may have a page: whoever has its address, from no page of somebody else's. Must not know what answers them.

The address holds a token, and everything that a page asks for is below it. So no cookie is needed, which every other
server on this machine would be sent too, and no request that somebody else's page makes can be taken for one of ours.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import socket
from collections.abc import Mapping
from hmac import compare_digest
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
"""What is served on where nothing else is asked for: nobody else's machine gets there."""

_EVERYWHERE = ("0.0.0.0", "::", "")
"""Hosts to listen on that are no address to be called by."""


_HOST = re.compile(r"(?:[\w.-]+|\[[\w.:]+\])(?::\d{1,5})?", re.ASCII)
"""A host as a request names it, which is repeated in what is answered."""


class RefusedError(Exception):
    """A request is not answered; the message is a line for whoever made it."""


class Access:
    """What a server that listens on `host` answers."""

    def __init__(self, host: str) -> None:
        self.token = secrets.token_urlsafe(18)
        self._names = {"localhost", host.lower(), *((named().lower(),) if host in _EVERYWHERE else ())}
        self._host = host

    def address(self, port: int) -> str:
        """Where the first page is."""
        name = named() if self._host in _EVERYWHERE else self._host
        return f"http://{f'[{name}]' if ':' in name else name}:{port}/{self.token}/"

    def check(self, path: str, headers: Mapping[str, str]) -> None:
        """Check a request for `path`, "/" and what follows, with its headers.

        Raises:
            RefusedError: it is none of ours.
        """
        if not all(map(str.isascii, headers.values())):
            raise RefusedError("a browser sends no such headers")
        host = headers.get("Host", "")
        # A name that somebody else has pointed at this machine makes his pages ours in the eyes of a browser.
        if not self._known(host):
            raise RefusedError("this server is not called so")
        origin = headers.get("Origin")
        if origin is not None and origin.lower().partition("://")[2] != host.lower():
            raise RefusedError("another site's page has asked for this")
        if not compare_digest(path.lstrip("/").partition("/")[0].encode(errors="replace"), self.token.encode()):
            raise RefusedError("the address is not whole: it is where chainstep web was started")

    def _known(self, host: str) -> bool:
        """Whether it is us. The port may be another, that of a tunnel; numbers belong to nobody else."""
        if not _HOST.fullmatch(host):
            return False
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self._names or is_number(name)


def named() -> str:
    """What this machine is called by others."""
    return socket.gethostname() or LOOPBACK


def is_number(host: str) -> bool:
    """Whether a host is a number, as 127.0.0.1 and ::1 are."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether nobody else's machine gets there; of a name all its addresses count.

    Raises:
        OSError: it has none.
    """
    if host in _EVERYWHERE:
        return False
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(str(place[0]).partition("%")[0]).is_loopback for *_, place in found)


def headers(host: str) -> dict[str, str]:
    """What goes with each answer to a request that was sent to `host`, "" where it is refused: nothing is loaded from
    elsewhere, no other page frames this one, and nobody is told where it is.
    """
    own = {
        "default-src": "'none'",
        "base-uri": "'none'",
        "connect-src": f"'self' ws://{host} wss://{host}" if host else "'none'",
        "font-src": "'self'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "img-src": "'self' data:",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",  # the terminal in the page styles its rows
    }
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in own.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
