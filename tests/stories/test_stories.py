"""Every story, played in a terminal: the screen shows the twin's numbers, and what is saved is the twin to the bit.

Must not know what any story tells.
"""

from __future__ import annotations

import pytest

from chainstep.engine.training.session import Session
from support.runs.saved import saved
from support.sessions import numbers_of

from .catalogue import STORIES
from .lessons import LESSONS
from .playing import Player


@pytest.mark.parametrize("name", STORIES)
def test_story(name: str) -> None:
    twin = Player().play(STORIES[name])
    kept, _ = saved()
    assert numbers_of(kept) == numbers_of(twin)
    assert kept.settings == twin.settings
    assert kept.inspector.watches == twin.inspector.watches
    assert kept.snapshot(()).breakpoints == twin.snapshot(()).breakpoints
    assert _forks(kept) == _forks(twin)


@pytest.mark.parametrize("name", list(LESSONS)[:3])
def test_lesson(name: str) -> None:
    """Those that someone new begins with; a long run plays all, at every size."""
    Player().play(LESSONS[name])


def _forks(session: Session) -> list[tuple[object, ...]]:
    return [(fork.name, fork.step, *fork.losses) for fork in session.snapshot(()).forks]
