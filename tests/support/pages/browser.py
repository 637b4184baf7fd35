"""A headless Chromium, as chromedriver moves it over plain HTTP (https://www.w3.org/TR/webdriver2/). Must not know any
page.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")

MISSING = shutil.which("chromedriver") is None or shutil.which("chromium") is None
"""Whether there is none here."""

_SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
)


class Browser:
    """A browser that keeps all that it has in `folder`, what it downloads too; for a `with` statement."""

    def __init__(self, folder: Path, size: tuple[int, int] = (1280, 800)) -> None:
        self._folder, self._size = folder, size
        self._events = list[Any]()
        """What the browser did on the network so far."""

    def __enter__(self) -> Self:
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._driver.stdout is not None
        try:
            port = next(found[1] for line in self._driver.stdout if (found := re.search(r"on port (\d+)\.", line)))
            self._session = f"http://127.0.0.1:{port}/session"
            columns, rows = self._size
            options = {
                "args": [*_SWITCHES, f"--user-data-dir={self._folder}", f"--window-size={columns},{rows}"],
                "prefs": {"download.default_directory": str(self._folder)},
            }
            wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
            opened = self._call("POST", "", {"capabilities": {"alwaysMatch": wanted}})
            self._session += f"/{opened['sessionId']}"
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._call("DELETE", "")
        finally:
            self._end()

    def _end(self) -> None:
        self._driver.kill()
        self._driver.wait()
        assert self._driver.stdout is not None
        self._driver.stdout.close()

    def _call(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            self._session + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()}") from None

    def open(self, address: str) -> None:
        self._call("POST", "/url", {"url": address})

    def ask(self, script: str) -> Any:
        """What a script returns, in the page."""
        return self._call("POST", "/execute/sync", {"script": script, "args": []})

    def press(self, keys: str, held: str = "") -> None:
        """Press keys one after the other, while another is held."""
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        if held:
            steps = [{"type": "keyDown", "value": held}, *steps, {"type": "keyUp", "value": held}]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": steps}]})

    def resize(self, width: int, height: int) -> None:
        self._call("POST", "/window/rect", {"width": width, "height": height})

    def tab(self) -> str:
        """Open another tab, and go there."""
        handle: str = self._call("POST", "/window/new", {"type": "tab"})["handle"]
        self.go(handle)
        return handle

    def here(self) -> str:
        """The tab that all this is done in."""
        handle: str = self._call("GET", "/window")
        return handle

    def go(self, handle: str) -> None:
        self._call("POST", "/window", {"handle": handle})

    def close(self) -> Sequence[str]:
        """Close the tab; gives those that are left."""
        left: list[str] = self._call("DELETE", "/window")
        return left

    def picture(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode(self._call("GET", "/screenshot"))

    def complaints(self) -> list[str]:
        """What went wrong in the page, as its console says."""
        return [entry["message"] for entry in self._log("browser") if entry["level"] == "SEVERE"]

    def asked(self) -> list[str]:
        """The addresses that were asked for so far, sockets too."""
        requests = [it["request"] for it in self._happened("Network.requestWillBeSent")]
        return [it["url"] for it in [*requests, *self._happened("Network.webSocketCreated")]]

    def heard(self) -> str:
        """What came by sockets so far, of its bytes."""
        frames = [it["response"] for it in self._happened("Network.webSocketFrameReceived")]
        return b"".join(base64.b64decode(it["payloadData"]) for it in frames if it["opcode"] == 2).decode()

    def _happened(self, kind: str) -> list[Any]:
        self._events += [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [event["params"] for event in self._events if event["method"] == kind]

    def _log(self, kind: str) -> list[Any]:
        entries: list[Any] = self._call("POST", "/se/log", {"type": kind})
        return entries


def until(found: Callable[[], T], seconds: float = 20.0) -> T:
    """Ask until there is an answer; a page tells nobody that it has changed."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return answer
