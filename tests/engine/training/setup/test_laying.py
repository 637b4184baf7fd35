"""Whoever waits for a network is told how much of it is there. Must not know the screen."""

from __future__ import annotations

from itertools import pairwise

import pytest

from chainstep.engine.autograd import tape
from chainstep.engine.training.setup.laying import RECORDED, SORTED, laid_out
from support.sessions import Begin


@pytest.mark.parametrize("batch_size", [None, 3])
def test_it_goes_on_through_the_tapes_of_batches_to_the_end(begin: Begin, batch_size: int | None) -> None:
    told: list[float] = []
    token = laid_out.set(told.append)
    try:
        begin("lecture", batch_size=batch_size, l2=0.1)
    finally:
        laid_out.reset(token)
    assert all(a < b for a, b in pairwise(told))
    assert told[-1] == pytest.approx(1.0)
    sizes = 1 if batch_size is None else 2
    assert sum(share > RECORDED for share in told) == 3 * sizes


def test_it_stands_nowhere_while_a_long_tape_is_recorded(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape, "_TOLD", 20)
    told: list[float] = []
    token = laid_out.set(told.append)
    try:
        begin("lecture", l2=0.1)
    finally:
        laid_out.reset(token)
    assert all(a < b for a, b in pairwise(told))
    assert told[-1] == pytest.approx(1.0)
    # 75 ops of a sample and 88 of a batch, by twenties.
    assert sum(SORTED < share <= RECORDED for share in told) == 4
    assert sum(share > 0.75 for share in told) == 5
