"""Value and gradients of every node of an expression. Reads a run; must not know commands or the screen."""

from __future__ import annotations

from typing import NamedTuple

from ...autograd.value import Value, topological_order
from ..run.run import Run


class Node(NamedTuple):
    """A node of an expression."""

    value: Value
    """What made it; its own numbers are not set."""
    data: float
    grad: float
    """∂(the expression)/∂(this node), as one backward gives it."""


def evaluated(run: Run) -> list[Node]:
    """The nodes of an expression in topological order, the last one its value, at the leaves of now. Their gradients
    are those of one backward under the settings, which may break it on purpose, or call it twice.

    Raises:
        ValueError: the run is of a network.
    """
    program = run.stepper.program
    if program.data is not None:
        raise ValueError("a network has a value for each sample, and an expression one")
    slots, memory = program.slots, program.slots.memory()
    memory.data[: len(run.parameters)] = run.parameters
    program.tape.forward(memory)
    for _ in range(2 if "twice" in program.settings.mistakes else 1):
        memory.grad[program.root] = 1.0
        program.tape.backward(memory)
    nodes = topological_order(slots.values[program.root])
    return [Node(node, memory.data[slots.of[node]], memory.grad[slots.of[node]]) for node in nodes]
