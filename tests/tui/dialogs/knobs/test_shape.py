"""Layers and neurons more and less."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.setup.settings import Settings
from chainstep.tui.dialogs.knobs.shape import resized, with_layer, without_layer


def test_layers_come_behind_one_of_their_size_and_go() -> None:
    assert with_layer((), 0) == (4,)
    assert with_layer((8, 3), 0) == (8, 8, 3)
    assert with_layer((8, 3), 1) == (8, 3, 3)
    assert without_layer((8, 3), 0) == (3,)
    assert without_layer((3,), 0) == without_layer((), 0) == ()


def test_one_neuron_stays() -> None:
    assert resized((8, 3), 1, 1) == (8, 4)
    assert resized((8, 1), 1, -1) == (8, 1)
    assert resized((), 0, 1) == ()


@given(hidden=st.lists(st.integers(1, 9), max_size=4).map(tuple), data=st.data())
def test_every_shape_is_one_that_settings_take(hidden: tuple[int, ...], data: st.DataObject) -> None:
    layer = data.draw(st.integers(0, max(0, len(hidden) - 1)))
    for shape in (with_layer(hidden, layer), without_layer(hidden, layer), resized(hidden, layer, -3)):
        assert Settings(hidden=shape).hidden == shape
    if hidden:
        assert without_layer(with_layer(hidden, layer), layer + 1) == hidden
