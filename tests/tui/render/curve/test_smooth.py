"""The moving average of the losses: its bias corrected, and worked out only once. Must not know the chart."""

from __future__ import annotations

import math
from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.series.series import Limits, Series
from chainstep.tui.render.curve.smooth import smoothed

LOSSES = st.floats(0.0, 1e6)


def test_each_average_is_the_weighted_mean_of_the_losses_so_far() -> None:
    losses = array("d", [4.0, 1.0, 7.0, 2.0, 2.5])
    for step, found in enumerate(smoothed(losses, 0.9, 5)):
        weights = [0.9 ** (step - k) for k in range(step + 1)]
        mean = sum(w * loss for w, loss in zip(weights, losses, strict=False)) / sum(weights)
        assert found == pytest.approx(mean, rel=1e-12)


def test_no_weight_is_no_average() -> None:
    losses = array("d", [4.0, 1.0])
    assert smoothed(losses, 0.0, 2) is losses


def test_a_loss_that_is_not_finite_stays_and_leaves_the_average_alone() -> None:
    wild = list(smoothed(array("d", [2.0, math.inf, 4.0, math.nan, 8.0]), 0.9, 5))
    assert wild[1] == math.inf
    assert math.isnan(wild[3])
    assert [wild[0], wild[2], wild[4]] == list(smoothed(array("d", [2.0, 4.0, 8.0]), 0.9, 3))


@given(st.lists(LOSSES, min_size=1), st.lists(LOSSES), st.sampled_from([0.9, 0.98]))
def test_growing_changes_nothing(before: list[float], after: list[float], weight: float) -> None:
    growing = array("d", before)
    assert smoothed(growing, weight, len(before))[0] == pytest.approx(before[0])
    growing.extend(after)
    found = smoothed(growing, weight, len(growing))
    assert found == smoothed(array("d", [*before, *after]), weight, len(growing))
    assert smoothed(growing, weight, 1) is found


def test_losses_that_were_rewritten_are_averaged_anew() -> None:
    losses = array("d", [1.0] * 9)
    smoothed(losses, 0.9, 9)
    del losses[3:]
    assert len(smoothed(losses, 0.9, 3)) == 3
    losses[2] = 7.0
    assert smoothed(losses, 0.9, 3)[2] > 2.0


class Watched(array):  # type: ignore[type-arg]
    """Losses that keep how many of them were read, each time that more than one could be."""

    def __init__(self, *_: object) -> None:
        self.read: list[int] = []

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        if isinstance(place, slice):
            self.read.append(len(found))
        return found


def test_only_what_was_appended_is_averaged() -> None:
    losses = Watched("d", [1.0] * 1000)
    smoothed(losses, 0.9, 1000)
    losses.append(2.0)
    for _ in range(2):
        smoothed(losses, 0.9, 1001)
    assert losses.read == [1000, 1]


@given(st.lists(LOSSES, min_size=1, max_size=300), st.sampled_from([0.9, 0.98]))
def test_where_losses_are_forgotten_their_means_are_averaged(losses: list[float], weight: float) -> None:
    series = Series(losses, Limits(exact=8, stretches=4, narrowest=2))
    level = [loss for part in series.parts(0, len(losses)) for loss in [part.total / part.finite] * int(part.finite)]
    true = smoothed(array("d", level), weight, len(losses))
    found = smoothed(series, weight, len(losses))
    for part in found.parts(0, len(losses)):
        assert part.low == part.high == part.last == pytest.approx(true[part.stop - 1], rel=1e-9)
