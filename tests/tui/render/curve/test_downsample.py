"""Each column keeps its extremes, and nothing is read twice. Must not know the chart."""

from __future__ import annotations

import math
from array import array
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.series.series import Limits, Series
from chainstep.tui.render.curve.downsample import BLOCK, downsample
from chainstep.tui.render.curve.window import column_of
from support.curves import INF, NAN


@given(st.lists(st.floats(), max_size=200), st.integers(1, 50), st.booleans())
def test_each_column_keeps_its_extremes(values: list[float], columns: int, positive: bool) -> None:
    found = downsample(array("d", values), columns, positive=positive)
    kept: dict[int, list[float]] = {}
    for step, value in enumerate(values):
        if math.isfinite(value) and (value > 0 or not positive):
            kept.setdefault(column_of(step, columns, len(values)), []).append(value)
    assert found.dropped == len(values) - sum(map(len, kept.values()))
    assert [step for step, _ in found.points] == sorted({step for step, _ in found.points})
    assert all(values[step] == value for step, value in found.points)
    columns_found: dict[int, list[float]] = {}
    for step, value in found.points:
        columns_found.setdefault(column_of(step, columns, len(values)), []).append(value)
    assert all(len(points) <= 2 for points in columns_found.values())
    extremes = {column: (min(points), max(points)) for column, points in kept.items()}
    assert {column: (min(points), max(points)) for column, points in columns_found.items()} == extremes


@given(st.integers(2 * BLOCK, 5 * BLOCK), st.integers(0, 3 * BLOCK), st.integers(1, 9), st.integers(0, 2**32))
def test_remembered_blocks_change_nothing(n: int, more: int, columns: int, seed: int) -> None:
    random = Random(seed)
    values = [random.choice((NAN, INF, random.gauss(0, 1), random.gauss(0, 1), 0.0)) for _ in range(n + more)]
    growing = array("d", values[:n])
    assert downsample(growing, columns) == downsample(values[:n], columns)
    growing.extend(values[n:])
    assert downsample(growing, columns) == downsample(values, columns)
    # An earlier view of the same array still shows what it showed.
    assert downsample(growing, columns, length=n) == downsample(values[:n], columns)


def test_an_array_that_was_rewritten_is_read_anew() -> None:
    values = array("d", [1.0] * (4 * BLOCK))
    downsample(values, 10)
    del values[BLOCK:]
    values.extend([7.0] * (4 * BLOCK))
    assert max(value for _, value in downsample(values, 10).points) == 7.0


def test_a_long_run_keeps_its_one_spike() -> None:
    loss = array("d", [0.5]) * 200_000
    loss[123_457] = 2.0
    found = downsample(loss, 58)
    assert (123_457, 2.0) in found.points
    assert len(found.points) <= 2 * 58


@given(st.integers(1, 10**7), st.integers(1, 400))
def test_the_ends_of_the_axis_are_the_ends_of_the_run(span: int, columns: int) -> None:
    assert column_of(0, columns, span) == 0
    assert column_of(span - 1, columns, span) == (columns - 1 if span > 1 else 0)


@given(st.lists(st.floats(), max_size=700), st.integers(0, 700), st.integers(1, 9), st.integers(0, 50))
def test_a_stretch_is_sampled_as_if_it_stood_alone(values: list[float], first: int, columns: int, ahead: int) -> None:
    alone = downsample(values[first:], columns, span=max(0, len(values) - first) + ahead)
    found = downsample(array("d", values), columns, first=first, span=max(0, len(values) - first) + ahead)
    assert found.points == [(first + step, value) for step, value in alone.points]
    assert found.dropped == alone.dropped


@given(st.integers(0, 2**32), st.integers(20, 400), st.integers(1, 30), st.booleans())
def test_what_is_forgotten_keeps_its_extremes(seed: int, n: int, columns: int, positive: bool) -> None:
    random = Random(seed)
    values = [random.choice((NAN, INF, random.gauss(0, 1), random.gauss(0, 1), 0.0)) for _ in range(n)]
    series = Series(values, Limits(exact=8, stretches=4, narrowest=2))
    found = downsample(series, columns, positive=positive)
    kept = [value for value in values if math.isfinite(value) and (value > 0 or not positive)]
    assert found.dropped == n - len(kept)
    drawn = [value for _, value in found.points]
    assert (min(drawn, default=0.0), max(drawn, default=0.0)) == (min(kept, default=0.0), max(kept, default=0.0))
    assert [step for step, _ in found.points] == sorted(step for step, _ in found.points)
    exact = [point for point in downsample(values, columns, positive=positive).points if point[0] >= series.exact_from]
    since = column_of(series.exact_from, columns, n) + 1
    assert [point for point in found.points if column_of(point[0], columns, n) >= since] == [
        point for point in exact if column_of(point[0], columns, n) >= since
    ]
