"""What an input is in the data's own table, for an op that reads it or its weight: its column, and what the sample says
there. Must not know rules, other ops or the screen.
"""

from __future__ import annotations

from ..setup.units import Answer
from ..step.last_op import LastOp
from ..step.program import Program


class Columns:
    """What the table calls the inputs of a program that have another name there."""

    def __init__(self, program: Program) -> None:
        self._inputs, self._weights, self._width = program.inputs, range(0), 1
        self._names: tuple[str, ...] = ()
        if _tabled(program):
            first, start = program.layers[0], program.parameters.start
            self._width = first.inputs + 1
            weights = range(first.first_parameter, first.first_parameter + len(first.units) * self._width)
            self._weights = range(start + weights.start, start + weights.stop)
            names = enumerate(program.input_names)
            self._names = tuple(name if _named(program, place) else "" for place, name in names)

    def of(self, slot: int) -> str:
        """The name of the input that a slot holds, or weighs; nothing where it has no other."""
        if not self._names:
            return ""
        if slot in self._inputs:
            return self._names[slot - self._inputs.start]
        place = (slot - self._weights.start) % self._width if slot in self._weights else len(self._names)
        return self._names[place] if place < len(self._names) else ""


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
