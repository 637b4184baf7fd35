"""What is asked for is a question mark wherever it stands, and what is looked at is lit. Must not know widgets."""

from __future__ import annotations

import re

from textual.strip import Strip

from chainstep.engine.lessons.view import LessonView, Lit
from chainstep.engine.records import replace
from chainstep.engine.training.commands import Forward, RunTo, SetNeuron
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.plots.function import SlopeView
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from chainstep.tui.render.lesson.covering import covered
from chainstep.tui.render.lesson.lighting import light
from chainstep.tui.render.network.columns import NetworkOptions
from chainstep.tui.render.network.grid import grid
from chainstep.tui.render.network.wires import wires
from chainstep.tui.render.neuron.closeup import neuron
from chainstep.tui.render.parameters.table import TableOptions, table
from chainstep.tui.render.plot import quotient
from chainstep.tui.render.style.light import Light
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.text.ahead import ahead, cycle
from chainstep.tui.render.text.chain_rule import chain_rule
from chainstep.tui.render.trace.graph import graph
from chainstep.tui.render.trace.listing import Marks, listing
from chainstep.tui.render.trace.outline import outline
from support.cases import each
from support.screen.drawing import text
from support.screen.looks import IN_ASCII, IN_COLOUR

PARTS = frozenset({"event", "next", "trace", "network", "graph", "parameters", "neuron"})

SLOPE = SlopeView(
    variable="x",
    function="f",
    x=3.0,
    y=20.0,
    slope=14.0,
    h=0.1,
    central=False,
    behind=(3.0, 20.0),
    ahead=(3.1, 21.43),
    quotient=14.3,
    reason="bends",
    spacing=4e-16,
    grain=1e-15,
    rate=0.1,
    next=3.0 - 0.1 * 14.0,
)

LIT = IN_COLOUR.palette.pointed_cell


def product() -> Session:
    session, _ = open_expression("a*b + c", {"a": 2.0, "b": -3.0, "c": 10.0})
    session.apply(RunTo("backward"))
    session.apply(Forward("op"))
    return session


def pictures(snapshot: Snapshot, look: Look = IN_COLOUR) -> dict[str, list[Strip]]:
    """Whatever a snapshot's parts are drawn as."""
    found: dict[str, list[Strip]] = {}
    if snapshot.parameters is not None:
        view, many = snapshot.parameters, len(snapshot.parameters.labels)
        found["parameters"] = table(
            view, 70, 12, look, TableOptions(range(min(many, 11))), trails={}, changed=[False] * many
        )
    if snapshot.graph is not None:
        found["graph"] = graph(snapshot.graph, 90, 12, look)
    if snapshot.network is not None:
        found["wires"] = wires(snapshot.network, 70, 20, look, NetworkOptions())
        found["grid"] = grid(snapshot.network, 70, 20, look, NetworkOptions())
    if snapshot.neuron is not None:
        found["neuron"] = neuron(snapshot.neuron, None, 70, 20, look, planar=False, selected=None)
    if snapshot.trace is not None:
        rows = outline(snapshot.trace.lines, {(1, 1)}, {})
        found["trace"] = listing(snapshot.trace, rows, 0, Marks(None, {}), (), 70, 20, look)
    found["rule"] = chain_rule(snapshot.event, 100, 6, look)
    found["next"] = chain_rule(snapshot.next, 100, 6, look, coming=True)
    return found


def test_a_number_that_is_asked_for_is_seen_nowhere() -> None:
    session = product()
    before, after = session.snapshot(PARTS), covered(session.snapshot(PARTS), ["a.grad", "a*b"])
    assert before.graph is not None
    assert before.graph.nodes[3].name == "a*b"
    for name, drawn in pictures(before).items():
        assert "?" not in text(drawn), name
    seen = pictures(after)
    for name in ("parameters", "graph", "trace", "next"):
        assert "?" in text(seen[name]), name
    for name, drawn in seen.items():
        assert not re.search(r"[-+]6\.0", text(drawn)), f"{name} gives a*b away"
    assert "2.0 × 1.0" in text(seen["next"]), "b.grad's own rule is seen"
    assert re.search(r"a\.grad \+= .* = +\?", text(seen["next"]))
    assert "a.grad += ?" in "".join(piece for piece, _ in ahead(after, IN_COLOUR))
    # Whatever is computed of it is as if it were seen.
    assert after.parameters is not None
    assert sum(after.parameters.data) == sum(before.parameters.data)  # type: ignore[union-attr]


