"""Sentences with numbers in them: `The sum is {a + a}.` Must not know lessons, nor how an expression is evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator

from ...records import record
from ..errors import LessonError
from .numbers import Value, written
from .reading import Expression, parse

_PIECES = re.compile(r"\{\{|\}\}|\{(?P<inside>[^{}]*)\}|(?P<stray>[{}])")


@record
class Sentence:
    """A text, in which expressions stand for what they come to."""

    parts: tuple[str | tuple[Expression, int | None], ...]
    """Texts, and expressions with how many digits of theirs are wanted; None for as many as numbers usually have."""

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> str:
        """As it was written."""
        return "".join(part if isinstance(part, str) else f"{{{part[0].text}}}" for part in self.parts)


def sentence(text: str) -> Sentence:
    """Read a sentence; line breaks and runs of blanks are one blank.

    Raises:
        LessonError: a brace is not closed, or what is in it is no expression.
    """
    text = " ".join(text.split())
    parts: list[str | tuple[Expression, int | None]] = []
    end = 0
    for found in _PIECES.finditer(text):
        if found["stray"]:
            raise LessonError(f"column {found.start() + 1}: a brace stands alone; {{{{ is a brace of its own")
        parts.append(text[end : found.start()])
        parts.append(found[0][0] if found["inside"] is None else _inside(found["inside"]))
        end = found.end()
    parts.append(text[end:])
    return Sentence(tuple(part for part in parts if part))


def _inside(text: str) -> tuple[Expression, int | None]:
    digits = re.fullmatch(r"(.*\S)\s*:\s*([0-9]{1,2})", text)
    if digits:
        return parse(digits[1]), int(digits[2])
    return parse(text), None


def filled(wanted: Sentence, value: Callable[[Expression], Generator[int, None, Value]]) -> Generator[int, None, str]:
    """The sentence with numbers in place of its expressions, of which each is evaluated by `value`."""
    texts = []
    for part in wanted.parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        expression, digits = part
        found = yield from value(expression)
        wanted_digits = digits is not None and not isinstance(found, bool | str)
        texts.append(f"{found:.{digits}g}" if wanted_digits else written(found))
    return "".join(texts)
