"""What an edit does to training where it acts: it goes on with other numbers, samples or settings. Must not know when
edits act, nor history.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

from ..commands import SetKnob, SetParameter, SetSample
from ..moves import finish
from ..setup.settings import Settings, of_program, turned
from ..step.program import Program
from ..step.state import State
from ..step.stepper import Stepper
from .checkpoint import Checkpoint

Build = Callable[[Settings], Program]
"""The program of the same subject for other settings."""


class Edited(NamedTuple):
    """What goes on from an edit."""

    stepper: Stepper
    state: State
    """The same object with other numbers in it, or another one where the program is another."""


def edited(command: SetKnob | SetParameter | SetSample, stepper: Stepper, state: State, build: Build) -> Edited:
    """Make an edit where a state stands; the state that comes in is used up."""
    match command:
        case SetParameter(index, value):
            state.memory.data[index] = value
            return Edited(stepper, state)
        case SetSample():
            return _with_sample(command, stepper, state)
        case SetKnob(name, value):
            return _with_settings(turned(stepper.settings, name, value), stepper, state, build)


def _with_sample(command: SetSample, stepper: Stepper, state: State) -> Edited:
    """Another number in a sample; where the sample is in memory, it is there at once."""
    if state.stale is not None and command.sample in state.stale:
        # The stale nodes are those of the numbers that the sample had.
        finish(stepper.recompute(state))
    program = stepper.program.amended({(command.sample, command.feature): command.value})
    if stepper.loaded(state) == command.sample:
        leaves = [*program.inputs, *program.targets]
        for slot, number in zip(leaves, chain(*program.samples[command.sample]), strict=True):
            state.memory.data[slot] = number
    return Edited(Stepper(program, stepper.settings), state)


def _with_settings(settings: Settings, stepper: Stepper, state: State, build: Build) -> Edited:
    """Other settings: the weights stay, and what the settings decide is built anew."""
    old = stepper.settings
    if of_program(settings) == of_program(old):
        stepper = Stepper(stepper.program, settings)
    else:
        stepper, measured = Stepper(build(settings).amended(stepper.program.amendments), settings), state.measured
        state = Checkpoint.of(stepper, state, 0).state()
        state.measured = measured
        if settings.batch_size != old.batch_size and state.cursor:
            # Batches of another size do not fit into what is left of this epoch.
            state.cursor = 0
            state.epoch += 1
    if settings.optimizer != old.optimizer:
        state.reset_moments(settings)
    return Edited(stepper, state)
