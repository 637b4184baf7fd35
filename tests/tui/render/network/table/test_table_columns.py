"""A column of a table is one input to the eye in both pictures, and unfolds where one of its weights is selected. Knows
chainstep.tui.render.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from textual.strip import Strip

from chainstep.engine.training.snapshot.network import Lit, NetworkView
from chainstep.engine.training.snapshot.subject import Said
from chainstep.tui.render.network.columns import NetworkOptions
from chainstep.tui.render.network.grid import grid
from chainstep.tui.render.network.pictures import fitting, unit_at
from chainstep.tui.render.network.table.groups import places
from chainstep.tui.render.network.table.nodes import shown
from chainstep.tui.render.network.wires import wires
from chainstep.tui.render.style.glyphs import UNICODE
from chainstep.tui.render.style.levels import levels
from chainstep.tui.render.style.look import Look
from support.networks import network
from support.screen.drawing import cells, text
from support.screen.looks import EVERY_LOOK, IN_ASCII, IN_COLOUR, PALETTE

DECKS = tuple("ABCDEFGHIJKL")
PORT = Said("port", (0, 1, 2, 17), ("Cherbourg", "Queenstown", "Southampton"), True, False, "Queenstown", 1)
AGE = Said("age", (3, 18), (), False, False, None, 18)
SEX = Said("sex", (4,), ("female", "male"), False, False, "male", 4)
DECK = Said("deck", tuple(range(5, 17)), DECKS, True, False, "C", 7)
DAY = Said("boarded", (19,), (), False, True, "1912-04-10", 19)
COLUMNS = (PORT, AGE, SEX, DECK, DAY)
PLAIN = NetworkOptions()

picture = pytest.mark.parametrize("draw", [wires, grid])
Draw = Callable[..., list[Strip]]


def table(hidden: int = 3, lit: Lit | None = None, outputs: int = 2) -> NetworkView:
    return replace(network((20, hidden, outputs), lit), columns=COLUMNS)


@picture
@pytest.mark.parametrize("look", EVERY_LOOK.values(), ids=list(EVERY_LOOK))
@pytest.mark.parametrize("size", [(42, 8), (43, 20), (78, 22), (60, 3), (160, 40), (20, 9)])
def test_every_size_is_filled_exactly(draw: Draw, look: Look, size: tuple[int, int]) -> None:
    for options in (PLAIN, NetworkOptions(input=8, unfolded=True), NetworkOptions(input=17, gradients=True)):
        for outputs in (1, 2):
            strips = draw(table(16, Lit(0, 2, 18, True), outputs), *size, look, options)
            assert [strip.cell_length for strip in strips] == [size[0]] * size[1]
            assert look is not IN_ASCII or text(strips).isascii()


@picture
@pytest.mark.parametrize("size", [(42, 8), (43, 20), (78, 22), (160, 40)])
def test_each_column_is_one_row_with_what_the_sample_says(draw: Draw, size: tuple[int, int]) -> None:
    rows = text(draw(table(16, outputs=1), *size, IN_COLOUR, PLAIN)).splitlines()
    for name, said in (("port", "Que"), ("age", "?"), ("sex", "male"), ("deck", "C"), ("boar", "04-10")):
        (row,) = (row for row in rows if row.lstrip().startswith(name))
        assert said in row
    assert "Southampton" not in "\n".join(rows)


@picture
def test_a_selected_weights_column_unfolds_and_others_do_not(draw: Draw) -> None:
    view = table()
    folded = text(draw(view, 78, 30, IN_COLOUR, NetworkOptions(input=2)))
    assert "South" not in folded
    options = NetworkOptions(input=2, unfolded=True)
    rows = text(draw(view, 78, 30, IN_COLOUR, options)).splitlines()
    first = next(place for place, row in enumerate(rows) if row.startswith("port"))
    assert "Cher" in rows[first]
    below = "\n".join(rows[first:])
    assert below.index("Cher") < below.index("Queen") < below.index("South") < below.index("miss") < below.index("age")
    marked = {
        place for place, (_, style) in cells(draw(view, 78, 30, IN_COLOUR, options)).items() if style is PALETTE.chosen
    }
    assert {y for _, y in marked} == {next(y for y, row in enumerate(rows) if "South" in row)}


def test_what_stands_for_a_column_is_the_weight_of_what_the_sample_says() -> None:
    seen = shown(table())
    assert [seen.input_of(place) for place in range(5)] == [1, 18, 4, 7, 19]
    assert [seen.node_of(k) for k in (0, 17, 3, 18, 4, 5, 16, 19)] == [0, 0, 1, 1, 2, 3, 3, 4]
    assert seen.view.inputs == tuple(table().inputs[k] for k in (1, 18, 4, 7, 19))
    assert shown(table(lit=Lit(0, 1, 12, False))).view.lit == Lit(0, 1, 3, False)
    assert shown(table(lit=Lit(1, 1, 2, False))).view.lit == Lit(1, 1, 2, False)


def test_a_columns_weights_stand_beside_one_another() -> None:
    view = table()
    at = places(tuple(column.inputs for column in COLUMNS), 1, 1)
    for column, behind in pairwise(COLUMNS):
        assert [at[k] for k in column.inputs] == list(
            range(at[column.inputs[0]], at[column.inputs[0]] + len(column.inputs))
        )
        assert at[behind.inputs[0]] == at[column.inputs[-1]] + 2
    weights = view.layers[0].weights
    steps = levels(weights[0], max(abs(weight) for row in weights for weight in row))
    wanted = "  ".join(" ".join(UNICODE.block(steps[k])[0] for k in column.inputs) for column in COLUMNS)
    assert wanted in text(grid(view, 120, 9, IN_COLOUR, PLAIN))


@picture
@pytest.mark.parametrize("size", [(42, 9), (78, 22), (160, 40)])
def test_a_click_on_a_column_finds_the_input_that_tells_it(draw: Draw, size: tuple[int, int]) -> None:
    name = "wires" if draw is wires else "grid"
    rows = text(draw(table(), *size, IN_COLOUR, PLAIN)).splitlines()
    for column in COLUMNS:
        x, y = next((row.index(column.name[:4]), y) for y, row in enumerate(rows) if column.name[:4] in row)
        assert unit_at(table(), name, *size, UNICODE, PLAIN, (x + 1, y)) == (-1, column.telling)


def test_columns_count_for_which_picture_suits() -> None:
    assert fitting(table(3), 78, 22) == "wires"
    assert fitting(replace(table(3), columns=()), 78, 22) == "grid"
