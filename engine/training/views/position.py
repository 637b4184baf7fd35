"""Makes the view of where a run stands. Reads a run; must not know the screen."""

from __future__ import annotations

from ..run.run import Run
from ..snapshot.position import Position


def position(run: Run) -> Position:
    """Where a run stands: before its next op."""
    state = run.state
    timeline = run.stepper.timeline(state)
    spot = timeline.spot(state.op)
    phase, start, stop = timeline.phase(state.op)
    layer, neuron = timeline.scope(spot)
    return Position(
        step=state.step,
        epoch=state.epoch,
        phase=phase,
        sample=None if spot.sample is None else spot.sample + 1,
        samples=timeline.size,
        op=state.op - start,
        ops=stop - start,
        index=state.op,
        total=timeline.total,
        layer=layer,
        neuron=neuron,
    )
