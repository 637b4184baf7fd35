"""Where a session stands, as the screen may see it. Must not know timelines or states."""

from __future__ import annotations

from ...records import record


@record
class Position:
    """Where the session stands: before which op, as a debugger names the line it will run next."""

    step: int
    """Updates completed so far; 0 before the first."""
    epoch: int
    phase: str
    """The phase of the next op, one of `step.timeline.PHASES`."""
    sample: int | None
    """Number of the next op's sample in the batch, from 1; None where the op belongs to the whole batch, and for an
    expression, which has no samples.
    """
    samples: int
    """Samples in this step's batch."""
    op: int
    """Ops done in this phase."""
    ops: int
    """Ops of this phase in all."""
    index: int
    """Ops done in this step, over all phases."""
    total: int
    """Ops of this step in all."""
    layer: int | None
    """Layer of the next op, from 1; None where it has none."""
    neuron: int | None
    """Neuron of the next op, from 1; None where it has none."""
    phases: tuple[str, ...]
    """The phases that the step has, in their order."""
    expression: str
    """The next op as text, as an event's."""
    stride: int
    """Ops of this step that a step forward by the granularity runs."""
    engine: str = ""
    """What took it here, and why that is not the fastest there could be; empty where nothing needs to be said."""
    group: str = ""
    """What a script calls the group of the next op: `call 3 › L1.n2`."""

    @property
    def scope(self) -> str:
        """The path of the next op: `sample 2 › layer 1 › neuron 3`, or as much of it as there is."""
        if self.group:
            return self.group
        levels = (("sample", self.sample), ("layer", self.layer), ("neuron", self.neuron))
        return " › ".join(f"{name} {number}" for name, number in levels if number is not None)


@record
class ScriptView:
    """The moment that is replayed: one `backward()` of the script."""

    moment: int
    """Its number in the script, from 1."""
    moments: int
    """How many `backward()` the script made in all."""
    place: str
    """Where it was called: `line 12`."""
    source: str
    """What stands there."""
    agreement: str
    """How the own numbers stand to ours: `right to the bit`, `3 nodes differ`."""
    differs: bool
    ended: bool
    """It stands behind the last moment of its run."""
    difference: tuple[int, int] | None
    """The first (step, op) from here on behind an op with which its own numbers leave what is right, or where there is
    none ahead the first of all; None where there is no such op in this run.
    """
    root: str
    """What the script calls the number that it goes backward from; empty where it has no name."""
