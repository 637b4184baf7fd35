"""From an expression as people write it to steps in Python's spelling, without losing where each was typed. Must not
know what an expression may have, or what it means.

`3x^2 - 4x + 5` becomes `3*x**2 - 4*x + 5`. A product is implied between a number or closing bracket and a name or
opening bracket; never between names, and a name before a bracket is a call. It binds as any product does: `1/2x` is
`1/2*x`, from left to right, and `2x^2` is `2*x**2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<number> 0[xX][0-9a-fA-F]+ | 0[oO][0-7]+ | 0[bB][01]+
                | (?: \d+(?:_\d+)*\.?\d* | \.\d+ ) (?:[eE][+-]?\d+)? )
    | (?P<power> [²³])
    | (?P<name> [A-Za-z_]\w*)
    | (?P<space> [^\S\n]+)
    | (?P<end> [;\n])
    | (?P<sign> [=<>!:]= | . )
    """,
    re.VERBOSE | re.ASCII,
)

_PYTHONS = {"^": "**", "²": "**2 ", "³": "**3 ", "−": "-", "·": "*", "×": "*"}

_UNREADABLE = "?"
"""In place of what begins a comment, and of what is no ASCII: no expression has it, and Python says where it stands."""

_Tokens = list[re.Match[str]]


class Step(NamedTuple):
    """One of the steps that `;` or the end of a line parts, in Python's spelling."""

    name: str
    """What stands before its `=`; empty where there is none."""
    text: str
    places: Sequence[int]
    """For each character of the text, and for its end, the place in the source that it comes from."""


def steps(source: str) -> list[Step]:
    """The steps of a source, in order; empty ones are left out. Whatever cannot be read is left to who reads them."""
    return [_respelt(tokens) for tokens in _parted(source)]


def one_line(source: str) -> str:
    """A source as it was typed, but with all its steps in one line: `e = a*b; d = e + c`."""
    return "; ".join(" ".join("".join(token[0] for token in tokens).split()) for tokens in _parted(source))


def _parted(source: str) -> Iterator[_Tokens]:
    """The tokens of each step that has any. The end of a line within brackets ends no step."""
    parts: list[_Tokens] = [[]]
    depth = 0
    for token in _TOKEN.finditer(source):
        depth += (token[0] in "([{") - (token[0] in ")]}")
        if token.lastgroup == "end" and (depth <= 0 or token[0] == ";"):
            parts.append([])
            depth = 0
        else:
            parts[-1].append(token)
    return filter(None, map(_stripped, parts))


def _stripped(tokens: _Tokens) -> _Tokens:
    """The tokens without the space around them."""
    solid = [place for place, token in enumerate(tokens) if token[0].strip()]
    return tokens[solid[0] : solid[-1] + 1] if solid else []


def _respelt(tokens: _Tokens) -> Step:
    end = tokens[-1].end()
    solid = [token for token in tokens if token[0].strip()]
    name = ""
    if len(solid) > 1 and solid[0].lastgroup == "name" and solid[1][0] == "=":
        name = solid[0][0]
        tokens = _stripped(tokens[tokens.index(solid[1]) + 1 :])
    text, places = "", list[int]()
    before = None
    for token in tokens:
        spelt = _spelt(token)
        if token[0].strip():
            if before is not None and _is_product(before, token):
                spelt = f"*{spelt}"
            before = token
        text += spelt
        # What was typed stands last, and what was put in where that does.
        added = len(spelt) - len(token[0])
        places += [token.start() + max(0, place - added) for place in range(len(spelt))]
    return Step(name, text, (*places, end))


def _spelt(token: re.Match[str]) -> str:
    text = token[0]
    if not text.strip():
        return " " * len(text)
    if text in _PYTHONS:
        return _PYTHONS[text]
    if token.lastgroup == "sign" and (not text.isascii() or not text.isprintable() or text in "#\\`$"):
        return _UNREADABLE
    return text


def _is_product(left: re.Match[str], right: re.Match[str]) -> bool:
    """Whether there is a product between two tokens although no sign says so."""
    ends = left.lastgroup in ("number", "power") or left[0] == ")"
    return ends and (right.lastgroup == "name" or right[0] == "(")
