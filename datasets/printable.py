"""Makes text from outside safe to show in a terminal. Must not know where the text came from."""

from __future__ import annotations

from collections.abc import Iterable


def printable(text: str, limit: int = 40) -> str:
    """`text` with everything that could act on a terminal escaped, at most `limit` characters long.

    Escaped is what `str.isprintable` refuses: control characters (C0, C1), format characters (bidirectional
    overrides, zero-width marks), line separators and lone surrogates. What is cut off becomes an ellipsis.
    """
    pieces: list[str] = []
    length = 0
    for character in text:
        piece = character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        # An escape is kept whole or not at all; half of one would be a different text.
        if length + len(piece) > limit:
            while pieces and length > limit - 1:
                length -= len(pieces.pop())
            return "".join(pieces) + "…"
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces)


def distinct(texts: Iterable[str], limit: int = 40) -> tuple[str, ...]:
    """Each of `texts` made printable, and numbered where cutting made two different ones look alike."""
    shown: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for text in texts:
        name = plain = printable(text, limit)
        while name in shown:
            numbers[plain] = numbers.get(plain, 1) + 1
            suffix = f"~{numbers[plain]}"
            name = printable(text, limit - len(suffix)) + suffix
        shown[name] = None
    return tuple(shown)
