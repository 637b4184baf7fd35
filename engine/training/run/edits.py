"""What an edit does to training where it acts: it goes on with other numbers, samples or settings. Must not know when
edits act, nor history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from ..commands import SetKnob, SetParameter, SetSample
from ..moves import finish
from ..setup.settings import Settings, of_program, turned
from ..step.program import Program
from ..step.state import State
from ..step.stepper import Stepper
from .checkpoint import Checkpoint

Command = SetKnob | SetParameter | SetSample

Build = Callable[[Settings], Program]
"""The program of the same subject for other settings."""


class Edited(NamedTuple):
    """What goes on from an edit."""

    stepper: Stepper
    state: State
    """The same object with other numbers in it, or another one where the program is another."""


def edited(commands: Sequence[Command], stepper: Stepper, state: State, build: Build) -> Edited:
    """Make the edits of one point, one after the other, where a state stands; the state that comes in is used up.

    However many of them change the program, it is built once: there may be thousands in a file from a stranger.
    """
    turns = [stepper.settings]
    for command in commands:
        if isinstance(command, SetKnob):
            turns.append(turned(turns[-1], command.name, command.value))
    if len({of_program(settings).replace(order=()) for settings in turns}) > 1:
        return _with_program(commands, turns, stepper, state, build)
    for command in commands:
        match command:
            case SetParameter(index, value):
                state.memory.data[index] = value
            case SetSample():
                stepper = _with_sample(command, stepper, state)
            case SetKnob(name, value):
                stepper = _with_settings(turned(stepper.settings, name, value), stepper, state)
    return Edited(stepper, state)


def _with_sample(command: SetSample, stepper: Stepper, state: State) -> Stepper:
    """Another number in a sample; where the sample is in memory, it is there at once."""
    if state.stale is not None and command.sample in state.stale:
        # The stale nodes are those of the numbers that the sample had.
        finish(stepper.recompute(state))
    program = stepper.program.amended(command.amendments)
    if stepper.loaded(state) == command.sample:
        for slot, number in zip(program.leaves, chain(*program.samples[command.sample]), strict=True):
            state.memory.data[slot] = number
    return Stepper(program, stepper.settings)


def _with_settings(settings: Settings, stepper: Stepper, state: State) -> Stepper:
    """Other settings for the same program, or for one whose backward has another order."""
    program = stepper.program
    if settings.order != stepper.settings.order:
        finish(stepper.recompute(state))  # what is stale was derived in the order that was
        program = program.with_order(settings)
    if settings.optimizer != stepper.settings.optimizer:
        state.reset_moments(settings)
    return Stepper(program, settings)


def _with_program(
    commands: Sequence[Command], turns: Sequence[Settings], stepper: Stepper, state: State, build: Build
) -> Edited:
    """Another program, for the last of the settings, at the start of a step: the weights stay, and all else that the
    settings decide is made anew.
    """
    amendments = dict(stepper.program.amendments)
    for command in commands:
        match command:
            case SetParameter(index, value):
                state.memory.data[index] = value
            case SetSample():
                amendments |= command.amendments
    measured = state.measured
    stepper = Stepper(build(turns[-1]).amended(amendments), turns[-1])
    state = Checkpoint.of(stepper, state, 0).state()
    state.measured = measured
    if state.cursor and any(one.batch_size != other.batch_size for one, other in pairwise(turns)):
        # Batches of another size do not fit into what is left of this epoch.
        state.cursor = 0
        state.epoch += 1
    if any(one.optimizer != other.optimizer for one, other in pairwise(turns)):
        state.reset_moments(turns[-1])
    return Edited(stepper, state)
