"""What both pictures say of the outputs: ŷ beside y, classes with their probabilities. Must not know widgets."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import Forward, LookAtSample
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.network import NetworkView
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.network.columns import NetworkOptions
from chainstep.tui.render.network.grid import grid
from chainstep.tui.render.network.wires import wires
from chainstep.tui.render.style.glyphs import ASCII, UNICODE
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.style.palette import Palette
from support.cases import each
from support.networks import Data

LOOK, IN_ASCII = Look(Palette.dark(), UNICODE), Look(Palette.dark(), ASCII)
PICTURES = {"wires": wires, "grid": grid}


def looked_at(session: Session, row: int) -> NetworkView:
    session.apply(LookAtSample(row))
    network = session.snapshot({"network"}).network
    assert network is not None
    return network


def rows(name: str, view: NetworkView, width: int, height: int, look: Look = LOOK, **options: bool) -> list[str]:
    return [strip.text for strip in PICTURES[name](view, width, height, look, NetworkOptions(**options))]


@each(
    ("name", "width", "said"),
    [
        ("wires", 43, ["● ŷ", "+0.45", "y +1.00"]),
        ("wires", 78, ["● ŷ  +0.4520 y +1.00"]),
        ("grid", 43, ["● ŷ  +0.45", "y +1.00"]),
    ],
)
def test_a_lone_output_is_the_prediction_and_has_the_target_beside_it(name: str, width: int, said: list[str]) -> None:
    view = looked_at(open_subject("lecture")[0], 3)
    shown = rows(name, view, width, 24)
    assert [any(text in row for row in shown) for text in said] == [True] * len(said), "\n".join(shown)
    hidden = "\n".join(rows(name, view, width, 24, gradients=True))
    assert "ŷ" in hidden
    assert "y +1.00" not in hidden
    assert all(row.isascii() for row in rows(name, view, width, 24, IN_ASCII) if "y^" in row)


@pytest.mark.parametrize(("name", "width", "said"), [("wires", 43, "0.17 ✗"), ("grid", 78, "versicolor 0.17 ✗")])
def test_classes_have_their_probabilities_and_the_right_one_is_marked(name: str, width: int, said: str) -> None:
    session = open_subject("iris")[0]
    session.apply(Forward("step", 10))
    marks = set()
    for row in range(36, 48):
        view = looked_at(session, row)
        shown = "\n".join(rows(name, view, width, 24))
        right, chosen = int(view.target or 0), view.decision or 0
        assert f"{view.probabilities[right]:.2f} {'✓' if right == chosen else 'y'}" in shown
        assert right == chosen or f"{view.probabilities[chosen]:.2f} ✗" in shown
        assert all(class_name in shown for class_name in ("setosa", "versicolor", "virginica"))
        marks.add(right == chosen)
    assert marks == {True, False}


def test_names_stand_between_the_rows_where_the_columns_are_full() -> None:
    data = Data(((0.5, -1.0), (1.0, 0.5), (0.1, 0.2)), (0.0, 1.0, 2.0), ("rose", "tulip", "dandelion"))
    session = Session(data, Settings(hidden=(8, 8), loss="softmax", activation="tanh"))
    shown = rows("grid", looked_at(session, 0), 43, 24)
    named = [row for row in shown if row.startswith(("x0", "x1"))]
    assert len(named) == 2
    below = [row[-18:].split()[0] for row in shown if row[-6:-2].strip().startswith("0.")]
    assert below == ["rose", "tulip", "dandelion"]
