"""Has each style sheet parsed once, however many apps have it, as Textual itself does within one. Must not know what is
in them. Knows what is private to Textual 8.2.8, which is pinned: where it parses them, and their variables.
"""

from __future__ import annotations

from typing import Any

from textual.css import stylesheet
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.tokenize import tokenize_values
from textual.css.tokenizer import Token


def keep_rules() -> None:
    """Keep what comes of each from now on, in this process and its forks."""
    parse, known = Stylesheet._parse_rules, dict[tuple[object, ...], list[RuleSet]]()

    def parsed(sheet: Stylesheet, *source: Any, **place: Any) -> list[RuleSet]:
        key = (source, *place.items(), *sheet._variables.items())
        if key not in known:
            known[key] = parse(sheet, *source, **place)
        return known[key]

    tokens = dict[tuple[tuple[str, str], ...], dict[str, list[Token]]]()

    def tokenized(values: dict[str, str]) -> dict[str, list[Token]]:
        key = tuple(values.items())
        if key not in tokens:
            tokens[key] = tokenize_values(values)
        return tokens[key]

    Stylesheet._parse_rules = parsed  # type: ignore[method-assign, assignment]
    stylesheet.tokenize_values = tokenized  # type: ignore[attr-defined]
