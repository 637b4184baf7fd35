"""The head of a network by itself: what computes the loss of what the last layer gives. Knows plans and recognised
layers; must not know how anything is written.
"""

from __future__ import annotations

from ...records import replace
from ..plan import Plan
from ..recognition import Network


def head_of(plan: Plan, network: Network) -> Plan:
    """The head's own plan: its parameters are what it reads of the last layer, its inputs are none."""
    read, targets = len(network.read), len(plan.targets)
    leaves = (*network.read, *plan.targets, *plan.constants)
    tape = plan.tape.rest(network.head, leaves)
    slots = {slot: place for place, slot in enumerate(leaves)}
    shift = tape.first - plan.tape.first - network.head
    return replace(
        plan,
        tape=tape,
        parameters=range(read),
        inputs=range(read, read),
        targets=range(read, read + targets),
        constants={slots[slot]: data for slot, data in plan.constants.items()},
        outputs=tuple(slots[slot] for slot in plan.outputs),
        root=plan.root + shift,
        network=None,
    )
