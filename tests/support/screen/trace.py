"""The Trace screen as its tests read it. Must not know what a listing should say."""

from __future__ import annotations

from typing import Any

DOWN_TO_NEURON_2 = ("home", "down", "down")
"""Keys to the row of the second neuron."""


def here(ui: Any) -> tuple[int, int]:
    """The step and op at which the session stands."""
    return ui.session.step, ui.session.op


def text(ui: Any) -> str:
    """The listing, without the frame."""
    return "\n".join(row[1:-1].rstrip() for row in ui.rows("trace"))


def coming(ui: Any) -> str:
    """The row of the next op."""
    (row,) = [row for row in ui.rows("trace") if "▷" in row or "◁" in row]
    return " ".join(row.strip("│ ").split())
