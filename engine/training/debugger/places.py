"""Places in a training step, as people type them: `backward L1.n3`, `sample 2 layer 1`, `line 17`. Knows the timeline's
ops; must not know numbers, runs or breakpoints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches

from ...records import record, replace
from ..commands import CommandError
from ..step.program import Program
from ..step.timeline import PHASES, Spot, Timeline

_LONGEST = 300

_NUMBERED = ("step", "sample", "layer", "neuron", "line", "op")

GRAMMAR = f"step 40, sample 2, layer 1, L1.n3, line 17, batch line 3, parameter L1.n1.w0, op 37, {', '.join(PHASES)}"
"""Examples of everything that a place is made of."""


@record
class Place:
    """What an op must be to be there; None where anything will do. All count from 1, but `step` and `op` from 0."""

    step: int | None = None
    phase: str | None = None
    sample: int | None = None
    layer: int | None = None
    neuron: int | None = None
    line: int | None = None
    """Instruction of the tape of `section`."""
    section: str | None = None
    """`sample` or `batch`, with a line."""
    parameter: str | None = None
    """A parameter's name: its zero_grad and its update."""
    op: int | None = None
    """Ops done in the step."""

    @property
    def words(self) -> str:
        """What it waits for."""
        inside = [f"sample {self.sample}"] if self.sample is not None else []
        if self.neuron is not None:
            inside.append(f"L{self.layer}.n{self.neuron}")
        elif self.layer is not None:
            inside.append(f"layer {self.layer}")
        if self.line is not None:
            inside.append(f"{'batch ' if self.section == 'batch' else ''}line {self.line}")
        if self.parameter is not None:
            inside.append(f"parameter {self.parameter}")
        if self.op is not None:
            inside.append(f"op {self.op}")
        where = " › ".join([self.phase, *inside] if self.phase else inside)
        if self.step is None:
            return f"before {where}"
        return f"before {where} of step {self.step}" if where else f"before step {self.step}"

    def ops(self, timeline: Timeline, program: Program) -> tuple[int, ...]:
        """The op counts of a step, in order, at which it is hit: before the first op of each stretch that is there.
        What lies in samples is hit anew in each. The step's number is not looked at.
        """
        return tuple(replace(self, step=None)._starts(timeline, program))

    def _starts(self, timeline: Timeline, program: Program) -> Iterator[int]:
        if self.op is not None:
            yield from [self.op] if self.op < timeline.total else []
            return
        if self.phase is None and self == Place():
            yield 0
            return
        within = any(item is not None for item in (self.sample, self.layer, self.line, self.parameter))
        offsets: dict[tuple[str, bool], list[int]] = {}
        op, inside = 0, False
        while op < timeline.total:
            spot = timeline.spot(op)
            if self._may_be_in(spot):
                kind = spot.phase, spot.sample is None
                if kind not in offsets:
                    # Samples have the same tape, so what holds for one segment of a kind holds for all of them.
                    offsets[kind] = list(self._stretches(timeline, program, spot))
                if within:
                    yield from (spot.start + offset for offset in offsets[kind])
                elif not inside:
                    yield spot.start
                inside = True
            else:
                inside = False
            op = spot.start + spot.length

    def _may_be_in(self, spot: Spot) -> bool:
        if self.phase not in (None, spot.phase) or self.sample not in (None, (spot.sample or 0) + 1):
            return False
        return self.sample is None or spot.sample is not None

    def _stretches(self, timeline: Timeline, program: Program, spot: Spot) -> Iterator[int]:
        there = False
        for offset in range(spot.length):
            before, there = there, self._is(timeline, program, spot._replace(op=spot.start + offset))
            if there and not before:
                yield offset

    def _is(self, timeline: Timeline, program: Program, spot: Spot) -> bool:
        scope = timeline.scope(spot)
        if self.layer not in (None, scope.layer) or self.neuron not in (None, scope.neuron):
            return False
        of_parameter = spot.phase in ("zero_grad", "update")
        if self.parameter is not None:
            return of_parameter and program.labels[spot.offset] == self.parameter
        if self.line is None:
            return True
        section = "sample" if spot.sample is not None else "batch"
        return not of_parameter and section == self.section and timeline.instruction(spot) == self.line - 1

    def check(self, program: Program) -> Place:
        """The place as the model writes it.

        Raises:
            CommandError: the model has no such layer, neuron, sample, line, parameter or op.
        """
        place, sizes = self, program.batches.sizes()
        neurons: dict[int, int] = {}
        for scope in (*program.parameter_scopes, *program.tape.scopes):
            if scope.layer is not None and scope.neuron is not None:
                neurons[scope.layer] = max(neurons.get(scope.layer, 0), scope.neuron)
        if self.layer is not None:
            _limit("layer", self.layer, len(neurons), "the model")
            if self.neuron is not None:
                _limit("neuron", self.neuron, neurons[self.layer], f"layer {self.layer}")
        if self.sample is not None:
            _limit("sample", self.sample, max(sizes), "a batch")
        if self.line is not None:
            batch = self.section == "batch"
            tape = program.batch(max(sizes)).tape if batch else program.tape
            _limit("line", self.line, len(tape), "the batch's tape" if batch else "the sample's tape")
        if self.parameter is not None:
            place = replace(self, parameter=_label(self.parameter, program))
        if not place.possible(program):
            if self.op is not None:
                total = Timeline(program, next(iter(sizes))).total
                raise CommandError(f"there is no op {self.op}: a step has {total}, counted from 0")
            raise CommandError(f"no op of a step is ever {self.words.removeprefix('before ')}")
        return place

    def possible(self, program: Program) -> bool:
        """Whether any step of a program has it."""
        return any(self.ops(Timeline(program, size), program) for size in program.batches.sizes())


