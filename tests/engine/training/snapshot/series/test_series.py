"""A series beside a plain list of the same numbers: what it says exactly, what its stretches say, and what it keeps."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.series.series import LIMITS, ForgottenError, Limits, Series
from chainstep.engine.training.snapshot.series.stretches import Stretch
from support.cases import each

TINY = Limits(exact=8, stretches=4, narrowest=2)
NUMBERS = st.lists(st.floats(-9.0, 9.0) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0]), max_size=400)


def recorded(numbers: list[float], helping: int, limits: Limits = TINY) -> Series:
    series = Series((), limits)
    for start in range(0, len(numbers), helping):
        series.record(start, numbers[start : start + helping])
    return series


def bits(numbers: array[float] | list[float]) -> list[str]:
    return list(map(float.hex, numbers))


@given(NUMBERS, st.integers(1, 30))
def test_the_newest_numbers_are_exact_and_the_others_raise(numbers: list[float], helping: int) -> None:
    series = recorded(numbers, helping)
    assert len(series) == len(numbers)
    assert len(numbers) - series.exact_from >= min(len(numbers), TINY.exact)
    assert bits(series[series.exact_from :]) == bits(numbers[series.exact_from :])
    for step in range(series.exact_from):
        with pytest.raises(ForgottenError):
            series[step]
    for step in (len(numbers), -len(numbers) - 1):
        with pytest.raises(IndexError):
            series[step]


@given(NUMBERS, st.integers(1, 30))
def test_stretches_tell_the_truth_and_leave_out_no_step(numbers: list[float], helping: int) -> None:
    series = recorded(numbers, helping)
    parts = list(series.parts(0, len(numbers)))
    assert [part.start for part in parts] == [0, *(part.stop for part in parts)][:-1][: len(parts)]
    assert sum(not part.exact for part in parts) <= TINY.stretches
    for part in parts:
        told, true = part, Stretch.of(part.start, numbers[part.start : part.stop])
        assert (told.stop, told.low, told.high, told.least) == (true.stop, true.low, true.high, true.least)
        assert (told.finite, told.positive) == (true.finite, true.positive)
        assert bits([told.first, told.last]) == bits([true.first, true.last])
        assert told.total == pytest.approx(true.total, abs=1e-9)
        assert told.rises >= true.rises


@each(
    ("numbers", "rises"),
    [
        ([1.0], 0),
        ([3.0, 2.0, 2.0, 1.0], 0),
        ([1.0, 2.0, 3.0, 3.0, 4.0], 2),
        ([5.0, 1.0, 2.0, 0.0, 1.0, 2.0, 3.0], 3),
        ([1.0, math.nan, 2.0, 3.0], 1),
        ([-math.inf, 0.0, math.inf, math.nan], 2),
    ],
)
def test_how_often_it_rises_running(numbers: list[float], rises: int) -> None:
    assert Stretch.of(0, numbers).rises == rises


def test_a_curve_that_only_falls_or_only_rises_does_so_in_stretches_of_any_width() -> None:
    for sign in (-1.0, 1.0):
        series = recorded([sign * step for step in range(5_000)], 30)
        told = {part.rises for part in series.parts(0, series.exact_from)}
        assert told == {0.0 if sign < 0.0 else series.width - 1.0}


@given(NUMBERS, st.integers(1, 30), st.integers(0, 400), st.integers(0, 400), st.booleans())
def test_extremes_are_those_of_the_stretches_that_begin_there(
    numbers: list[float], helping: int, start: int, stop: int, positive: bool
) -> None:
    series = recorded(numbers, helping)
    found = series.extent(start, stop, positive=positive)
    inside = [n for part in series.parts(0, series.exact_from) if start <= part.start < stop
              for n in numbers[part.start : part.stop]]  # fmt: skip
    kept = [n for n in inside if math.isfinite(n) and (n > 0 or not positive)]
    assert found.dropped == len(inside) - len(kept)
    assert (found.low, found.high) == (min(kept, default=math.inf), max(kept, default=-math.inf))


@given(NUMBERS, st.integers(1, 30), st.data())
def test_what_is_replayed_is_exact_again_and_it_can_be_cut_there(
    numbers: list[float], helping: int, data: st.DataObject
) -> None:
    series = recorded(numbers, helping)
    stop = data.draw(st.integers(0, len(numbers)))
    start = series.floor(stop)
    if not series.ends_at(stop):
        with pytest.raises(ForgottenError):
            series.until(stop)
    series.record(start, numbers[start:stop])
    assert series.is_exact(start, stop)
    assert bits(series[start:stop]) == bits(numbers[start:stop])
    before, part = list(map(str, series.parts(0, len(series)))), series.until(stop)
    assert len(part) == stop
    # It goes on by itself, and changes nothing of the other.
    part.record(stop, numbers)
    again = [*numbers[:stop], *numbers]
    assert bits(part[part.exact_from :]) == bits(again[part.exact_from :])
    for told in part.parts(0, len(part)):
        true = Stretch.of(told.start, again[told.start : told.stop])
        assert (told.low, told.high, told.finite) == (true.low, true.high, true.finite)
    assert list(map(str, series.parts(0, len(series)))) == before


@given(NUMBERS, st.integers(1, 30), st.integers(0, 400), st.integers(0, 400))
def test_the_smallest_number(numbers: list[float], helping: int, start: int, stop: int) -> None:
    series = recorded(numbers, helping)
    true = min(filter(math.isfinite, numbers[start:stop]), default=math.inf)
    assert series.smallest(start, min(stop, len(numbers))) <= true
    assert series.smallest(0, len(numbers)) == min(filter(math.isfinite, numbers), default=math.inf)


@given(NUMBERS, NUMBERS, st.integers(1, 30))
def test_a_view_stays_as_it_is(numbers: list[float], more: list[float], helping: int) -> None:
    series = recorded(numbers, helping)
    view = series.view()
    seen = [str(part) for part in view.parts(0, len(numbers))]
    for start in range(0, len(more), helping):
        series.record(len(numbers) + start, more[start : start + helping])
    assert [str(part) for part in view.parts(0, len(numbers))] == seen


@given(NUMBERS, st.integers(1, 30))
def test_it_is_what_is_stored_of_it(numbers: list[float], helping: int) -> None:
    series = recorded(numbers, helping)
    again = Series.of(*series.stored())
    assert list(map(str, again.parts(0, len(numbers)))) == list(map(str, series.parts(0, len(numbers))))


def test_memory_stays_where_it_is_however_long_it_grows() -> None:
    series, sizes = Series(), []
    block = [1.0, 2.0, 0.5, 4.0] * 10_000
    for start in range(0, 4_000_000, len(block)):
        series.record(start, block)
        width, columns, tail = series.stored()
        sizes.append(8 * (sum(map(len, columns)) + len(tail)))
    assert max(sizes) <= 8 * (9 * LIMITS.stretches + 2 * LIMITS.exact) + 8 * len(block)
    assert width * LIMITS.stretches >= 4_000_000 / 2
    assert all(b - a <= 8 * 2 * len(block) for a, b in pairwise(sizes))
