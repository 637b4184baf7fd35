"""The page in a real browser: what a user sees there, presses, pastes and closes. Must not know how it is served."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT
from typing import Any

import pytest

from chainstep.tui.files import runs
from chainstep.tui.files.store.reading import list_runs
from support.pages import browser
from support.pages.browser import Browser, until

pytestmark = [
    pytest.mark.skipif(find_spec("textual_serve") is None, reason="pages take an extra: chainstep[web]"),
    pytest.mark.skipif(browser.MISSING, reason="there is no chromium with its chromedriver here"),
]

SHOWN = "return document.body.classList.contains('-first-byte')"
WHY = "return document.body.classList.contains('-closed') && document.querySelector('#why').textContent"
PASTE = """
const pasted = new DataTransfer();
pasted.setData("text/plain", "loss < 0.125");
document.querySelector(".xterm-helper-textarea").dispatchEvent(
  new ClipboardEvent("paste", {clipboardData: pasted, bubbles: true, cancelable: true}));
"""
ENTER, CONTROL, RIGHT = "\ue007", "\ue009", "\ue014"


@contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-P", "-m", "chainstep.tui", "web", *words, "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server, heard(server, "serving")["address"]
        finally:
            server.kill()


def heard(server: subprocess.Popen[str], event: str) -> dict[str, Any]:
    """The next thing that it says, which is of that kind."""
    assert server.stdout is not None
    said: dict[str, Any] = json.loads(server.stdout.readline())
    assert said["event"] == event
    return said


def test_a_page_shows_the_app_takes_keys_pastes_and_sizes_and_asks_nobody_else(tmp_path: Path) -> None:
    with serving("lecture") as (server, address), Browser(tmp_path / "browser") as it:
        it.open(f"{address}?fontsize=14")
        until(lambda: it.ask(SHOWN))
        it.press("P")
        (saved,) = until(lambda: [*(tmp_path / "browser").glob("chainstep-*.zip")])
        endings = sorted(name.partition("step0")[2] for name in zipfile.ZipFile(saved).namelist())
        assert endings == ["-loss.csv", "-parameters.csv", "-predictions.csv", ".svg"]
        large = it.picture()
        it.resize(900, 600)
        it.press(f"{RIGHT}b")
        until(lambda: "Breakpoints" in it.heard())
        it.ask(PASTE)
        it.press(ENTER)
        until(lambda: "when it becomes true" in it.heard())
        assert large[:4] == it.picture()[:4] == b"\x89PNG"
        it.open(address)  # as a reload does, it goes on where it stood
        heard(server, "open")
        assert "lecture is saved at step 0: " in heard(server, "close")["said"]
        heard(server, "open")
        until(lambda: it.ask(SHOWN))
        it.press(RIGHT)
        it.press("q", held=CONTROL)
        assert "lecture is saved at step 0: " in until(lambda: it.ask(WHY))
        assert it.complaints() == []
        asked = [asked for asked in it.asked() if not asked.startswith(("chrome:", "data:"))]
        assert len(asked) >= 8
        assert [one for one in asked if address.partition(":")[2] not in one] == []
        assert it.ask("return document.fonts.check('14px \"Roboto Mono\"')")
        heard(server, "close")
    assert len(list_runs(tmp_path / "state" / "runs").runs) == 1
    session = runs.resume(None).session
    assert (session.step, session.op) == (0, 2)
    assert [point.text for point in session.snapshot(()).breakpoints] == ["loss < 0.125"]


def test_ten_tabs_that_are_closed_are_saved_once_each(tmp_path: Path) -> None:
    with serving("lecture") as (server, address), Browser(tmp_path / "browser") as it:
        first = it.here()
        tabs = [it.tab() for _ in range(10)]
        for tab in tabs:
            it.go(tab)
            it.open(address)
            until(lambda: it.ask(SHOWN))
            it.press(ENTER)
        assert [heard(server, "open")["open"] for _ in tabs] == [*range(1, 11)]
        for tab in tabs:
            it.go(tab)
            it.close()
        said = [heard(server, "close") for _ in tabs]
        assert all("lecture is saved at step 0: " in each["said"] for each in said)
        assert Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text() == ""
        it.go(first)
        it.open(address)
        it.open("about:blank")  # at once: the app is not up yet
        heard(server, "open")
        assert heard(server, "close")["said"] == ""
        server.send_signal(SIGINT)
        assert heard(server, "end")["opened"] == 11
    assert len(list_runs(tmp_path / "state" / "runs").runs) == 10
