"""Sessions that soon forget: their records keep few numbers exactly, so that a short walk needs old ones. Must not
know any test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from chainstep.engine.training.snapshot.series import series
from chainstep.engine.training.snapshot.series.series import Limits


@contextmanager
def forgetful() -> Iterator[None]:
    """What is recorded meanwhile is soon forgotten."""
    with mock.patch.object(series, "LIMITS", Limits(exact=8, stretches=4, narrowest=2)):
        yield
