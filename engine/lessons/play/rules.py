"""The rule by which an asked number comes about, in symbols and in numbers. Must not know questions."""

from __future__ import annotations

from collections.abc import Generator

from ...records import record
from ...training.commands import Forward
from ...training.session import Session
from ...training.snapshot.event import Assignment
from ..language.elsewhere import Quantum, going
from ..language.numbers import written
from ..language.reading import Expression, number_name

_MOST_OPS = 600
"""Ops that are looked through for the one that wrote a number."""


@record
class Rule:
    """A rule; empty where no op wrote the number."""

    symbols: str
    numbers: str


NO_RULE = Rule("", "")


def rule_of(answer: Expression, walker: Session, end: Session, quantum: Quantum) -> Generator[int, None, Rule]:
    """The rule of the op that wrote what is asked for last on the way from where `walker` stands to `end`."""
    target = number_name(answer)
    if target is None or walker.step != end.step or not 0 < end.op - walker.op <= _MOST_OPS:
        return NO_RULE
    formula = target.removesuffix(".grad")
    # A formula stands in brackets before .grad.
    targets, found = (target, target.removesuffix(".data"), f"({formula}).grad" if formula != target else ""), NO_RULE
    while walker.op < end.op and walker.step == end.step:
        yield from going(walker, Forward("op"), quantum)
        event = walker.snapshot({"event"}).event
        for assignment in () if event is None else event.assignments:
            if assignment.target in targets:
                found = _rule(assignment)
    return found


def _rule(assignment: Assignment) -> Rule:
    numbers = assignment.formula
    for key, number in assignment.values.items():
        digits = written(number)
        # What is raised to a power as a whole.
        numbers = numbers.replace(f"{{{key}}}**", f"({digits})**" if number < 0 else f"{digits}**")
        numbers = numbers.replace(f"{{{key}}}", digits)
    if assignment.operator == "+=" and assignment.before:
        numbers = f"{written(assignment.before)} + {numbers}"
    result = written(assignment.after)
    symbols = assignment.target  # which says how it comes about, where it has no name
    if assignment.symbols != symbols:
        symbols = f"{symbols} {assignment.operator} {assignment.symbols}"
    return Rule(symbols, numbers if numbers == result else f"{numbers} = {result}")
