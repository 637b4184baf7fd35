"""Sums of products in their order, one addition after the other."""

from __future__ import annotations

import math
import random

from chainstep.engine.compiler.layered.matrices import (
    WIDTH,
    combined,
    combined_open,
    cut,
    joined,
    spread,
    spread_open,
    tiled,
    total_of,
)


def test_rows_are_added_in_their_order_at_any_width() -> None:
    rng = random.Random(7)
    for width in (1, 2, WIDTH - 1, WIDTH, WIDTH + 1, 3 * WIDTH + 5):
        numbers = [rng.uniform(-1, 1) for _ in range(4 * width)]
        factors = [0.1, 0.0, -0.3, 1e16]
        tiles = tiled(numbers, [range(at, 4 * width, 4) for at in range(4)])
        expected = []
        for column in range(width):
            total = 0.5
            for k, factor in enumerate(factors):
                total += factor * numbers[4 * column + k]
            expected.append(total)
        assert combined(0.5, tiles, factors) == combined_open(0.5, tiles, factors) == expected


def test_only_the_open_one_hides_a_nan() -> None:
    tiles = tiled([math.inf, 1.0], [range(1), range(1, 2)])
    assert math.isnan(combined(-0.0, tiles, [0.0, 1.0])[0])
    assert combined_open(-0.0, tiles, [0.0, 1.0]) == [1.0]


def test_a_sum_begins_with_no_zero_of_its_own() -> None:
    (lone,) = combined(-0.0, tiled([-0.0], [range(1)]), [1.0])
    assert math.copysign(1.0, lone) == -1.0
    assert math.copysign(1.0, total_of([-0.0])) == -1.0


def test_products_are_spread_over_rows() -> None:
    for each in (spread, spread_open):
        sums = cut(list(range(6)), range(0, 6, 3))
        each(sums, [2.0, 0.0], [1.0, 0.0, -1.0])
        assert sums == [[2.0, 1.0, 0.0], [3, 4, 5]]
    assert joined([[1.0], [2.0, 3.0]]) == [1.0, 2.0, 3.0]


def test_a_sum_is_rounded_after_each_addition() -> None:
    assert total_of([1.0, 1e100, 1.0, -1e100]) == 0.0
