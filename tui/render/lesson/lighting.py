"""What a beat has one look at -> what is lit. Must not know how a picture shows that."""

from __future__ import annotations

import re

from chainstep.engine.lessons.view import LessonView

from ..style.light import Light

_WIRE = " -> "
"""Between the two nodes of a wire in a graph."""


PANE = "pane "
"""Before the id of a pane that is covered."""


_OF_LOSS = frozenset({"loss", "accuracy", "final_loss", "final_accuracy", "test_loss", "test_accuracy"})

_PARAMETER = re.compile(r"L\d+\.n\d+\.(?:w\d+|b)")
_ASPECT = re.compile(r"\.(?:data|grad|change)$")


def sought(view: LessonView, *, expression: bool) -> frozenset[str]:
    """The panes that are to be seen, since they or something in them is looked at; an expression's parameters are in
    its graph.
    """
    found = {lit.name for lit in view.lit if lit.kind == "pane"}
    for lit in view.lit:
        name = _ASPECT.sub("", lit.name)
        if lit.kind == "number" and name in _OF_LOSS:
            found.add("loss")
        elif lit.kind in ("parameter", "wire", "number") and _PARAMETER.fullmatch(name):
            found.add("parameters")
        elif lit.kind in ("node", "wire") or (expression and lit.kind in ("parameter", "number") and name != "lr"):
            found.add("network")
    return frozenset(found)


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
