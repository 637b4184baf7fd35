"""Many cases in one test: each is tried, and each that fails is told. Must not know a test of anything else."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from support.cases import each


def test_each_case_is_tried_and_those_that_fail_are_told() -> None:
    tried: list[tuple[int, int, str]] = []
    cases = [(1, "x"), (2, "y"), (3, "z")]

    @each("a", [1, 2])
    @each(("b", "c"), cases)
    def compare(a: int, b: int, c: str, tmp_path: Path) -> None:
        tried.append((a, b, c))
        assert a != b
        if c == "z":
            pytest.fail("not z")

    assert list(inspect.signature(compare).parameters) == ["tmp_path"]
    with pytest.raises(BaseExceptionGroup, match="2 of 2 cases") as caught:
        compare(tmp_path=Path())
    assert tried == [(a, b, c) for a in (1, 2) for b, c in cases]
    first, second = caught.value.exceptions
    assert isinstance(first, BaseExceptionGroup)
    assert isinstance(second, BaseExceptionGroup)
    assert (first.__notes__, second.__notes__) == (["case: a=1"], ["case: a=2"])
    assert [error.__notes__ for error in first.exceptions] == [["case: b=1, c='x'"], ["case: b=3, c='z'"]]
    assert [error.__notes__ for error in second.exceptions] == [["case: b=2, c='y'"], ["case: b=3, c='z'"]]


def test_no_case_may_be_skipped_and_one_there_must_be() -> None:
    @each("a", [1])
    def skip(a: int) -> None:
        pytest.skip("not here")

    with pytest.raises(BaseExceptionGroup, match="1 of 1 cases"):
        skip()
    with pytest.raises(AssertionError, match="there is no case"):
        each("a", [])
