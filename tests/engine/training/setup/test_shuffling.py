"""Samples are shuffled in the order that Python's own method gives."""

from __future__ import annotations

import random

from chainstep.engine.training.setup.data import shuffled


def test_the_order_is_that_of_pythons_shuffle() -> None:
    for n in (0, 1, 2, 3, 63, 64, 65, 300):
        order = list(range(n))
        random.Random(f"shuffle {n}").shuffle(order)
        assert shuffled(n, random.Random(f"shuffle {n}")) == order
