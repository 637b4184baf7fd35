"""Machine code shuffles samples as Python does, whichever epochs are asked for. Takes llvmlite."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("llvmlite")

from chainstep.engine.compiler.native.batches.orders import Orders
from chainstep.engine.compiler.native.native import text
from chainstep.tui.native import Machine
from support.compiled import example


@pytest.fixture(scope="module")
def machine() -> Machine:
    return Machine(text(example("xor")[0].compilation.plan, shuffles=True))


def shuffled(text: str, samples: int) -> list[int]:
    order = list(range(samples))
    random.Random(text).shuffle(order)
    return order


SAMPLES = st.one_of(st.integers(1, 70), st.sampled_from([127, 128, 129, 500, 1025]))


@given(
    SAMPLES,
    st.integers(-(2**70), 2**70),
    st.lists(st.tuples(st.sampled_from([0, 7, 8, 93, 99_990]), st.integers(0, 15), st.integers(1, 20)), max_size=4),
)
def test_orders_are_those_of_pythons_shuffle(
    machine: Machine, samples: int, seed: int, asked: list[tuple[int, int, int]]
) -> None:
    def of(epoch: int) -> str:
        return f"shuffle {seed} {epoch}"

    orders = Orders(machine.call("orders"), samples, of)
    for first, further, count in asked:
        made, start = orders.of(first + further, count)
        for place in range(count):
            own = made[start + place * samples : start + (place + 1) * samples].tolist()
            assert own == shuffled(of(first + further + place), samples)


def test_any_text_seeds(machine: Machine) -> None:
    for length in range(12):
        orders = Orders(machine.call("orders"), 40, lambda epoch, length=length: "é" * length + f"{epoch}!")  # type: ignore[misc]
        made, start = orders.of(0, 3)
        assert made[start : start + 40].tolist() == shuffled("é" * length + "0!", 40)


@pytest.mark.parametrize("length", [110, 111, 112, 239, 240, 1999, 2000, 2001, 4300])
def test_a_text_of_any_length_seeds(machine: Machine, length: int) -> None:
    orders = Orders(machine.call("orders"), 40, lambda epoch: f"{epoch}".zfill(length))
    made, start = orders.of(9, 2)
    assert made[start : start + 80].tolist() == shuffled("9".zfill(length), 40) + shuffled("10".zfill(length), 40)
