"""A session's loss as plain data, for others to compute again. Knows programs; must not know who does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ...records import record
from ..run.run import Run
from ..step.evaluate import Evaluator


class Operation(NamedTuple):
    """One op: its name in the table of operations, the slots of its inputs, and the slot of its result."""

    op: str
    inputs: tuple[int, ...]
    result: int


@record(eq=False)
class Arithmetic:
    """The loss over n samples as a function of P parameters.

    Numbers stand in slots: parameters in 0 … P−1, inputs, targets and weight of a sample in those of `leaves`, and
    numbers of the expression in those of `constants`. `operations` lead from them to a sample's loss in the slot
    `root`.
    """

    names: tuple[str, ...]
    parameters: tuple[float, ...]
    gradients: tuple[float, ...]
    """∂loss/∂p as backward computes it."""
    leaves: range
    rows: tuple[tuple[float, ...], ...]
    """n rows: what stands in `leaves` for each sample."""
    constants: Mapping[int, float]
    operations: tuple[Operation, ...]
    root: int
    outputs: tuple[int, ...]
    """The slots of the network's outputs."""
    targets: tuple[int, ...]
    weighted: bool
    """The last operation takes a sample's loss times its weight."""
    loss_name: str
    """The loss's name; empty where the expression itself is the loss."""
    mean: bool
    """The loss is the mean over samples, not their sum."""
    l1: float
    l2: float
    """Weights of Σ|p| and Σp², which are added to that."""
    surrogate: bool
    """Some op's backward is a learning rule, not a derivative."""


MOST_ROWS = 1000
"""Samples that the loss is taken over, the first ones of the training data."""


def arithmetic(run: Run) -> Arithmetic:
    """The arithmetic of the loss over the training samples, at the parameters where `run` stands."""
    program = run.stepper.program
    samples = program.samples[:MOST_ROWS]
    tape = program.tape
    memory = program.slots.memory()
    mean, l1, l2 = program.reduced
    return Arithmetic(
        names=program.labels,
        parameters=tuple(run.parameters),
        gradients=tuple(Evaluator(run.stepper).gradients(run.parameters, range(len(samples)), right=True)),
        leaves=program.leaves,
        rows=tuple((*inputs, *targets) for inputs, targets in samples),
        constants={slot: memory.data[slot] for slot in tape.constants},
        operations=tuple(
            Operation(op.name, (i, j)[: op.arity], k) for op, (_, i, j, k) in zip(tape.ops, tape.program, strict=True)
        ),
        root=program.root,
        outputs=program.outputs,
        targets=tuple(program.targets),
        weighted=bool(program.weight),
        loss_name=program.settings.loss if program.layers else "",
        mean=mean,
        l1=l1,
        l2=l2,
        surrogate=program.has_surrogate,
    )
