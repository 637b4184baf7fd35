"""Which letters are written in which locale, and what stands for the others. Must not know what is said with them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from chainstep.tui.terminal import encoding
from support.cases import each

LOCALES = {
    "LC_ALL=C": False,
    "LC_ALL=POSIX": False,
    "LC_ALL=nowhere": False,
    "LC_ALL=de_DE.ISO-8859-1": False,
    "LC_ALL=C LANG=C.UTF-8": False,
    "LANG=C": False,
    "LANG=de_DE@euro": False,
    "LC_ALL=C PYTHONUTF8=0": False,
    "LC_ALL=C.UTF-8": True,
    "LANG=C.UTF-8": True,
    "LC_CTYPE=C.UTF-8": True,
    "LANG=en_NOWHERE.UTF-8": True,
    "": True,
    "LC_ALL=C PYTHONIOENCODING=utf-8": True,
    "LANG=C.UTF-8 PYTHONIOENCODING=latin-1": False,
}
"""Settings -> whether the screen may have more than ASCII."""

WORDS, CELLS = "Σp² → ±√2 …\n", "╭─█→²🔎é日\n"

PROGRAM = f"""
import sys
from chainstep.tui.terminal import encoding
encoding.settle(*map(bool, map(int, sys.argv[1:])))
sys.stdout.write({WORDS!a})
sys.stderr.write({CELLS!a})
print(int(encoding.shows_unicode()), end="")
"""


def run(settings: str, *asked: str) -> tuple[bytes, bytes, bool]:
    """What the program writes to stdout and stderr, and whether it may draw with more than ASCII."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    set_ = dict(pair.split("=", 1) for pair in settings.split())
    ran = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *asked], env={**kept, **set_}, capture_output=True, check=True
    )
    out, unicode = ran.stdout[:-1], ran.stdout[-1:]
    return out, ran.stderr, unicode == b"1"


@each(("settings", "unicode"), LOCALES.items())
def test_the_locale_decides_what_is_drawn(settings: str, unicode: bool) -> None:
    out, err, may = run(settings)
    assert may is unicode
    if "PYTHONIOENCODING" not in settings:
        assert (out.isascii(), err.isascii()) == (not unicode, not unicode)


def test_whoever_asks_for_letters_gets_them() -> None:
    assert run("LC_ALL=C", "1") == (WORDS.encode(), CELLS.encode(), True)
    assert run("LANG=C.UTF-8", "0") == (b"sum p^2 -> +-sqrt2 ...\n", b"+-#>2> ???\n", False)


def test_what_is_written_to_a_closed_stderr_is_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stderr__", None)
    assert encoding.encoded("×") == "×".encode()
    assert not encoding.shows_unicode()
