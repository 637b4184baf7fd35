"""What the tests of sessions share: sessions of the examples, and what "the same bits" means."""

from __future__ import annotations

import pytest

from chainstep.datasets import EXAMPLES
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from support.sessions import Begin, Bits, numbers_of


@pytest.fixture(scope="session")
def begin() -> Begin:
    """(example, knobs) -> a fresh session on it."""
    return _begin


@pytest.fixture(scope="session")
def bits() -> Bits:
    """A session's numbers so that == means the same bits: −0.0 is 0.0, and any NaN is any NaN."""
    return _bits


def _begin(name: str, **knobs: object) -> Session:
    example = EXAMPLES[name]
    settings = Settings.of({**example.settings, **knobs})
    if example.load is None:
        return Session(Formula(example.expression, example.leaves, name), settings)
    return Session(example.load(), settings, example.parameters or None)


def _bits(item: object) -> object:
    """Floats that are equal have the same bits, but for zeros; an int that is equal to one is none."""
    if isinstance(item, Session):
        return _bits(numbers_of(item))
    if isinstance(item, tuple):
        return tuple([one if type(one) is float and one == one else _bits(one) for one in item])
    if isinstance(item, float):
        return "nan" if item != item else item
    return repr(item) if isinstance(item, int) else item
