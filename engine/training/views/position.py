"""Makes the view of where a run stands. Reads a run; must not know the screen."""

from __future__ import annotations

from ..run.run import Run
from ..snapshot.position import Position
from ..step.located_op import LocatedOp


def position(run: Run, granularity: str) -> Position:
    """Where a run stands, before its next op, and how far a step forward by a granularity goes."""
    state, coming = run.state, run.coming
    timeline, spot = coming.timeline, coming.spot
    phase, start, stop = timeline.phase(state.op)
    layer, neuron = coming.scope
    return Position(
        step=state.step,
        epoch=state.epoch,
        phase=phase,
        sample=None if spot.sample is None or not timeline.program.layers else spot.sample + 1,
        samples=timeline.size,
        op=state.op - start,
        ops=stop - start,
        index=state.op,
        total=timeline.total,
        layer=layer,
        neuron=neuron,
        phases=timeline.phases,
        expression=coming.expression,
        group="" if timeline.program.script is None else _group(coming),
        engine=_engine(run),
        stride=timeline.next(state.op, granularity) - state.op,
    )


def _engine(run: Run) -> str:
    if run.engine == "python" and run.compilation.flaw:
        return f"python: {run.compilation.flaw}"
    return run.engine if run.engine == "native" else ""


def _group(coming: LocatedOp) -> str:
    from .script.groups import group_of  # no other session has groups

    return group_of(coming.program, coming.scope)
