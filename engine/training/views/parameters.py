"""Makes the view of the parameters. Reads a run and a gradient check; must not change them, nor know the screen."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from operator import sub
from typing import TYPE_CHECKING

from ..run.run import Run
from ..snapshot.parameters import ParametersView

if TYPE_CHECKING:
    from ..analysis.gradient_check import GradientCheck


def parameters(run: Run, check: GradientCheck | None) -> ParametersView:
    """Every parameter, with as much of a gradient check as there is."""
    program, state, last = run.stepper.program, run.state, run.last
    coming, count = run.coming, len(program.parameters)
    data = tuple(state.memory.data[:count])
    grad, right = (state.memory.grad[:count], {}) if program.script is None else _own_gradients(run)
    return ParametersView(
        labels=program.labels,
        data=data,
        grad=tuple(grad),
        change=tuple(map(sub, data, state.previous)),
        numeric=tuple(check.numeric) if check else None,
        errors=tuple(check.errors) if check else None,
        current=last.parameter if last else None,
        frozen=frozenset(run.stepper.settings.frozen),
        edited=run.history.edited_parameters(run.position),
        units=program.units,
        backward=last is not None and last.backward,
        coming=None if run.ended else coming.parameter,
        coming_backward=coming.backward,
        right=right,
    )


def _own_gradients(run: Run) -> tuple[list[float], Mapping[int, float]]:
    """The gradients as a script's own class has them, and what is right where that is another number."""
    from .script.own import lay_over

    memory, state = copy(run.state.memory), run.state
    memory.data, memory.grad = memory.data[:], memory.grad[:]
    laid = lay_over(run, memory, run.coming.spot, loaded=state.op > 0)
    count = len(state.previous)
    return memory.grad[:count], {slot: grad for slot, grad in laid.grad.items() if slot < count}
