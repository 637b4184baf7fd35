"""`chainstep web`: what it refuses, what it says, and that each tab is the app, saved once. Must not know pages."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from chainstep.tui.cli.classroom.web import MISSING
from chainstep.tui.files.store.reading import list_runs
from support.cases import each
from support.command_line import Run

served = pytest.mark.skipif(find_spec("textual_serve") is None, reason="pages take an extra: chainstep[web]")


@each(
    ("arguments", "why"),
    [
        (["train", "moons"], "chainstep train opens no screen that a page could show"),
        (["web", "moons"], "chainstep web opens no screen that a page could show"),
        (["-"], "a page has no standard input: name a file"),
        (["--kiosk", "--as", "anna", "-"], "a page has no standard input: name a file"),
        (["nosuch.py"], "nosuch.py: there is no such file"),
        (["moons", "--port", "65536"], "'--port': 65536 is not in the range"),
        (["--port"], "'--port' requires an argument"),
        (["--tabs=0"], "'--tabs': 0 is not in the range"),
    ],
)
def test_what_no_page_could_show_is_refused(run: Run, arguments: list[str], why: str) -> None:
    ran = run("web", *arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert why in ran.err


def test_without_its_extra_it_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("chainstep.tui.classroom.web.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("aiohttp", "textual_serve"):
        monkeypatch.setitem(sys.modules, name, None)
    assert run("web", "moons") == (2, "", f"chainstep: {MISSING}\n")


# --- with it


@contextmanager
def web(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A server that runs, and what it said of itself."""
    command = [sys.executable, "-P", "-m", "chainstep.tui", "web", *arguments, "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server, json.loads(server.stdout.readline())
        finally:
            server.kill()


def ended(server: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> tuple[list[dict[str, Any]], int]:
    server.send_signal(number)
    out, _ = server.communicate(timeout=30)
    return [json.loads(line) for line in out.splitlines()], server.returncode


@asynccontextmanager
async def page(address: str) -> AsyncIterator[Any]:
    """A page, once it shows the app."""
    from aiohttp import ClientSession

    async with ClientSession() as client, client.ws_connect(f"{address}ws?width=100&height=30") as it:
        while b"? help" not in await it.receive_bytes(timeout=20):
            pass
        yield it


def apps(server: int) -> list[int]:
    """The processes behind the tabs."""
    return [int(child) for child in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def running(processes: list[int]) -> list[int]:
    found = []
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, 0)
            found.append(process)
    return found


@served
async def test_tabs_are_apps_and_each_is_saved_once(tmp_path: Path) -> None:
    with web("lecture", "--lr", "0.3", "--tabs", "4") as (server, up):
        assert (up["event"], up["tabs"]) == ("serving", 4)
        async with page(up["address"]) as left, page(up["address"]) as closed, page(up["address"]) as idle:
            for it in (left, closed):
                await it.send_json(["stdin", "\r"])
                while b"op 0/11" not in await it.receive_bytes(timeout=20):
                    pass
            processes = apps(server.pid)
            assert len(processes) == 3
            await left.send_json(["stdin", "q"])
            while not (said := (await left.receive(timeout=20)).extra):
                pass
            assert "lecture is saved at step 0: " in said
            await closed.close()
            await idle.send_json(["blur"])
            events, status = ended(server)
        assert status == 0
        assert running(processes) == []
    assert [event["event"] for event in events] == ["open"] * 3 + ["close"] * 3 + ["end"]
    assert sorted("is saved" in event["said"] for event in events[3:6]) == [False, True, True]
    assert len(list_runs(tmp_path / "state" / "runs").runs) == 2


@served
async def test_a_server_that_is_killed_leaves_no_app_and_saves_it(tmp_path: Path) -> None:
    with web("lecture") as (server, up):
        async with page(up["address"]) as it:
            await it.send_json(["stdin", "\r"])
            while b"op 0/11" not in await it.receive_bytes(timeout=20):
                pass
            (process,) = apps(server.pid)
            gone = os.pidfd_open(process)
            server.kill()
            await until_gone(gone)
    assert len(list_runs(tmp_path / "state" / "runs").runs) == 1


async def until_gone(process: int) -> None:
    """Wait for a process that is none of our children."""
    loop, gone = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process, gone.set)
    try:
        await asyncio.wait_for(gone.wait(), 20)
    finally:
        loop.remove_reader(process)
        os.close(process)


@served
def test_what_does_not_open_is_told_before_anything_is_served(run: Run) -> None:
    ran = run("web", "nosuch.csv", "--port", "0")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "chainstep: nosuch.csv: there is no such file\n"


@served
def test_a_port_that_is_taken_is_said(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("web", "moons", "--port", str(port))
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert f"port {port}: " in ran.err
    assert "in use" in ran.err


@served
def test_other_machines_are_let_in_with_a_warning() -> None:
    with web("lecture", "--host", "0.0.0.0") as (server, up):
        assert f"//{socket.gethostname()}:{up['port']}/" in up["address"]
        server.send_signal(signal.SIGTERM)
        _, err = server.communicate(timeout=30)
    assert server.returncode == 128 + signal.SIGTERM
    assert err.count("\n") == 1
    assert "other machines reach this" in err