def _limit(what: str, number: int, most: int, of: str) -> None:
    if not 1 <= number <= most:
        has = f"{of} has {most}, counted from 1" if most else f"{of} has none"
        raise CommandError(f"there is no {what} {number}: {has}")


def _label(name: str, program: Program) -> str:
    labels = program.labels
    if name in labels:
        return name
    alike = [label for label in labels if label.lower() == name.lower()]
    if alike:
        return alike[0]
    near = get_close_matches(name, labels, n=3, cutoff=0.5)
    raise CommandError(f"there is no parameter {name}" + (f": did you mean {' or '.join(near)}?" if near else ""))


def parse(text: str) -> Place:
    """Read a place.

    Raises:
        CommandError: it is none.
    """
    if len(text) > _LONGEST:
        raise CommandError(f"a place may have {_LONGEST} characters, this one has {len(text)}")
    found = _read(text)
    _check(found)
    assert found.keys() <= {field.name for field in fields(Place)}
    return Place(**found)  # type: ignore[arg-type]


def _read(text: str) -> dict[str, int | str]:
    """The fields of a place that are named."""
    words = text.split()
    found: dict[str, int | str] = {}

    def put(field: str, value: int | str) -> None:
        if field in found:
            raise CommandError(f"{text!r} names two {'phases' if field == 'phase' else field + 's'}")
        found[field] = value

    while words:
        word = words.pop(0)
        lower = word.lower()
        neuron = re.fullmatch(r"l(\d+)\.n(\d+)", lower)
        if lower in PHASES:
            put("phase", lower)
        elif neuron:
            put("layer", int(neuron[1]))
            put("neuron", int(neuron[2]))
        elif lower == "parameter":
            if not words:
                raise CommandError("parameter needs a name, as in parameter L1.n1.w0")
            put("parameter", words.pop(0))
        elif lower == "batch" and words[:1] and words[0].lower() == "line":
            found["section"] = "batch"
        elif lower in _NUMBERED:
            if not words or not re.fullmatch(r"[0-9]{1,15}", words[0]):
                raise CommandError(f"{lower} needs a number, as in {lower} 3")
            put(lower, int(words.pop(0)))
            if lower == "line":
                found.setdefault("section", "sample")
        else:
            near = get_close_matches(lower, [*PHASES, *_NUMBERED, "batch", "parameter"], n=1)
            hint = f"did you mean {near[0]}?" if near else f"places are {GRAMMAR}"
            raise CommandError(f"{word!r} is no place: {hint}")
    return found


def _check(found: Mapping[str, int | str]) -> None:
    """Fields that make no place together are refused."""
    if not found:
        raise CommandError(f"a place is missing: {GRAMMAR}")
    if "neuron" in found and "layer" not in found:
        raise CommandError(f"neuron {found['neuron']} of which layer? Write L1.n{found['neuron']}")
    if "op" in found and found.keys() - {"op", "step"}:
        raise CommandError("op counts through the whole step: it goes with step alone, as in step 3 op 37")
    if "parameter" in found and found.keys() - {"parameter", "phase", "step"}:
        raise CommandError("a parameter has a zero_grad and an update: it goes with a phase and a step alone")
