"""The page's own files: whole, and with nothing in them that is loaded from elsewhere."""

from __future__ import annotations

import re
from importlib.resources import files


def test_the_page_names_nothing_but_what_is_beside_it() -> None:
    folder = files("chainstep.tui.classroom.web") / "page"
    found = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    assert set(found) == {"index.html", "page.css", "page.js"}
    for text in found.values():
        assert re.search(r"Must not know", text)
        assert not re.search(r"https?://|[\"'(]//", text)
    page = found["index.html"]
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|<style|\sstyle=", page)  # nothing that the policy forbids
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page)) == {
        *("data:,", "static/css/xterm.css", "static/js/textual.js", "page/page.css", "page/page.js")
    }
