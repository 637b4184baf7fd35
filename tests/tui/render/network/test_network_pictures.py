"""Both pictures of a network at every size: exact, true to the view, in every glyph set. Knows chainstep.tui.render."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from rich.cells import cell_len
from textual.strip import Strip

from chainstep.engine.training.snapshot.network import Lit
from chainstep.tui.render.canvas.numbers import signed
from chainstep.tui.render.canvas.sparkline import histogram
from chainstep.tui.render.network.columns import NetworkOptions
from chainstep.tui.render.network.grid import grid
from chainstep.tui.render.network.pictures import fitting, unit_at
from chainstep.tui.render.network.wires import wires
from chainstep.tui.render.style.glyphs import UNICODE
from chainstep.tui.render.style.levels import LEVELS, levels
from chainstep.tui.render.style.look import Look
from support.cases import each
from support.networks import network
from support.screen.drawing import cells, text
from support.screen.looks import EVERY_LOOK, IN_ASCII, IN_BLACK_AND_WHITE, IN_COLOUR, PALETTE

PLAIN = NetworkOptions()
PICTURES: dict[str, Callable[..., list[Strip]]] = {"wires": wires, "grid": grid}
NETWORKS = ((3, 4, 4, 1), (2, 16, 16, 1), (4, 64, 3), (1, 1))
SIZES = (
    *((20, 3), (20, 9), (29, 5), (33, 8), (41, 8), (44, 12), (44, 14), (60, 18), (100, 25)),
    *((61, 3), (24, 60), (120, 4), (150, 40), (200, 60)),
)

picture = pytest.mark.parametrize("draw", [wires, grid])
sizes = pytest.mark.parametrize("counts", NETWORKS, ids=lambda counts: "-".join(map(str, counts)))

UNITS = "●◆○"


@picture
@sizes
@pytest.mark.parametrize("look", EVERY_LOOK.values(), ids=list(EVERY_LOOK))
def test_every_size_is_filled_exactly(draw: Callable[..., list[Strip]], counts: tuple[int, ...], look: Look) -> None:
    last = len(counts) - 2
    for width, height in SIZES:
        for lit, selected in (
            (None, None),
            (Lit(0, counts[1] - 1, None, False), None),
            (Lit(last, 0, counts[-2] - 1, True), (0, counts[1] // 2)),
        ):
            view = network(counts, lit)
            strips = draw(view, width, height, look, NetworkOptions(selected=selected))
            assert len(strips) == height
            for strip in strips:
                assert strip.cell_length == width == cell_len(strip.text) == sum(map(len, strip.text))
            assert look is not IN_ASCII or text(strips).isascii()


@picture
@pytest.mark.parametrize(("width", "height"), [(0, 0), (1, 1), (5, 2), (19, 1), (200, 0)])
def test_even_absurd_sizes_are_filled_exactly(draw: Callable[..., list[Strip]], width: int, height: int) -> None:
    for counts in NETWORKS:
        strips = draw(network(counts, Lit(0, 0, 0, True)), width, height, IN_COLOUR, NetworkOptions(selected=(0, 0)))
        assert [cell_len(strip.text) for strip in strips] == [width] * height


@picture
@pytest.mark.parametrize("gradients", [False, True])
@pytest.mark.parametrize(("width", "height", "digits"), [(44, 12, 5), (60, 18, 5), (100, 25, 7)])
def test_the_numbers_are_the_views(
    draw: Callable[..., list[Strip]], gradients: bool, width: int, height: int, digits: int
) -> None:
    view = network((3, 4, 4, 1))
    shown = text(draw(view, width, height, IN_COLOUR, NetworkOptions(gradients=gradients)))
    values = [view.input_grads if gradients else view.inputs]
    values += [layer.grad if gradients else layer.data for layer in view.layers]
    if draw is grid and width < 50:
        values = [values[0], values[-1]]
    for value in (value for row in values for value in row):
        assert signed(value, digits) in shown


@picture
def test_numbers_stand_in_the_rows_of_their_units(draw: Callable[..., list[Strip]]) -> None:
    view = network((2, 16, 16, 1))
    strips = draw(view, 100, 20, IN_COLOUR, PLAIN)
    digits = 7
    for neuron, (one, two) in enumerate(zip(view.layers[0].data, view.layers[1].data, strict=True)):
        assert any(signed(one, digits) in strip.text and signed(two, digits) in strip.text for strip in strips), (
            f"neuron {neuron}"
        )


def test_the_grid_shows_every_one_of_337_parameters_in_17_rows() -> None:
    view = network((2, 16, 16, 1))
    view = replace(view, layers=tuple(replace(layer, data=(0.0,) * len(layer.data)) for layer in view.layers))
    strips = grid(view, 86, 17, IN_COLOUR, PLAIN)
    shown = text(strips)
    assert sum(map(shown.count, "■▪·□▫◦")) == 337
    assert strips[0].text.split() == ["input", "×2", "hidden", "1", "×16", "hidden", "2", "×16", "output", "×1"]


def test_two_weights_share_a_cell_where_there_is_no_room() -> None:
    view = network((2, 16, 16, 1))
    assert "▌" * 8 in text(grid(view, 34, 17, IN_COLOUR, PLAIN))
    assert "▌" not in text(grid(view, 34, 17, IN_BLACK_AND_WHITE, PLAIN))


def test_a_heading_says_where_weights_have_no_cell_of_their_own() -> None:
    view = network((2, 64, 64, 1))
    assert "64, two weights in a cell" in grid(view, 60, 20, IN_COLOUR, PLAIN)[0].text
    assert "64, spread" in grid(view, 60, 20, IN_BLACK_AND_WHITE, PLAIN)[0].text
    assert "," not in grid(view, 120, 20, IN_BLACK_AND_WHITE, PLAIN)[0].text


def test_a_lit_weight_lights_the_bar_that_counts_it() -> None:
    view = network((2, 64, 64, 1), Lit(1, 0, 9, False))
    weights = view.layers[1].weights[0]
    lit = [
        glyph
        for glyph, style in cells(grid(view, 60, 20, IN_BLACK_AND_WHITE, PLAIN)).values()
        if style is PALETTE.lit_cell
    ]
    share = (weights[9] - min(weights)) / (max(weights) - min(weights))
    assert lit == [histogram(weights, 8)[int(8 * share)]]


@picture
def test_a_layer_too_tall_says_how_all_of_it_is_spread(draw: Callable[..., list[Strip]]) -> None:
    view = network((4, 64, 3))
    for gradients, numbers in ((False, view.layers[0].data), (True, view.layers[0].grad)):
        shown = text(draw(view, 100, 13, IN_COLOUR, NetworkOptions(gradients=gradients)))
        assert any(f" of 64 {histogram(numbers, bins).replace(' ', '·')}" in shown for bins in (4, 8))
    selected = text(draw(view, 100, 13, IN_COLOUR, NetworkOptions(selected=(0, 40))))
    assert signed(view.layers[0].data[40], 5) in selected


@picture
@pytest.mark.parametrize("lit", [Lit(0, 50, 2, False), Lit(0, 50, None, False), Lit(1, 1, 50, True)])
def test_what_is_stepped_is_on_the_page_that_is_shown(draw: Callable[..., list[Strip]], lit: Lit) -> None:
    view = network((4, 64, 3), lit)
    assert signed(view.layers[0].data[50], 5) in text(draw(view, 100, 13, IN_COLOUR, PLAIN))


def test_a_lone_neurons_weights_stand_beside_the_units_that_they_multiply() -> None:
    view = network((2, 5, 1), Lit(1, 0, 3, True))
    weights = view.layers[1].weights[0]
    shown = [strip.text for strip in grid(view, 60, 7, IN_COLOUR, PLAIN)]
    beside = [shown[row + 1][shown[0].index("output") :][0] for row in range(5)]
    assert beside == [UNICODE.block(step) for step in levels(weights, max(map(abs, weights)))]
    assert [shown[row + 1][shown[0].index("output") - 1] for row in range(5)] == [" ", " ", " ", "◀", " "]


@picture
def test_before_a_forward_pass_there_are_no_numbers(draw: Callable[..., list[Strip]]) -> None:
    view = network((3, 4, 4, 1))
    layers = tuple(replace(layer, computed=0) for layer in view.layers)
    view = replace(view, computed=False, layers=layers)
    shown = text(draw(view, 60, 18, IN_COLOUR, PLAIN))
    assert "◌" in shown
    target = "y +1.00"
    assert target in shown
    for legend in ("weight ■ + □ -   neuron ● + ◆ - ○ 0", "weight ⠤⠤⠤ + ⠤⠄⠠⠤ -   neuron ● + ◆ -", target):
        shown = shown.replace(legend, "")
    assert not set("●○+") & set(shown)


@picture
def test_units_get_their_numbers_one_by_one(draw: Callable[..., list[Strip]]) -> None:
    view = network((3, 4, 4, 1))
    first, *others = view.layers
    layers = (replace(first, computed=2), *(replace(layer, computed=0) for layer in others))
    shown = text(draw(replace(view, layers=layers), 60, 18, IN_COLOUR, PLAIN))
    assert all(signed(value, 5) in shown for value in first.data[:2])
    assert not any(signed(value, 5) in shown for value in (*first.data[2:], *others[-1].data) if value)


@picture
def test_a_unit_at_zero_is_hollow(draw: Callable[..., list[Strip]]) -> None:
    view = network((2, 3, 1))
    layers = (replace(view.layers[0], data=(0.0, 1.0, 0.0)), replace(view.layers[1], data=(-1.0,)))
    shown = text(draw(replace(view, layers=layers), 60, 18, IN_COLOUR, PLAIN))
    assert shown.replace("○ 0", "").count("○") == 2


def test_the_signs_of_wires_show_without_colour() -> None:
    """A positive weight is a line; a negative one is dashed."""
    for weight in (0.3, 0.6, 1.0):
        drawn = []
        for sign in (1, -1):
            view = network((2, 1))
            layer = replace(view.layers[0], weights=((0.0, sign * weight),), biases=(1.0,))
            drawn.append(text(wires(replace(view, layers=(layer,)), 60, 5, IN_BLACK_AND_WHITE, PLAIN)))
        assert drawn[0] != drawn[1]


def test_the_strongest_wires_have_their_colour_and_the_others_are_faint() -> None:
    """Of 16 wires between two layers the strongest five; of a selected neuron its own."""
    view = network((4, 4))
    layer = replace(
        view.layers[0], weights=tuple(tuple(1.0 - k / 20 for k in range(4 * n, 4 * n + 4)) for n in range(4))
    )
    view = replace(view, layers=(layer,))

    def coloured(options: NetworkOptions) -> int:
        drawn = wires(view, 60, 24, IN_COLOUR, options)[:-1]  # the legend is below
        styles = [style for glyph, style in cells(drawn).values() if "⠀" < glyph <= "⣿"]
        strong = set(PALETTE.ladder[LEVELS + 3 :])
        assert {style for style in styles if style not in strong} in ({PALETTE.ladder[LEVELS + 2]}, {PALETTE.faint})
        return sum(style in strong for style in styles)

    plain, selected = coloured(PLAIN), coloured(NetworkOptions(selected=(0, 3)))
    assert 0 < selected < plain < 300


@picture
def test_numbers_that_are_not_finite_are_shown_as_such(draw: Callable[..., list[Strip]]) -> None:
    view = network((3, 4, 4, 1))
    first, second, third = view.layers
    first = replace(
        first,
        data=(math.nan, math.inf, -math.inf, 1e200),
        weights=((math.nan, math.inf, 1e308), *first.weights[1:]),
        biases=(math.nan, -math.inf, 1e-300, 0.0),
    )
    broken = replace(view, layers=(first, second, third))
    for width, height in SIZES:
        draw(broken, width, height, IN_COLOUR, PLAIN)
    shown = text(draw(broken, 100, 25, IN_COLOUR, PLAIN))
    assert "nan" in shown
    assert "+inf" in shown
    assert "-inf" in shown
    assert "+1e200" in shown
    assert "!" in shown


@picture
def test_a_wide_name_does_not_push_anything(draw: Callable[..., list[Strip]]) -> None:
    view = replace(network((2, 3, 1)), input_names=("花びらの長さと幅", "sepal length in cm"), output_names=("y\n",))
    for width, height in SIZES:
        for strip in draw(view, width, height, IN_COLOUR, PLAIN):
            assert cell_len(strip.text) == width


def unit(counts: Sequence[int], name: str, x: int, y: int, size: tuple[int, int] = (60, 14)) -> tuple[int, int] | None:
    return unit_at(network(counts), name, *size, UNICODE, PLAIN, (x, y))


@each("name", list(PICTURES))
@each("size", [(44, 12), (60, 14), (100, 25)])
def test_a_click_on_a_unit_finds_it(name: str, size: tuple[int, int]) -> None:
    """Selecting what is under a glyph underlines that very glyph."""
    view = network((3, 4, 4, 1))
    found = set()
    for (x, y), (glyph, _) in cells(PICTURES[name](view, *size, IN_COLOUR, PLAIN)).items():
        at = unit_at(view, name, *size, UNICODE, PLAIN, (x, y)) if glyph in UNITS else None
        if at is not None:
            found.add(at)
            marked = cells(PICTURES[name](view, *size, IN_COLOUR, NetworkOptions(selected=at)))
            assert marked[x, y] == (glyph, PALETTE.chosen)
    every = {(-1, 0), (-1, 1), (-1, 2), *((layer, n) for layer in (0, 1) for n in range(4)), (2, 0)}
    assert found == every


@pytest.mark.parametrize("name", list(PICTURES))
def test_a_click_beside_the_network_finds_nothing(name: str) -> None:
    assert unit((3, 4, 4, 1), name, 0, 0) is None
    assert unit((3, 4, 4, 1), name, 59, 13) is None


def test_of_very_many_wires_the_strongest_are_drawn_and_it_says_so() -> None:
    view = network((2, 16, 16, 1))
    shown = text(wires(view, 100, 20, IN_COLOUR, PLAIN))
    assert "64 of 256" in shown
    assert "of 256" not in text(wires(network((2, 8, 8, 1)), 100, 20, IN_COLOUR, PLAIN))
    faint = replace(view.layers[1], weights=tuple((0.001, *row[1:]) for row in view.layers[1].weights))
    fainter = replace(view.layers[1], weights=tuple((0.0, *row[1:]) for row in view.layers[1].weights))
    pair = [
        wires(replace(view, layers=(view.layers[0], each, view.layers[2])), 100, 20, IN_COLOUR, PLAIN)
        for each in (faint, fainter)
    ]
    assert text(pair[0]) == text(pair[1])


def test_wires_up_to_forty_then_grid() -> None:
    assert fitting(network((3, 4, 4, 1)), 44, 12) == "wires"
    assert fitting(network((2, 16, 16, 1)), 100, 25) == "grid"
    assert fitting(network((3, 4, 4, 1)), 30, 12) == "grid"
    assert fitting(network((3, 4, 4, 1)), 44, 3) == "grid"


def test_long_names_are_shortened_so_that_they_stay_distinct() -> None:
    iris = ("sepal_length", "sepal_width", "petal_length", "petal_width")
    alike = ("temperature_mean", "temperature_median", "x", "y")
    for draw in PICTURES.values():
        for names, short in ((iris, ("sepal_len ", "sepal_wid ", "petal_len ", "petal_wid ")), (alike, ("tem_med ",))):
            shown = text(draw(replace(network((4, 8, 3)), input_names=names), 62, 24, IN_COLOUR, PLAIN))
            assert all(name in shown for name in short)


def test_ends_of_the_grid_are_named_below_their_units_where_no_name_fits_beside_them() -> None:
    view = replace(network((2, 16, 3)), input_names=("length", "width"), output_names=("rose", "tulip", "lily"))
    shown = [strip.text for strip in grid(view, 43, 24, IN_COLOUR, PLAIN)]
    for names, layer in ((view.input_names, view.inputs), (view.output_names, view.layers[-1].data)):
        for name, value in zip(names, layer, strict=True):
            row = next(row for row, line in enumerate(shown) if signed(value, 5) in line)
            assert name in shown[row + 1]
    narrow = text(grid(view, 40, 8, IN_COLOUR, PLAIN))
    assert "tulip" in narrow
    assert "wid" not in narrow


@pytest.mark.parametrize(("look", "legend"), [(IN_COLOUR, "weight ⠤⠤⠤ + ⠤⠄⠠⠤ -"), (IN_ASCII, "weight --- + - - -")])
def test_wires_say_what_a_dash_means_where_a_row_is_free(look: Look, legend: str) -> None:
    view = network((3, 4, 4, 1))
    assert legend in wires(view, 60, 18, look, PLAIN)[-1].text
    assert legend not in text(wires(view, 42, 8, look, PLAIN))
