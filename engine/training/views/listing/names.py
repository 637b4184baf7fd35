"""The slots of values by the names that they are watched and asked for by. Reads a program, and keeps nothing that
knows it. Must not know the numbers of training, or the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from ....autograd.tape import Scope
from ....autograd.text.notation import formula, text
from ....autograd.value import Value
from ...step.program import Program

_OF_NEURON = re.compile(r"\bL(\d+)\.n(\d+)\b")


class Names(Mapping[str, int]):
    """The slot of each name: a label, a number of an expression, or a formula; where a formula comes twice, the first.

    They are all written where somebody goes through them. Of a network one alone is looked for in the neurons that it
    has in it: there are hundreds of thousands in a wide one. Of a `large` graph only labels are names.
    """

    def __init__(self, program: Program, lines: Callable[[Scope], range], *, large: bool) -> None:
        self._values, self._tape = program.slots.values, program.tape
        self._parameters, self._leaves = program.parameters, program.leaves
        self._of_neurons = bool(program.layers)
        self._lines = lines
        """The instructions of a layer and neuron."""
        self._large = large
        self._found: dict[str, int | None] = {}

    def __getitem__(self, name: str) -> int:
        if not self._of_neurons:
            return self._all[name]
        if name not in self._found:
            self._found[name] = self._labels.get(name, self._written(name))
        if (slot := self._found[name]) is None:
            raise KeyError(name)
        return slot

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def _written(self, name: str) -> int | None:
        """Of a network, the first value that is written so."""
        first, values = self._tape.first, self._values
        for slot in self._leaves:
            if text(values[slot]) == name:
                return slot
        scopes = sorted({Scope(int(layer), int(neuron)) for layer, neuron in _OF_NEURON.findall(name)})
        for scope in (*scopes, Scope()):
            for k in self._lines(scope):
                if formula(values[first + k]) == name:
                    return first + k
        return None

    @cached_property
    def _labels(self) -> dict[str, int]:
        return _labelled(self._values[: self._tape.first + len(self._tape)])

    @cached_property
    def _all(self) -> dict[str, int]:
        values, tape = self._values, self._tape
        if self._large:
            return _labelled(values)
        named: dict[str, int] = {}
        results = range(tape.first, tape.first + len(tape))
        for slot in (*self._parameters, *self._leaves, *results):
            named.setdefault(text(values[slot]), slot)
        for slot in results:
            named.setdefault(formula(values[slot]), slot)
        return named


def _labelled(values: Sequence[Value]) -> dict[str, int]:
    """The first place of each label."""
    return {value.label: slot for slot, value in reversed([*enumerate(values)]) if value.label}
