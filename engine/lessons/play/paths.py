"""How the learner's session comes to a scene. Must not know beats, nor who carries the commands out."""

from __future__ import annotations

from collections.abc import Iterator

from ...records import record
from ...training.commands import (
    Command,
    Goto,
    LookAtSample,
    SetGranularity,
    SetNeuron,
    SetProbe,
)
from ...training.session import Session
from ..language.elsewhere import copy_of
from .scenes import Scene, leads_by, stands


@record(eq=False)
class Open:
    """Go over to another session."""

    session: Session


Path = tuple[Open | Command, ...]
"""What leads to a scene: commands to the session or, where none leads there, another session."""


def path(live: Session, scene: Scene) -> Path:
    """What brings a session to a scene: by the lesson's own steps where it stands at one that comes before, back on its
    own run where that leads by it, and else in its place a session that stands there.
    """
    if stands(live, scene):
        return tuple(_looks(live, scene.session))
    steps, before = scene.steps, scene.before
    while before is not None:
        if stands(live, before):
            return steps
        steps, before = (*before.steps, *steps), before.before
    if leads_by(live, scene):
        return (Goto(*scene.session.run.position), *_looks(live, scene.session))
    return (Open(copy_of(scene.session)),)


def _looks(live: Session, there: Session) -> Iterator[Command]:
    """What makes a session look at the same."""
    mine, other = live.inspector, there.inspector
    if live.granularity != there.granularity:
        yield SetGranularity(there.granularity)
    if mine.probe != other.probe:
        yield SetProbe(other.probe)
    if mine.neuron != other.neuron:
        yield SetNeuron(other.neuron)
    if mine.sample != other.sample:
        yield LookAtSample(other.sample)
    if mine.plotting.quotient != other.plotting.quotient:
        yield other.plotting.quotient
    if mine.gradcheck.asked != other.gradcheck.asked:
        yield other.gradcheck.asked
