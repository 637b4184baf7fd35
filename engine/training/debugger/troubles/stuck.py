"""Units that do not move: dead ReLUs, saturated tanhs and sigmoids. Knows steppers; must not know runs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence

from ...run import twin
from ...step.stepper import Stepper

_NEAR_ONE = 0.99
_ENDS = 0.01

_STUCK: Mapping[str, Mapping[str, Callable[[float], bool]]] = {
    "dead": {"relu": lambda y: y == 0.0},
    "saturated": {
        "tanh": lambda y: abs(y) > _NEAR_ONE,
        "sigmoid": lambda y: y < _ENDS or y > 1.0 - _ENDS,
    },
}
"""For each trouble: the activations that can have it, and when an output does."""


def stuck_units(
    stepper: Stepper, batch: Sequence[int], parameters: Sequence[float], kind: str
) -> Generator[int, None, frozenset[int]]:
    """The slots of the units that are `dead` or `saturated` for every sample of a batch. Yields samples done."""
    program, tests = stepper.program, _STUCK[kind]
    rows = zip(program.tape.ops[: program.forward], program.tape.program, strict=False)
    left = {slot: tests[op.name] for op, (_, _, _, slot) in rows if op.name in tests}
    memory = program.slots.memory()
    memory.data[: len(parameters)] = parameters
    many = twin.OPS_AT_ONCE // (program.forward + 1) + 1
    for count, index in enumerate(batch, start=1):
        if not left:
            break
        stepper.load(memory, index)
        program.tape.forward(memory, 0, program.forward)
        left = {slot: stuck for slot, stuck in left.items() if stuck(memory.data[slot])}
        if count % many == 0:
            yield many
    return frozenset(left)
