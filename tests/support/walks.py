"""Walks: commands that are told a session one after the other, drawn at random. Must not know any test."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from hypothesis import strategies as st

from chainstep.engine.training.commands import (
    Command,
    CommandError,
    DropFork,
    Fork,
    Movement,
    Redo,
    Restart,
    SetKnob,
    SetParameter,
    SetSample,
    SwitchFork,
    Undo,
)
from chainstep.engine.training.session import Session

_MOST_PIECES = 20_000
"""Of one movement: a search that goes round in circles fails, and does not hang."""

EDITS = st.one_of(
    st.builds(SetParameter, st.integers(0, 3), st.integers(-9, 9).map(lambda n: n / 4)),
    st.builds(SetSample, st.integers(0, 3), st.integers(0, 1), st.integers(-9, 9).map(lambda n: n / 4)),
    st.builds(SetKnob, st.just("lr"), st.sampled_from([0.01, 0.3, 3.0])),
    st.builds(SetKnob, st.just("batch_size"), st.sampled_from([None, 1, 3])),
    st.builds(SetKnob, st.just("order"), st.sampled_from([(), (0,), (5, 1)])),
    st.builds(SetKnob, st.just("optimizer"), st.sampled_from(["sgd", "momentum", "adam"])),
)
"""Of parameters, samples and knobs, as a network on xor has them."""

FORKS = st.sampled_from(
    [Fork(), Undo(), Redo(), Restart(), SwitchFork("main"), SwitchFork("fork 1"), DropFork("fork 1")]
)
"""From one run to another one, and back."""


def walked(session: Session, commands: Sequence[Command]) -> Session:
    """The session, after it was told these commands, as far as it takes them."""
    for command in commands:
        try:
            if isinstance(command, Movement):
                pieces = sum(1 for _ in islice(session.move(command), _MOST_PIECES))
                assert pieces < _MOST_PIECES, command
            else:
                session.apply(command)
        except CommandError:
            continue
    return session
