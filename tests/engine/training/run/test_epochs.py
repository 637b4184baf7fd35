"""The starts of epochs are the very list of steps that they were given, in little memory."""

from __future__ import annotations

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.run.epochs import EpochStarts


@given(lengths=st.lists(st.sampled_from([1, 1, 1, 2, 3]), max_size=20), cut=st.integers(0, 40))
def test_it_is_the_list_that_it_was_given(lengths: list[int], cut: int) -> None:
    steps = [0]
    for length in lengths:
        steps.append(steps[-1] + length)
    starts = EpochStarts(steps)
    assert list(starts) == steps
    assert [bisect_right(starts, step) for step in range(50)] == [bisect_right(steps, step) for step in range(50)]
    assert [starts.at(step) + 1 for step in range(50)] == [bisect_right(steps, step) for step in range(50)]
    assert all(starts.before(step) == max(start for start in steps if start < step) for step in range(1, 50))
    shorter = starts.copy()
    shorter.forget_after(cut)
    assert list(shorter) == [step for step in steps if step <= cut]
    assert [shorter.at(step) for step in range(50)] == [bisect_right([*shorter], step) - 1 for step in range(50)]
    shorter.append(cut + 7)
    assert list(shorter) == [*(step for step in steps if step <= cut), cut + 7]
    assert list(starts) == steps


def test_a_million_equal_epochs_are_one_stretch() -> None:
    assert len(EpochStarts(range(1_000_000))._stretches) == 1


def test_a_range_of_epochs_is_kept_as_one_by_one() -> None:
    for known in ((0,), (0, 4), (0, 3, 6)):
        for steps in (range(9, 9), range(9, 10), range(9, 60, 3), range(8, 60, 4), range(9, 12, 3)):
            one, other = EpochStarts(known), EpochStarts(known)
            one.extend(steps)
            for step in steps:
                other.append(step)
            assert (list(one), one.stored()) == (list(other), other.stored())
