"""Tests the generators' shapes against the formulas of their sources. Knows no example."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest

from chainstep.datasets import Row, generators
from support.cases import each

CLOUDS = [generators.moons, generators.circles, generators.gauss, generators.spiral]
Generator = Callable[[int, float, random.Random], list[Row]]


@each("make", [*CLOUDS, generators.plane, generators.sine])
def test_the_same_seed_gives_the_same_rows(make: Generator) -> None:
    first = make(40, 0.1, random.Random("seed"))
    assert len(first) == 40
    assert make(40, 0.1, random.Random("seed")) == first
    assert make(40, 0.1, random.Random("other")) != first


@each("make", CLOUDS)
def test_clouds_have_two_inputs_and_classes_in_turns(make: Generator) -> None:
    rows = make(41, 0.1, random.Random(0))
    assert [target for _, target in rows] == [float(k % 2) for k in range(41)]
    assert {len(inputs) for inputs, _ in rows} == {2}


@each("make", CLOUDS)
@each("n", [0, 1, 2])
def test_very_few_points_are_possible(make: Generator, n: int) -> None:
    assert len(make(n, 0.0, random.Random(0))) == n


def test_moons_without_noise_lie_on_their_arcs() -> None:
    for (x, y), target in generators.moons(50, 0.0, random.Random(0)):
        if target:
            assert math.hypot(x - 1, y - 0.5) == pytest.approx(1)
            assert y <= 0.5
        else:
            assert math.hypot(x, y) == pytest.approx(1)
            assert y >= 0


def test_circles_without_noise_lie_on_their_rings() -> None:
    for (x, y), target in generators.circles(50, 0.0, random.Random(0)):
        assert math.hypot(x, y) == pytest.approx(0.5 if target else 1.0)


def test_gauss_blobs_have_their_centres_and_spread() -> None:
    rows = generators.gauss(4000, 0.5, random.Random(0))
    for label, centre in ((0.0, -2.0), (1.0, 2.0)):
        xs = [inputs[0] for inputs, target in rows if target == label]
        mean = sum(xs) / len(xs)
        assert mean == pytest.approx(centre, abs=0.05)
        assert math.sqrt(sum((x - mean) ** 2 for x in xs) / len(xs)) == pytest.approx(0.5, abs=0.03)


def test_spiral_arms_mirror_each_other_out_to_radius_5() -> None:
    rows = generators.spiral(100, 0.0, random.Random(0))
    for ((x0, y0), _), ((x1, y1), _) in zip(rows[::2], rows[1::2], strict=True):
        assert (x1, y1) == pytest.approx((-x0, -y0))
    assert math.hypot(*rows[-1][0]) == pytest.approx(5 * 49 / 50)
    # A quarter of the way round the first turn: 1.75 turns over 50 points.
    x, y = rows[2 * 10][0]
    assert math.atan2(x, y) == pytest.approx(math.remainder(1.75 * 2 * math.pi * 10 / 50, 2 * math.pi))


def test_spiral_noise_is_bounded() -> None:
    still = generators.spiral(100, 0.0, random.Random(0))
    noisy = generators.spiral(100, 0.2, random.Random(0))
    shifts = [abs(a - b) for (p, _), (q, _) in zip(still, noisy, strict=True) for a, b in zip(p, q, strict=True)]
    assert 0.15 < max(shifts) <= 0.2 + 1e-12


def test_plane_is_linear_in_range() -> None:
    for (x, y), target in generators.plane(50, 0.0, random.Random(0)):
        assert target == pytest.approx((x + y) / 2)
        assert max(abs(x), abs(y), abs(target)) <= 1


def test_sine_is_sorted_and_follows_the_wave() -> None:
    rows = generators.sine(50, 0.0, random.Random(0))
    xs = [inputs[0] for inputs, _ in rows]
    assert xs == sorted(xs)
    assert -math.pi <= xs[0] < xs[-1] <= math.pi
    assert all(target == math.sin(x) for (x,), target in rows)
