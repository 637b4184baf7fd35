"""What the last op and the next one touch is seen in both pictures. Knows chainstep.tui.render."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.strip import Strip

from chainstep.engine.training.snapshot.network import Lit, LossView
from chainstep.tui.render.canvas.numbers import signed
from chainstep.tui.render.network.columns import NetworkOptions, stepped
from chainstep.tui.render.network.grid import grid
from chainstep.tui.render.network.pictures import unit_at
from chainstep.tui.render.network.wires import wires
from chainstep.tui.render.style.glyphs import UNICODE
from chainstep.tui.render.style.look import Look
from support.networks import network
from support.screen.drawing import cells
from support.screen.looks import IN_ASCII, IN_COLOUR, PALETTE

PLAIN = NetworkOptions()
UNITS = "●◆○"

picture = pytest.mark.parametrize("draw", [wires, grid])


@picture
@pytest.mark.parametrize("backward", [False, True])
def test_a_lit_weight_changes_its_own_place_only(draw: Callable[..., list[Strip]], backward: bool) -> None:
    counts = (3, 4, 4, 1)
    dark = cells(draw(network(counts), 60, 14, IN_COLOUR, PLAIN))
    lit = cells(draw(network(counts, Lit(1, 2, 1, backward)), 60, 14, IN_COLOUR, PLAIN))
    changed = {place for place in dark if dark[place] != lit[place]}
    top = min(y for _, y in changed)
    heading = {place for place in changed if place[1] == top}
    assert "".join(lit[place][0] for place in sorted(heading)) == ("hidden 2 ×4" if draw is grid else "hidden 2")
    changed -= heading
    styles = {lit[place][1] for place in changed}
    assert styles <= {PALETTE.lit_line, PALETTE.lit_cell}
    arrow = UNICODE.backward if backward else UNICODE.forward
    assert [lit[place][0] for place in changed].count(arrow) == 1
    if draw is grid:
        assert len(changed) == 2
    else:
        # Nothing left of the first layer's units, nor right of the second's.
        units = {
            x: unit_at(network(counts), "wires", 60, 14, UNICODE, PLAIN, (x, y))
            for x, y in lit
            if lit[x, y][0] in UNITS
        }
        first, second = (next(x for x, unit in units.items() if unit and unit[0] == layer) for layer in (0, 1))
        assert all(first < x <= second for x, _ in changed)


@picture
@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("look", [IN_COLOUR, IN_ASCII], ids=["unicode", "ascii"])
def test_what_comes_next_has_a_colour_and_a_glyph_of_its_own(
    draw: Callable[..., list[Strip]], look: Look, backward: bool
) -> None:
    view = replace(network((3, 4, 4, 1)), lit=Lit(0, 1, 2, backward), coming=Lit(1, 2, 1, backward))
    shown = list(cells(draw(view, 60, 14, look, PLAIN)).values())
    for styles, arrow in (
        ((PALETTE.lit_line, PALETTE.lit_cell), look.glyphs.done(backward=backward)),
        ((PALETTE.coming_line, PALETTE.coming_cell), look.glyphs.coming(backward=backward)),
    ):
        assert [glyph for glyph, style in shown if style in styles].count(arrow) == 1


@picture
@pytest.mark.parametrize("size", [(42, 8), (43, 23), (79, 26)])
@pytest.mark.parametrize("look", [IN_COLOUR, IN_ASCII], ids=["unicode", "ascii"])
def test_the_loss_stands_behind_the_outputs_and_backward_starts_there_with_one(
    draw: Callable[..., list[Strip]], look: Look, size: tuple[int, int]
) -> None:
    view = replace(network((3, 4, 4, 1)), loss=LossView(4, 6.25, 0.0, True))
    plain = draw(view, *size, look, PLAIN)
    assert "loss" in "".join(row.text for row in plain)
    assert "+6.25" in "".join(row.text for row in plain)
    begun = replace(view, loss=LossView(4, 6.25, 1.0, True), lit=Lit(3, 0, None, True), coming=Lit(2, 0, None, True))
    shown = list(cells(draw(begun, *size, look, PLAIN)).values())
    assert "+1.00" in "".join(glyph for glyph, style in shown if style is PALETTE.lit_cell)
    assert [glyph for glyph, style in shown if style is PALETTE.lit_line].count(look.glyphs.done(backward=True)) == 1
    assert "".join(row.text for row in draw(replace(view, loss=LossView(1, 0.0, 0.0, False)), *size, look, PLAIN))


@pytest.mark.parametrize("draw", [wires, grid])
def test_a_loss_without_room_takes_no_neurons(draw: Callable[..., list[Strip]]) -> None:
    view = network((4, 8, 3))
    for size in ((42, 8), (30, 9), (20, 4), (9, 3)):
        with_loss = draw(replace(view, loss=LossView(30, 0.9, 1.0, True)), *size, IN_COLOUR, PLAIN)
        units = [sum(map(row.text.count, UNITS)) for row in draw(view, *size, IN_COLOUR, PLAIN)]
        assert sum(sum(map(row.text.count, UNITS)) for row in with_loss) - sum(units) in (0, 1)


def test_columns_are_called_by_what_they_hold_where_a_row_is_free() -> None:
    for counts, width, height, words in (
        ((3, 4, 4, 1), 43, 23, ["input", "hidden 1", "hidden 2", "output"]),
        ((2, 4, 1), 43, 23, ["input", "hidden", "output"]),
        ((3, 4, 4, 4, 1), 36, 23, ["in", "L1", "L2", "L3", "out"]),
    ):
        assert wires(network(counts), width, height, IN_COLOUR, PLAIN)[0].text.split() == " ".join(words).split()
    full = wires(network((3, 4, 4, 1)), 43, 8, IN_COLOUR, PLAIN)
    assert "input" not in full[0].text


@picture
def test_a_lit_unit_is_inverse(draw: Callable[..., list[Strip]]) -> None:
    view = network((3, 4, 4, 1), Lit(2, 0, None, False))
    inverse = [
        character
        for character, style in cells(draw(view, 60, 14, IN_COLOUR, PLAIN)).values()
        if style is PALETTE.lit_cell
    ]
    assert "".join(inverse) == signed(view.layers[2].data[0], 5)


@picture
@pytest.mark.parametrize("backward", [False, True])
def test_a_layer_that_is_stepped_is_lit_as_a_whole(draw: Callable[..., list[Strip]], backward: bool) -> None:
    view = stepped(network((3, 4, 4, 1), Lit(1, 0, 2, backward)), "layer")
    shown = cells(draw(view, 60, 14, IN_COLOUR, NetworkOptions(whole=True)))
    arrow = UNICODE.backward if backward else UNICODE.forward
    assert (
        sorted(glyph for glyph, style in shown.values() if style is PALETTE.lit_line and glyph in "▶◀") == [arrow] * 4
    )
    for value in view.layers[1].data:
        assert signed(value, 5) in "".join(glyph for glyph, style in shown.values() if style is PALETTE.lit_cell)


def test_a_step_by_neuron_lights_the_neuron_and_not_its_last_weight() -> None:
    view = network((3, 4, 4, 1), Lit(1, 2, 0, True))
    assert stepped(view, "neuron").lit == Lit(1, 2, None, True)
    assert stepped(view, "op") is view
