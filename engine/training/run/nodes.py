"""The nodes of one sample as a run has them: of the one in hand, or of one looked at. Must not change the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...autograd.tape import Memory
from ...records import record
from ..setup.units import Said
from .run import Run

if TYPE_CHECKING:
    from ..step.evaluate import Evaluator


@record(eq=False)
class Nodes:
    """The nodes of one training sample, as far as they are computed."""

    memory: Memory
    row: int
    """The sample's; where nothing has been computed, that of the first one that will be."""
    sample: int | None
    """Its number, from 1: in its batch or, where it is looked at, in the data; None where nothing has been computed."""
    reached: int
    """How many nodes of its tape hold a number."""
    looked_at: bool = False

    @classmethod
    def in_hand(cls, run: Run) -> Nodes:
        """Those in a run's memory."""
        stepper, state, last = run.stepper, run.state, run.last
        loaded = stepper.loaded(state)
        row = stepper.batch(state)[0] if loaded is None else loaded
        return cls(state.memory, row, last.sample if last else None, state.reached)

    @classmethod
    def of(cls, run: Run, evaluator: Evaluator, row: int) -> Nodes:
        """Those of another sample under the parameters of now."""
        memory = evaluator.nodes(run.parameters, row)
        return cls(memory, row, row + 1, len(run.stepper.program.tape), looked_at=True)

    def place(self, run: Run) -> tuple[float, float] | None:
        """Where the sample lies among data of two inputs, in its own units; None where nothing is computed, or there is
        no such data.
        """
        program = run.stepper.program
        if not self.reached or program.data is None or len(program.data.features) != 2:
            return None
        inputs = [self.memory.data[slot] for slot in program.inputs]
        x, y = program.table_units.row(program.place(program.data.train_inputs[self.row], inputs))
        return x, y

    def said(self, run: Run) -> tuple[Said, ...]:
        """What the sample says in the columns of the data's table; nothing where that has no units of its own, or where
        the inputs are made of something else.
        """
        program = run.stepper.program
        if not program.table_units.means or program.settings.features:
            return ()
        memory = self.memory.data
        inputs = [memory[slot] for slot in program.inputs] if self.reached else program.samples[self.row][0]
        return program.table_units.said(inputs)


def row_shown(run: Run, looked_at: int | None) -> int:
    """Row of the sample that is looked at; where none is, of the one in hand."""
    return Nodes.in_hand(run).row if looked_at is None else looked_at


def progress(run: Run) -> tuple[int, int]:
    """How many ops of the sample in memory have been run forward, and how many backward."""
    state, program = run.state, run.stepper.program
    every = len(program.tape)
    if state.op == 0:
        return state.reached, every if state.reached == every else 0
    last = run.stepper.timeline(state).spot(state.op - 1)
    if last.phase == "update":
        return every, every
    ran = last.offset + 1
    if last.phase == "backward":
        return every, ran if last.sample is not None else 0
    if last.sample is None:
        return every, 0
    return ran if last.phase == "forward" else program.forward + ran, 0
