"""What the tests of files share: a screen that is saved has to be painted. Must not know what is saved."""

from __future__ import annotations

import pytest


@pytest.fixture
def painted() -> bool:
    return True
