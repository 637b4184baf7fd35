"""The glossary: one source for the help page and the README. Must not know the screen."""

from __future__ import annotations

import re
from pathlib import Path

from chainstep.datasets.glossary.terms import Term, glossary

README = Path(__file__).parents[3] / "README.md"


def rows_of(heading: str, terms: tuple[Term, ...]) -> list[str]:
    """A heading's terms as the README's table has them."""
    rows = [f"| {heading[0].lower()}{heading[1:]} | |", "|---|---|"]
    for term in terms:
        formula = f" `{term.formula}`".replace("|", "\\|") if term.formula else ""
        rows.append(f"| {term.name} | {term.meaning}{formula} |")
    return rows


def test_the_readme_lists_the_same_terms() -> None:
    section = README.read_text(encoding="utf-8").split("## The words\n")[1].split("\n## ")[0]
    written = [line for line in section.splitlines() if line.startswith("|")]
    assert written == [row for heading, terms in glossary().items() for row in rows_of(heading, terms)]


def test_each_term_is_explained_once_and_shortly() -> None:
    terms = [term for some in glossary().values() for term in some]
    names = [name for term in terms for name in term.name.split(", ")]
    assert len(names) == len({*names})
    for term in terms:
        assert term.meaning.endswith(".")
        assert len(re.findall(r"[.:!?](?: |$)", term.meaning)) <= 4, "a sentence or two"
        assert len(term.meaning) <= 180


def test_what_is_looked_for_is_found_in_any_part_of_a_term() -> None:
    term = Term("bias, b", "It moves the threshold.", "x0·w0 + b")
    assert all(map(term.found, ("b", "B", "bias", "THRESHOLD", "x0·w0")))
    assert not any(map(term.found, ("m", "weight")))
