"""What a forward op means where it stands, in sentences with fields for its numbers: a neuron's four steps, the losses'
ops, the way from there to the batch's loss. Reads an op that was run; must not know backward, commands or the screen.
"""

from __future__ import annotations

from collections.abc import Mapping

from ....nn.losses import LOSSES
from ...step.last_op import LastOp

Meaning = tuple[str, Mapping[str, float]]
"""Sentences, and the number of each `{name}` in them."""

_INPUT = "1 multiply: the input {x} is given, its weight {w} is learnt, and says how much the input counts."
_DEEPER = "1 multiply: {x} comes from the layer before; its weight {w} says how much that counts here."
_NOTHING = "1 multiply: 0 came in, so its weight {w} has no say this time."
_ADD = "2 add: what has come in, each times its weight, makes {y} so far."
_SHIFT = "3 bias: it shifts the sum by {w}, whatever has come in."
_ABOVE = "3 bias: the sum must beat the threshold, -bias = {threshold}. {x} does, so {y} is above 0."
_BELOW = "3 bias: the sum must beat the threshold, -bias = {threshold}. {x} does not, so {y} is not above 0."
_RARE = "The class of this sample counts {a} times in the loss."

_OF_BATCH = {
    "add": "The losses of the samples are added: {y} so far.",
    "div": "By the number of samples, {b}: the loss of the batch is their mean.",
    "mul": "A part of the penalty: the larger parameters are, the more they cost.",
    "abs": "A part of the penalty: what a parameter costs is its distance from 0.",
}

_PENALISED = "The losses of the samples and the penalty are added up to the loss of the batch."


def meaning(op: LastOp) -> Meaning:
    """What a forward op means; in an expression or a script, whose purpose is unknown, what it is and came to."""
    assert op.tape is not None
    row, numbers = op.tape.ops[op.index], op.after
    general = f"{row.forward_words} {row.outcome(numbers['a'], numbers['b'], numbers['y'])}".rstrip()
    if not op.program.layers:
        return general, numbers
    if op.spot.sample is None:
        penalised = row.name == "add" and (op.program.settings.l1 or op.program.settings.l2)
        return _PENALISED if penalised else _OF_BATCH.get(row.name, general), numbers
    if op.index >= op.program.forward:
        return _of_loss(op, row.name) or general, numbers
    if row.name in ("mul", "add"):
        return _of_sum(op, row.name)
    return f"4 activate: {general}", numbers


def _of_sum(op: LastOp, name: str) -> Meaning:
    """An op on the way to a neuron's weighted sum; w is its parameter, x the other number."""
    numbers = op.after
    first = op.slots[0] in op.program.parameters
    x, w = (numbers["b"], numbers["a"]) if first else (numbers["a"], numbers["b"])
    numbers = {**numbers, "x": x, "w": w, "threshold": 0.0 - w}
    if name == "mul":
        return (_NOTHING if not x else _INPUT if op.scope.layer == 1 else _DEEPER), numbers
    if op.parameter is None:
        return _ADD, numbers
    layer = op.program.layers[(op.scope.layer or 1) - 1]
    if layer.activation == "linear" or numbers["y"] != numbers["y"]:
        return _SHIFT, numbers
    return (_ABOVE if numbers["y"] > 0.0 else _BELOW), numbers


def _of_loss(op: LastOp, name: str) -> str:
    """An op of a sample's own loss."""
    program = op.program
    told = LOSSES[program.settings.loss].told
    *_, (_, weight, inner, _) = program.tape.program
    if op.slots[2] == program.root and weight in program.weight:
        return _RARE
    last = op.slots[2] == (inner if weight in program.weight else program.root)
    return told.get("last", told.get(name, "")) if last else told.get(name, "")
