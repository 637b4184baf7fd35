"""Which letters are written: all of Unicode's, or ASCII alone where the locale has no more. Must not know what is said
with them.
"""

from __future__ import annotations

import codecs
import locale
import os
import sys

_ASCII = "chainstep-ascii"
"""ASCII by another name: click takes a stream of that one for a mistake, and writes UTF-8 to it."""

_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python puts into LC_CTYPE where it found C there, or nothing (PEP 538)."""

_CELLS = dict(zip("→←↑↓▲▼▶◀▸▾▴…·−×›²ŷΣΔ∂√±σβεμ≤≥●○◆□■─━│┃", "><^v^v><>v^.*-x>2ySdd?~sbem<>@o%=#--||", strict=True)) | {
    "🔎": "> "
}
"""In the same room on the screen; the last one is Textual's, on its palette."""

_WORDS = dict(
    zip(
        "→←…²ŷΣ√±σβεμ≤≥≠∞",
        ("->", "<-", "...", "^2", "y^", "sum ", "sqrt", "+-", "sigma", "beta", "eps", "mu", "<=", ">=", "!=", "inf"),
        strict=True,
    )
)
"""In running text, where there is more room."""


def settle(unicode: bool | None = None) -> None:
    """Set what stdout and stderr may write: as it is asked for or, if it is not, as the locale has it. Where they have
    been given an encoding of their own (PYTHONIOENCODING), they keep it.
    """
    asked = unicode is not None
    if unicode is None:
        unicode = "PYTHONIOENCODING" in os.environ or _utf8_locale()
    for stream, errors in ((sys.stdout, "chainstep.words"), (sys.stderr, "chainstep.cells")):
        # A stream is None where the descriptor was closed before Python began.
        if stream is None or not hasattr(stream, "reconfigure"):
            continue
        if not unicode:
            stream.reconfigure(encoding=_ASCII, errors=errors)
        elif asked:
            stream.reconfigure(encoding="utf-8", errors="replace")
        else:
            # Where an encoding lacks a letter, a question mark is better than a traceback.
            stream.reconfigure(errors="replace")


def shows_unicode() -> bool:
    """Whether the screen, which is drawn on stderr, may be drawn with more than ASCII."""
    return sys.__stderr__ is not None and _is_utf8(sys.__stderr__.encoding)


def encoded(text: str) -> bytes:
    """The text as stderr would write it."""
    stream = sys.__stderr__
    return text.encode() if stream is None else text.encode(stream.encoding, stream.errors or "replace")


def received(text: str) -> str:
    """The text as a terminal that it is written to by stderr gets it: with the letters that stderr has, and each line's
    end as the kernel writes it.
    """
    stream = sys.__stderr__
    written = text if shows_unicode() or stream is None else encoded(text).decode(stream.encoding, "replace")
    return written.replace("\n", "\r\n")


def _utf8_locale() -> bool:
    """Whether the locale's encoding is UTF-8. Where none is set at all that is taken for granted, as Python does."""
    encoding = locale.getencoding()
    if sys.flags.utf8_mode and not os.environ.get("LC_ALL") and os.environ.get("LC_CTYPE") in _COERCED:
        # Python has put this locale in the place of C, or of one that is not installed: LANG says what was meant.
        named = os.environ.get("LANG", "")
        encoding = named.partition("@")[0].partition(".")[2] if named else encoding
    return _is_utf8(encoding)


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


def _cell(letter: str) -> str:
    if letter in _CELLS:
        return _CELLS[letter]
    from unicodedata import combining, east_asian_width  # UTF-8 does without

    if "\u2500" <= letter <= "\u259f":  # lines, and then blocks
        return "+" if letter <= "\u257f" else "#"
    return "" if combining(letter) else "?" * (1 + (east_asian_width(letter) in "WF"))


def _in_cells(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(map(_cell, error.object[error.start : error.end])), error.end


def _in_words(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    return "".join(_WORDS.get(letter) or _cell(letter) for letter in letters), error.end


def _find(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != _ASCII:
        return None
    same = codecs.lookup("ascii")
    return codecs.CodecInfo(same.encode, same.decode, incrementalencoder=same.incrementalencoder, name=_ASCII)


codecs.register(_find)
codecs.register_error("chainstep.cells", _in_cells)
codecs.register_error("chainstep.words", _in_words)
