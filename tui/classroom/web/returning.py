"""What a page goes on with when it comes again, as after a reload or a link that was cut. Must not know processes.

A page has a number of its own, for as long as its tab is there: that is how it is known again.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

PAGE = "[0-9a-f]{32}"
"""What a page calls itself by."""

_MOST = 1000
"""Pages that are remembered; the one that came last the longest."""

_SAVED = re.compile(r"`chainstep resume ([^`]+)`")

_OF_A_KIOSK = re.compile(r"reloading this page \((.+)\) opens")

_KIOSK = "--kiosk"


class Returning:
    """The words of a command line for each page: those that all begin with, or those that open what it has left."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._left: dict[str, Sequence[str]] = {}
        self._before = _of_a_kiosk(words)
        self._saved = _OF_A_KIOSK if self._before else _SAVED

    def words(self, page: str) -> Sequence[str]:
        """What a page is to show."""
        return self._left.get(page, self._words)

    def left(self, page: str, said: str) -> None:
        """A page is gone, and its session has said this at its end."""
        saved = self._saved.search(said)
        if saved is None or not page:
            return
        self._left.pop(page, None)
        self._left[page] = [*self._before, "resume", *shlex.split(saved[1])]
        if len(self._left) > _MOST:
            del self._left[next(iter(self._left))]


def _of_a_kiosk(words: Sequence[str]) -> Sequence[str]:
    """A kiosk's own options, which come before what it opens and have a value each; empty where it is none."""
    if not words or words[0] != _KIOSK:
        return ()
    end = 1
    while end < len(words) and words[end].startswith("--"):
        end += 1 if "=" in words[end] else 2
    return words[:end]
