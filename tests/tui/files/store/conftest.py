"""What the tests of the store share: a folder for runs, and connections that see what is really in a file. Must not
know what is in a session.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chainstep.tui.files.store.errors import RunError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where runs are kept; it is not there yet."""
    return tmp_path / "state" / "runs"


@pytest.fixture
def refused() -> Callable[..., str]:
    """Calls something that has to refuse, in one line that can be shown; gives the line."""

    def call(function: Callable[..., object], *arguments: object) -> str:
        with pytest.raises(RunError) as caught:
            function(*arguments)
        line = str(caught.value)
        assert line.isprintable()
        return line

    return call
