"""Prints the table of conventions: what each library answers at a kink, and other choices. Must not know sessions."""

from __future__ import annotations

from ...against.conventions import CONVENTIONS, ELSEWHERE, MEASURED, Convention
from ..output import write


def print_conventions() -> None:
    """Write the table, the versions that were measured, and the choices that are not an op's."""
    from rich.table import Table

    names = ("chainstep", *MEASURED)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("slope", *names):
        table.add_column(name, no_wrap=True)
    for convention in CONVENTIONS:
        table.add_row(convention.name, *(_slopes(convention, name) for name in names))
    versions = ", ".join(f"{name} {version}" for name, version in MEASURED.items())
    others = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for name, words in ELSEWHERE.items():
        others.add_row(name, words)
    write(table, "", f"Measured in float64: {versions}; – where it has no such op.", "", others)


def _slopes(convention: Convention, name: str) -> str:
    """What a library answers there, one slope an input."""
    answer = convention.slopes.get(name)
    return "–" if answer is None else " ".join("½" if slope == 0.5 else f"{slope:.9g}" for slope in answer)
