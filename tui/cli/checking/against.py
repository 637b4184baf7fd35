"""Prints gradients beside another library's, a row a parameter. Must not know where the session came from."""

from __future__ import annotations

from collections import Counter

from chainstep.engine.training.session import Session

from ...against.compare import ROUNDED, SAME, UNEXPLAINED, Row, compare
from ...against.library import Library, library
from ..output import emit, write


def check_against(session: Session, what: str, name: str, *, as_json: bool) -> bool:
    """Compare every gradient where the session stands; False if a difference has no explanation.

    Raises:
        DataError: the library is not installed, or cannot compute this.
    """
    other = library(name)
    arithmetic = session.arithmetic()
    rows = compare(arithmetic, other)
    if as_json:
        emit(
            {
                "event": "start",
                "parameters": len(rows),
                "what": what,
                "step": session.step,
                "samples": len(arithmetic.rows),
                "library": other.name,
                "version": other.version,
            },
            *map(_record, rows),
            {"event": "end", "parameters": len(rows), **_counts(rows)},
        )
    else:
        _print(rows, other)
    return not any(row.convention == UNEXPLAINED for row in rows)


def _record(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in Row.__match_args__}


def _counts(rows: list[Row]) -> dict[str, int]:
    """How many rows are equal, how many differ by rounding, and by each convention."""
    return dict(Counter(row.convention or "equal" for row in rows))


def _print(rows: list[Row], other: Library) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("parameter", no_wrap=True)
    for column in ("ours", other.name, "ulps"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("")
    styles = {SAME: "green", ROUNDED: "dim", UNEXPLAINED: "bold red"}
    for row in rows:
        apart = "" if row.ulps is None else f"{row.ulps:,}" if row.ulps < 10**9 else f"{row.ulps:.1e}"
        word = Text(row.convention or "equal", style=styles.get(row.convention, "yellow"))
        table.add_row(row.name, f"{row.ours:+.10g}", f"{row.theirs:+.10g}", apart, word)
    counted = ", ".join(f"{count} {name}" for name, count in _counts(rows).items())
    write(table, f"{len(rows)} gradients beside {other.name} {other.version}: {counted}")
