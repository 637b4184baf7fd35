"""Of a layer too tall every neuron can be reached, and what is said of it is true. Knows chainstep.tui.render."""

from __future__ import annotations

import pytest

from chainstep.tui.render.network.columns import Column
from chainstep.tui.render.network.fold import Slot, about, slots
from chainstep.tui.render.style.glyphs import ASCII, UNICODE, Glyphs
from support.cases import each


def column(units: tuple[float, ...], activation: str = "relu", known: int | None = None) -> Column:
    return Column(
        title="hidden",
        short="L1",
        layer=0,
        names=(),
        units=units,
        known=len(units) if known is None else known,
        unit_scale=1.0,
        weights=(),
        biases=(),
        weight_scale=1.0,
        count=len(units),
        fan_in=0,
        activation=activation,
    )


SHOWN = (Slot(0, None, 6), Slot(1, 7), Slot(2, 8))


@each("rows", range(1, 20))
@each("count", [1, 2, 5, 16, 64])
def test_every_neuron_can_be_seen_and_none_is_uncounted(count: int, rows: int) -> None:
    for seen in range(count):
        placed = slots(count, rows, True, seen)
        neurons = [slot.neuron for slot in placed if slot.neuron is not None]
        assert seen in neurons
        assert all(0 <= slot.row < rows for slot in placed)
        assert len({slot.row for slot in placed}) == len(placed)
        if rows > 1:
            assert len(neurons) + sum(slot.hidden for slot in placed) == count


@each(
    ("width", "words"),
    [
        (40, "8-9 of 64 █······▁ 60 at 0"),
        (25, "8-9 of 64 █······▁"),
        (14, "8-9 of 64 █··▁"),
        (9, "8-9 █··▁"),
        (5, "█··▁"),
        (2, "█·"),
        (0, ""),
    ],
)
def test_it_says_as_much_as_there_is_room_for(width: int, words: str) -> None:
    assert about(column((1.0, 1.0, 1.0, 1.0, *(0.0,) * 60)), SHOWN, width, UNICODE) == words


def test_saturated_outputs_are_counted_where_there_can_be_any() -> None:
    units = (0.999, -0.995, 0.0, *(0.5,) * 13)
    assert about(column(units, "tanh"), SHOWN, 80, UNICODE).endswith(" 1 at 0, 2 saturated")
    assert about(column(units, "sigmoid"), SHOWN, 80, UNICODE).endswith(" 1 at 0, 3 saturated")
    assert about(column(units, "relu"), SHOWN, 80, UNICODE).endswith(" 1 at 0")
    assert about(column(units, "tanh"), SHOWN, 28, UNICODE).endswith(" 1 at 0")


@pytest.mark.parametrize(("glyphs", "none"), [(UNICODE, "·" * 8), (ASCII, "." * 8)])
def test_only_what_is_computed_counts(glyphs: Glyphs, none: str) -> None:
    assert about(column((0.0,) * 16, known=0), SHOWN, 80, glyphs) == f"8-9 of 16 {none}"
    assert about(column((0.0,) * 16, known=3), SHOWN, 80, glyphs).endswith(" 3 at 0")
    assert about(column((1.0,) * 16, known=3), SHOWN, 80, glyphs).isascii() == (glyphs is ASCII)
