"""What an input is in the data's own table, for an op that reads it or its weight: its column, and what the sample says
there. Must not know rules, other ops or the screen.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..setup.units import Answer
from ..step.last_op import LastOp
from ..step.program import Program


def columns(program: Program) -> Mapping[int, str]:
    """What the table calls the inputs that have another name there, by their slots and those of their weights."""
    if not _tabled(program):
        return {}
    first = program.layers[0]
    weights = range(first.first_parameter, first.first_parameter + len(first.units) * (first.inputs + 1))
    placed: list[tuple[int, int | None]] = [(slot, place) for place, slot in enumerate(program.inputs)]
    placed += [(program.parameters[parameter], _weighed(program, parameter)) for parameter in weights]
    names = program.input_names
    return {slot: names[place] for slot, place in placed if place is not None and _named(program, place)}


def _tabled(program: Program) -> bool:
    """Whether the inputs are made of a table's columns."""
    whole = program.script is None and program.layers and not program.settings.features
    return bool(whole and program.table_units.columns)


def fed(op: LastOp) -> str:
    """`x7 is deck=E: deck is C here.`, of an op on a parameter `w7 weighs deck=E.`; else nothing."""
    program = op.program
    units = program.table_units
    if not _tabled(program):
        return ""
    if op.tape is None:
        place = _weighed(program, op.index)
        return "" if place is None or not _named(program, place) else f"w{place} weighs {program.input_names[place]}."
    place = next((slot - program.inputs.start for slot in op.slots[:2] if slot in program.inputs), None)
    if op.tape is not program.tape or place is None or op.row is None or not _named(program, place):
        return ""
    said = next(said for said in units.said(program.samples[op.row][0]) if place in said.inputs)
    name = program.input_names[place]
    whose = f"{name}: {said.name} " if name != said.name else f"{name}, which "
    return f"x{place} is {whose}{_written(said.answer)} here."


def _named(program: Program, place: int) -> bool:
    """The table calls it something else than the expression does."""
    return program.input_names[place] != f"x{place}"


def _weighed(program: Program, parameter: int) -> int | None:
    """The input of the network that a parameter is a weight on."""
    first = program.layers[0]
    neuron, place = divmod(parameter - first.first_parameter, first.inputs + 1)
    return place if neuron < len(first.units) and place < first.inputs else None


def _written(answer: Answer) -> str:
    if answer is None:
        return "says nothing"
    return f"is {answer if isinstance(answer, str) else format(answer, '.5g')}"
