"""A table's columns in the close-up: names, what the sample says, folded where rows are short. Knows no widgets."""

from __future__ import annotations

from dataclasses import replace

from chainstep.engine.training.snapshot.closeup import NeuronOp, NeuronView
from chainstep.engine.training.snapshot.subject import Said
from chainstep.tui.render.neuron.closeup import neuron
from chainstep.tui.render.style.look import Look
from support.cases import each
from support.networks import neuron_view
from support.screen.looks import EVERY_LOOK, IN_ASCII, IN_COLOUR

COLUMNS = (
    Said("port", (0, 1, 2, 5), ("Cherbourg", "Queenstown", "Southampton"), True, False, "Queenstown", 1),
    Said("age", (3,), (), False, False, 44.0, 3),
    Said("boarded", (4,), (), False, True, "1912-04-10", 4),
)


def view(**changes: object) -> NeuronView:
    return replace(neuron_view(6), columns=COLUMNS, **changes)  # type: ignore[arg-type]


def rows(
    shown: NeuronView, width: int = 54, height: int = 30, selected: int | None = None, look: Look = IN_COLOUR
) -> list[str]:
    return [strip.text for strip in neuron(shown, None, width, height, look, planar=False, selected=selected)]


def test_a_column_stands_once_with_what_it_says_and_what_its_products_come_to() -> None:
    shown = rows(view())
    products = view().products
    assert shown[1].split()[:2] == ["port", "Queenstown"]
    assert shown[1].split()[2:] == ["Σ", f"{sum(products[k] or 0.0 for k in (0, 1, 2, 5)):+.3f}"]
    assert [row.split()[0] for row in shown[2:8]] == [
        "Cherbourg",
        "Queenstown",
        "Southampton",
        "missing",
        "age",
        "boarded",
    ]
    assert "44" in shown[6]
    assert "1912-04-10" in shown[7]


def test_where_rows_are_short_the_column_in_work_or_the_selected_one_is_unfolded() -> None:
    names = [row[1:12].strip() for row in rows(view(), height=9)]
    assert "Cherbourg" not in " ".join(names)
    for wanted in (
        rows(view(), height=9, selected=2),
        rows(view(done=NeuronOp("multiply", 2, "forward")), height=9),
        rows(view(coming=NeuronOp("multiply", 2, "forward")), height=9),
    ):
        text = "\n".join(wanted)
        assert "port" in text
        assert "South" in text


def test_a_gap_is_said_and_only_what_is_computed_is_added_up() -> None:
    gap = replace(COLUMNS[0], answer=None, telling=5)
    half = view(products=(0.25, None, None, None, None, None))
    half = replace(half, columns=(gap, *COLUMNS[1:]))
    assert rows(half)[1].split() == ["port", "?", "Σ", "+0.250"]
    none = replace(half, products=(None,) * 6)
    assert rows(none)[1].split() == ["port", "?", "Σ", "·"]


@each("look", EVERY_LOOK.values())
def test_every_size_is_filled_exactly(look: Look) -> None:
    for width, height in ((36, 24), (78, 9), (54, 40), (20, 8), (30, 6)):
        for selected in (None, 2, 6):
            shown = rows(view(), width, height, selected, look)
            assert [len(row) for row in shown] == [width] * height
            assert look is not IN_ASCII or "".join(shown).isascii()
