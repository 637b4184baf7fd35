"""Has each style sheet parsed once, however many apps have it, as Textual itself does within one. Must not know what is
in them. Knows what is private to Textual 8.2.8, which is pinned: where it parses them.
"""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


def keep_rules() -> None:
    """Keep what comes of each from now on, in this process and its forks."""
    parse, known = Stylesheet._parse_rules, dict[tuple[object, ...], list[RuleSet]]()

    def parsed(sheet: Stylesheet, *source: Any, **place: Any) -> list[RuleSet]:
        key = (source, *place.items(), *sheet._variables.items())
        if key not in known:
            known[key] = parse(sheet, *source, **place)
        return known[key]

    Stylesheet._parse_rules = parsed  # type: ignore[method-assign, assignment]
