"""Rows of the table of parameters, as they should read. Must not know how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from chainstep.engine.training.session import Session
from chainstep.tui.render.canvas import numbers


def row_of(session: Session, index: int) -> str:
    """A parameter's name, data and grad."""
    data, grad = (numbers.signed(x, 8) for x in (session.parameters[index], session.run.gradients[index]))
    return f"{session.labels[index]} {data} {grad}"


def squeezed(rows: Sequence[str]) -> list[str]:
    """Rows with single blanks."""
    return [" ".join(row.split()) for row in rows]