def test_what_it_is_before_it_is_the_right_one_is_seen() -> None:
    session = product()
    session.apply(Forward("op"))
    partly = covered(session.snapshot(PARTS), ["a.grad"], ("a.grad", 5.0))
    assert partly.parameters is not None
    assert partly.parameters.grad[0] == -3.0
    assert "?" not in text(pictures(partly)["parameters"])
    there = covered(session.snapshot(PARTS), ["a.grad", "b.grad"], ("a.grad", -3.0))
    assert text(pictures(there)["parameters"]).count("?") == 2, "what is covered besides is covered whatever it is"
    assert not re.search("-3.0 *$", text(pictures(there)["rule"]), re.MULTILINE)


@each(
    ("names", "phases", "where"),
    [
        (["L1.n1"], 0, ("wires", "grid", "neuron", "trace")),
        (["L1.n1.w0"], 0, ("parameters", "neuron")),
        (["loss"], 3, ("wires", "grid")),
        (["x0"], 0, ("wires", "grid")),
    ],
)
def test_in_a_network_too(names: list[str], phases: int, where: tuple[str, ...]) -> None:
    session, _ = open_subject("lecture")
    session.apply(SetNeuron((0, 0)))
    session.apply(Forward("phase", phases))
    session.apply(Forward("op", 10))
    drawn = pictures(covered(session.snapshot(PARTS), names))
    assert {name for name, strips in drawn.items() if "?" in text(strips)} >= {*where}


def lit_cells(strips: list[Strip]) -> str:
    """What is drawn as something that is looked at."""
    return " ".join(segment.text for strip in strips for segment in strip if segment.style == LIT)


VIEW = LessonView("x", "X", 1, 1, 1, 1, "say", "")


def shining(*lit: Lit) -> Light:
    return light(replace(VIEW, lit=lit))


@each(
    ("lit", "where"),
    [
        (Lit("parameter", "c"), {"parameters": "c", "graph": "c"}),
        (Lit("node", "a*b + c"), {"trace": "a*b", "graph": "+"}),
        (Lit("number", "c.grad"), {"parameters": "c +0.0", "graph": "c"}),
    ],
)
def test_what_is_looked_at_is_lit_in_colour_and_by_a_sign(lit: Lit, where: dict[str, str]) -> None:
    session, _ = open_expression("a*b + c", {"a": 2.0, "b": -3.0, "c": 10.0})
    snapshot = session.snapshot(PARTS)
    dark, lights = pictures(snapshot), pictures(snapshot, IN_COLOUR._replace(light=shining(lit)))
    plain = pictures(snapshot, IN_ASCII._replace(light=shining(lit)))
    for name, seen in where.items():
        assert all(part in lit_cells(lights[name]) for part in seen.split()), name
        assert re.search("[»«]", text(lights[name])), name
        assert text(plain[name]) != text(pictures(snapshot, IN_ASCII)[name]), name
        assert text(plain[name]).isascii()
    assert not any(re.search("[»«]", text(strips)) for strips in dark.values())


def test_a_neuron_a_wire_and_a_phase_are_lit() -> None:
    session, _ = open_subject("lecture")
    session.apply(Forward("phase", 2))
    snapshot = session.snapshot(PARTS)
    look = IN_COLOUR._replace(light=shining(Lit("node", "L2.n1"), Lit("wire", "L1.n2.w0"), Lit("phase", "backward")))
    drawn = pictures(snapshot, look)
    assert snapshot.network is not None
    assert f"{snapshot.network.layers[1].data[0]:+.2f}" in lit_cells(drawn["wires"])
    assert f"{snapshot.network.layers[1].data[0]:+.2f}" in lit_cells(drawn["grid"])
    assert "L1.n2.w0" in lit_cells(drawn["parameters"])
    assert text(drawn["wires"]).count("»") == 2
    assert "»backward" in "".join(piece for piece, _ in cycle(snapshot, 80, look))
    assert not lit_cells(pictures(snapshot)["wires"])
    nothing = IN_COLOUR._replace(light=shining(Lit("node", "L9.n9"), Lit("wire", "L1.n1.w7"), Lit("number", "q.grad")))
    assert [text(strips) for strips in pictures(snapshot, nothing).values()] == [
        text(strips) for strips in pictures(snapshot).values()
    ]


def test_a_slope_that_is_asked_for_is_told_by_nothing_beside_its_curve() -> None:
    seen = replace(product().snapshot(PARTS), slope=SLOPE)
    slope = covered(seen, ["x.grad"]).slope
    assert slope is not None
    assert slope != SLOPE, "a pane draws it anew"
    told = " ".join(piece for piece, _ in quotient.lines(slope, 60, IN_COLOUR.glyphs))
    assert "14.3" in told
    assert "backprop ? next x = 3 − 0.1·? = ?" in told
    assert covered(seen, ["a.grad"]).slope == SLOPE
