"""An op of a user's own script in words and numbers: what is right, what the script has where that is another number,
and the line that it stands at. Reads an op that was run; must not know commands or the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ....autograd.text.notation import bracketed, text
from ...recorded.script import Script
from ...snapshot.event import Assignment, Event
from ...step.last_op import LastOp
from .groups import group_of
from .own import first_wrong, last_uses, origin_of

YOURS = "yours"
"""The operator of what the own class wrote."""

FIRST = "Here your numbers first leave what is right."


def script_event(op: LastOp, event: Event) -> Event:
    """The event of an op, as of a script's."""
    script = op.program.script
    assert script is not None
    if event.phase == "zero_grad":
        return _zeroing(op, event, script)
    if event.phase == "update":
        return _updating(op, event, script)
    origin = origin_of(op.program, op.slots[2])
    wrong = first_wrong(op.program, op.step)
    first = wrong is not None and (wrong.line, wrong.backward) == (op.index, op.backward)
    own = tuple(_backward(op, script) if op.backward else _forward(op, script))
    words = f"{FIRST} {event.words}" if first else event.words
    return replace(
        event, scope=group_of(op.program, op.scope), words=words, own=own, place=origin.place, source=origin.source
    )


def _forward(op: LastOp, script: Script) -> Iterator[Assignment]:
    node = script.node[op.slots[2]]
    number = script.moment(op.step).data.by_node.get(node)
    if number is not None:
        yield _own(_name(op, op.slots[2]), None, number)


def _backward(op: LastOp, script: Script) -> Iterator[Assignment]:
    """What the own class had in the gradients that the op is the last to add to."""
    moment, last = script.moment(op.step), last_uses(op.program)
    slots = [slot for slot in dict.fromkeys(op.slots[:2]) if last[slot] == op.index]
    if op.spot.op == op.timeline.zero_end:
        slots.insert(0, op.slots[2])
    for slot in slots:
        node = script.node.get(slot)
        number = None if node is None else moment.grad.by_node.get(node)
        if node is not None and number is not None:
            yield _own(f"{_name(op, slot)}.grad", moment.before.by_node.get(node, 0.0), number)


def _own(target: str, before: float | None, number: float) -> Assignment:
    return Assignment(target, YOURS, "", "{own}", {}, {"own": number}, before, number)


def _name(op: LastOp, slot: int) -> str:
    return bracketed(text(op.program.slots.values[slot]))


def _zeroing(op: LastOp, event: Event, script: Script) -> Event:
    (zeroed,) = event.assignments
    left = 0.0
    if op.step:
        left = script.moment(op.step - 1).grad.by_node.get(script.graph.trained[op.index], op.before["g"])
    if zeroed.after == 0.0:
        words = "Your script has 0 here before it calls backward()."
        return replace(event, words=words, assignments=(replace(zeroed, before=left),))
    words = "Your script does not zero this gradient: backward() adds to what is there."
    kept = replace(zeroed, before=left, symbols="what was there", formula="{g}", values={"g": zeroed.after})
    return replace(event, words=words, assignments=(kept,))


def _updating(op: LastOp, event: Event, script: Script) -> Event:
    label, before, after = event.expression, op.before["p"], op.after["p"]
    grad = script.moment(op.step).grad.by_node.get(script.graph.trained[op.index], op.before["g"])
    changed = Assignment(label, "←", "as your script did", "{p}", {"p": label}, {"p": after}, before, after)
    return replace(event, words=_how_changed(before, after, grad), assignments=(changed,))


def _how_changed(before: float, after: float, grad: float) -> str:
    if before == after:
        return "Your script left it as it was, as far as was recorded."
    if grad == 0.0 or grad != grad:
        return "Your script gave it another number."
    return f"Your script changed it by {(after - before) / grad:.4g} times its gradient."
