"""What a beat has one look at -> what is lit. Must not know how a picture shows that."""

from __future__ import annotations

from chainstep.engine.lessons.view import LessonView

from ..style.light import Light

_WIRE = " -> "
"""Between the two nodes of a wire in a graph."""


PANE = "pane "
"""Before the id of a pane that is covered."""


def light(view: LessonView) -> Light:
    """What is lit in the panes."""

    def named(*kinds: str) -> frozenset[str]:
        return frozenset(lit.name for lit in view.lit if lit.kind in kinds)

    wires = named("wire")
    return Light(
        panes=named("pane"),
        covered=frozenset(name.removeprefix(PANE) for name in view.covered if name.startswith(PANE)),
        phases=named("phase"),
        names=named("parameter", "node") | {name for name in wires if _WIRE not in name},
        numbers=named("number"),
        wires=frozenset((start, end) for start, found, end in (name.partition(_WIRE) for name in wires) if found),
    )
