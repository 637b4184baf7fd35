"""Tests what is only its fields, and stays as it was made."""

from __future__ import annotations

import pickle

import pytest

from chainstep.datasets.fixed import Fixed
from support.cases import each


class Span(Fixed):
    first: int
    last: int = 9

    def _check(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.first} is behind {self.last}")


def test_fields_come_in_their_order_or_by_name_or_from_the_class() -> None:
    spans = [
        Span(2),
        Span(2, 9),
        Span(last=9, first=2),
        Span(2, 5).changed(last=9),
        pickle.loads(pickle.dumps(Span(2))),
    ]
    assert [(span.first, span.last) for span in spans] == [(2, 9)] * 5


@each(("args", "named"), [((), {}), ((1, 2, 3), {}), ((1,), {"first": 1}), ((1,), {"middle": 1})])
def test_what_does_not_fit_the_fields_is_refused(args: tuple[int, ...], named: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="first, last"):
        Span(*args, **named)


def test_it_stays_as_it_was_made_and_a_changed_one_is_checked() -> None:
    span = Span(2)
    with pytest.raises(AttributeError, match="last"):
        span.last = 3  # type: ignore[misc]
    with pytest.raises(ValueError, match="2 is behind 1"):
        span.changed(last=1)
    assert span.last == 9
