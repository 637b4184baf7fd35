"""Who is answered: whoever has the whole address, and no page of somebody else's."""

from __future__ import annotations

import re
import socket

import pytest

from chainstep.tui.classroom.web.access import LOOPBACK, Access, RefusedError, headers, is_loopback
from support.cases import each


def refusal(access: Access, path: str, **sent: str) -> str:
    """Why a request is not answered; "" where it is."""
    try:
        access.check(path, sent)
    except RefusedError as error:
        return str(error)
    return ""


def test_an_address_is_the_host_with_a_token_of_its_own() -> None:
    found = {Access(LOOPBACK).address(8000) for _ in range(100)}
    assert len(found) == 100
    assert all(re.fullmatch(r"http://127\.0\.0\.1:8000/[\w-]{24}/", address) for address in found)
    assert Access("::1").address(80).startswith("http://[::1]:80/")
    assert Access("0.0.0.0").address(80).startswith(f"http://{socket.gethostname()}:80/")


@each(
    ("sent", "told"),
    [
        ({"Host": "127.0.0.1:8000"}, ""),
        ({"Host": "localhost:9000", "Origin": "http://localhost:9000"}, ""),  # a tunnel ends at another port
        ({"Host": "[::1]:8000", "Origin": "http://[::1]:8000"}, ""),
        ({"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"}, ""),
        ({"Host": "localhost", "Origin": "https://localhost"}, ""),  # behind a proxy
        ({"Host": "evil.example:8000"}, "called"),  # a name that was pointed at 127.0.0.1
        ({"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}, "called"),
        ({"Host": "127.0.0.1.evil.example"}, "called"),
        ({"Host": "127.0.0.1@evil.example"}, "called"),
        ({"Host": "[::1"}, "called"),
        ({"Host": "127.0.0.1:3\udc92489"}, "headers"),
        ({"Host": "127.0.0.1", "Sec-WebSocket-Key": "\udcd3"}, "headers"),
        ({"Host": "127.0.0.1:80:80"}, "called"),
        ({"Host": "x; script-src *@127.0.0.1"}, "called"),
        ({"Host": "localhost:80\n"}, "called"),
        ({}, "called"),
        ({"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8001"}, "another site"),
        ({"Host": "127.0.0.1:8000", "Origin": "http://localhost:8000"}, "another site"),
        ({"Host": "127.0.0.1:8000", "Origin": "null"}, "another site"),
        ({"Host": "127.0.0.1:8000", "Origin": ""}, "another site"),
        ({"Host": "127.0.0.1:8000", "Origin": "http://evil.example"}, "another site"),
    ],
)
def test_names_of_others_and_pages_of_others_are_refused(sent: dict[str, str], told: str) -> None:
    access = Access(LOOPBACK)
    assert told in refusal(access, f"/{access.token}/ws", **sent)
    assert bool(told) == bool(refusal(access, f"/{access.token}/", **sent))


def test_a_server_for_others_is_called_as_it_is() -> None:
    assert refusal(Access("class.example"), "/", Host="class.example:80") != "this server is not called so"
    assert "called" in refusal(Access("class.example"), "/", Host="other.example:80")


@each(
    "path", ["/", "", "/ws", "/x/", "/{}x/", "/static/js/textual.js", "/download/1", "/{0:.23}/", "/\ud800/", "/%2F{}/"]
)
def test_without_the_token_there_is_nothing(path: str) -> None:
    access = Access(LOOPBACK)
    assert "whole" in refusal(access, path.format(access.token), Host="localhost:8000")
    assert "whole" in refusal(access, f"/{Access(LOOPBACK).token}/", Host="localhost:8000")


def test_only_this_machine_is_loopback() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "127.9.9.9")] == [True] * 4
    assert [is_loopback(host) for host in ("0.0.0.0", "::", "", "192.0.2.1")] == [False] * 4
    with pytest.raises(OSError, match=r"not known|No address|failure"):
        is_loopback("no such host")


def test_nothing_is_loaded_from_elsewhere_and_nobody_is_told_the_address() -> None:
    sent = headers("127.0.0.1:8000")
    policy = dict(part.split(" ", 1) for part in sent["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    sources = {source for sources in policy.values() for source in sources.split()}
    assert sources == {
        *("'self'", "'none'", "data:", "'unsafe-inline'"),
        *("ws://127.0.0.1:8000", "wss://127.0.0.1:8000"),
    }
    assert policy["script-src"] == "'self'"
    assert sent["Referrer-Policy"] == "no-referrer"
