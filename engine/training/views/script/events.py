"""An op of a user's own script in words and numbers: what is right, what the script has where that is another number,
and the line that it stands at. Reads an op that was run; must not know commands or the screen.
"""

from __future__ import annotations

from ....autograd.ops.table import OPS
from ....autograd.text.notation import bracketed, text
from ....records import replace
from ...recorded.script import Script
from ...snapshot.event import Assignment, Event
from ...step.last_op import LastOp
from .culprit import Wrong, first_wrong, last_uses
from .groups import group_of
from .own import origin_of

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
    written = _of_gradients(op, script) if op.backward else _of_result(op, script)
    # What is said of right numbers does not hold of others.
    words = OPS[event.op].forward_words if written and not op.backward else event.words
    if wrong is not None and first:
        words = f"{FIRST}{_in_the_end(op, script, wrong)} {words}"
    # Of two lines for the same gradient the second has what is left there.
    lines = [_with_own(op, script, each, written.pop(each.target, None)) for each in reversed(event.assignments)]
    return replace(
        event,
        scope=group_of(op.program, op.scope),
        words=words,
        assignments=tuple(reversed(lines)),
        place=origin.place,
        source=origin.source,
    )


def _in_the_end(op: LastOp, script: Script, wrong: Wrong) -> str:
    """What the gradient that is not right comes to, where others are still to add to it."""
    if not wrong.backward or last_uses(op.program)[wrong.slot] == op.index:
        return ""
    own = script.moment(op.step).grad.by_node[script.node[wrong.slot]]
    right = script.replayed(op.step)[1][wrong.slot]
    return f" {_name(op, wrong.slot)}.grad ends as {own:.6g} where {right:.6g} is right."


def _of_result(op: LastOp, script: Script) -> dict[str, float]:
    """The own class's other number of what an op made, by what it is called."""
    slot = op.slots[2]
    number = script.moment(op.step).data.by_node.get(script.node[slot])
    return {} if number is None else {_name(op, slot): number}


def _of_gradients(op: LastOp, script: Script) -> dict[str, float]:
    """The own class's other gradients of what an op is the last to add to."""
    known, last = script.moment(op.step).grad.by_node, last_uses(op.program)
    slots = [slot for slot in op.slots[:2] if last[slot] == op.index]
    if op.spot.op == op.timeline.zero_end:
        slots.append(op.slots[2])
    nodes = {slot: script.node.get(slot, -1) for slot in slots}
    return {f"{_name(op, slot)}.grad": known[node] for slot, node in nodes.items() if node in known}


def _with_own(op: LastOp, script: Script, each: Assignment, own: float | None) -> Assignment:
    """What an op wrote, with the number of the own class, and what that computed with."""
    if own is None:
        return each
    moment, values = script.moment(op.step), dict(each.values)
    nodes = [script.node.get(slot, -1) for slot in op.slots]
    for name, node in zip("aby", nodes, strict=True):
        if name in values:
            values[name] = moment.data.by_node.get(node, values[name])
    if "g" in values:
        values["g"] = moment.grad.by_node.get(nodes[2], values["g"])
    return replace(each, own=own, own_values=values)


def _name(op: LastOp, slot: int) -> str:
    return bracketed(op.short(text(op.program.slots.values[slot])))


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
