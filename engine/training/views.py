"""Makes snapshots of a run, part by part. Reads; must not change the numbers, and must not know commands."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection, Sequence
from operator import itemgetter

from ..losses import LOSSES
from ..tape import text
from .data import Formula, TrainingData
from .done import Done
from .evaluate import Evaluator
from .history import History
from .program import LayerPlan, Program
from .run import Run
from .settings import Settings
from .snapshot import (
    LARGEST_TABLE,
    Curve,
    GraphView,
    LayerView,
    NetworkView,
    NodeView,
    ParametersView,
    Position,
    Snapshot,
    Subject,
)
from .stepper import State, Stepper


def position(stepper: Stepper, state: State) -> Position:
    """Where the state stands: before its next op."""
    timeline = stepper.timeline(state)
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


def parameters(program: Program, state: State, numeric: tuple[float, ...] | None, last: Done | None) -> ParametersView:
    """Every parameter."""
    count = len(program.parameters)
    data = tuple(state.memory.data[:count])
    return ParametersView(
        labels=program.labels,
        data=data,
        grad=tuple(state.memory.grad[:count]),
        change=tuple(now - before for now, before in zip(data, state.previous, strict=True)),
        numeric=numeric,
        current=last.parameter() if last else None,
    )


def network(program: Program, state: State, subject: TrainingData, last: Done | None) -> NetworkView:
    """The network on the sample that is in memory."""
    data, grad = state.memory.data, state.memory.grad
    return NetworkView(
        sample=last.sample if last else None,
        input_names=subject.features,
        inputs=tuple(data[slot] for slot in program.inputs),
        input_grads=tuple(grad[slot] for slot in program.inputs),
        layers=tuple(_layer(plan, data, grad, program.tape.first + state.reached) for plan in program.layers),
        output_names=subject.classes if program.coding.outputs > 1 else (subject.target,),
        targets=tuple(data[slot] for slot in program.targets),
        computed=state.reached > 0,
        lit=last.lit() if last else None,
    )


def _layer(plan: LayerPlan, data: Sequence[float], grad: Sequence[float], reached: int) -> LayerView:
    width = plan.inputs + 1
    rows = range(plan.first_parameter, plan.first_parameter + width * len(plan.units), width)
    return LayerView(
        activation=plan.activation,
        weights=tuple(tuple(data[row : row + plan.inputs]) for row in rows),
        biases=tuple(data[row + plan.inputs] for row in rows),
        weight_grads=tuple(tuple(grad[row : row + plan.inputs]) for row in rows),
        bias_grads=tuple(grad[row + plan.inputs] for row in rows),
        sums=tuple(data[unit.sum] for unit in plan.units),
        data=tuple(data[unit.output] for unit in plan.units),
        grad=tuple(grad[unit.output] for unit in plan.units),
        computed=sum(unit.output < reached for unit in plan.units),
        first_parameter=plan.first_parameter,
    )


def graph(program: Program, state: State, last: Done | None) -> GraphView:
    """The sample tape as a graph: leaves first, then an op a node."""
    tape, values = program.tape, program.slots.values
    data, grad = state.memory.data, state.memory.grad
    leaves = [*program.parameters, *program.inputs, *program.targets, *tape.constants]
    place = {slot: index for index, slot in enumerate([*leaves, *range(tape.first, tape.first + len(tape))])}
    nodes = [NodeView(text(values[slot]), "", (), data[slot], grad[slot], computed=True) for slot in leaves]
    for k, (op, (_, i, j, slot)) in enumerate(zip(tape.ops, tape.program, strict=True)):
        inputs = (place[i],) if op.arity == 1 else (place[i], place[j])
        nodes.append(NodeView(text(values[slot]), op.symbol, inputs, data[slot], grad[slot], k < state.reached))
    lit = place.get(last.slots[2]) if last else None
    return GraphView(tuple(nodes), lit, bool(last and last.spot.phase == "backward"))


def curve(history: History, length: int, step: int) -> Curve:
    """The losses of steps 0 … length−1."""
    tests = history.tests[: bisect_right(history.tests, step, key=itemgetter(0))]
    return Curve(
        length=length,
        loss=history.loss,
        accuracy=history.accuracy,
        lr=history.lr,
        test_steps=tuple(at for at, _, _ in tests),
        test_loss=tuple(loss for _, loss, _ in tests),
        marks=tuple(history.marks(step)),
        ghost=history.ghost,
    )


def snapshot(
    subject: TrainingData | Formula, run: Run, granularity: str, probe: Sequence[float] | None, parts: Collection[str]
) -> Snapshot:
    """The picture of a run, with the named parts."""
    state, stepper, history, last = run.state, run.stepper, run.history, run.last
    program, settings, measured = stepper.program, stepper.settings, run.measured()
    evaluator = Evaluator(stepper)
    stepper.derive(state)
    data = None if isinstance(subject, Formula) else subject
    accuracy = history.accuracy[measured - 1] if measured else math.nan
    tested = _tested(run, evaluator, measure="test" in parts) if data else None
    few = data is not None and len(data.train_inputs) <= LARGEST_TABLE
    rule = settings.loss == "perceptron"
    table = None
    if data and few and ("table" in parts or rule):
        table = evaluator.table(run.parameters, data.train_inputs, data.train_targets)
    return Snapshot(
        subject=facts(subject, program, settings),
        settings=settings,
        pending={knob.name: knob.value for knob in run.waiting()},
        position=position(stepper, state),
        granularity=granularity,
        lr=stepper.lr(state.step),
        objective=LOSSES[settings.loss].text if data else "value",
        loss=history.loss[measured - 1] if measured else None,
        accuracy=None if math.isnan(accuracy) else accuracy,
        accuracy_of=state.measured,
        test_loss=tested[1] if tested else None,
        test_accuracy=tested[2] if tested else None,
        solved=rule and table is not None and all(row.decision == row.target for row in table),
        fault=run.fault,
        event=last.event() if last and "event" in parts else None,
        network=network(program, state, data, last) if data and "network" in parts else None,
        graph=graph(program, state, last) if data is None and "graph" in parts else None,
        parameters=parameters(program, state, None, last) if "parameters" in parts else None,
        curve=curve(history, measured, state.step) if "curve" in parts else None,
        table=table if "table" in parts else None,
        probe=evaluator.predict(run.parameters, probe, None) if probe is not None and data else None,
    )


def facts(subject: TrainingData | Formula, program: Program, settings: Settings) -> Subject:
    """What stays the same until a restart."""
    count = len(program.parameters)
    if isinstance(subject, Formula):
        return Subject(subject.name, subject.source, count, (), (), 1, 0, expression=True)
    sizes = "-".join(map(str, (len(subject.features), *(len(layer.units) for layer in program.layers))))
    return Subject(
        name=subject.name,
        architecture=f"{'MLP' if len(program.layers) > 1 else 'Neuron'} {sizes} {settings.activation}",
        parameters=count,
        features=subject.features,
        classes=subject.classes,
        train_size=len(subject.train_inputs),
        test_size=len(subject.test_inputs),
        expression=False,
    )


def _tested(run: Run, evaluator: Evaluator, *, measure: bool) -> tuple[int, float, float | None] | None:
    """The newest measurement on the test samples; where it is asked for, a step's start is measured now."""
    state, history = run.state, run.history
    newest = history.tested(state.step)
    if not measure or state.op or (newest and newest[0] == state.step):
        return newest
    measured = evaluator.test(run.parameters)
    if measured:
        history.keep_test(state.step, *measured)
    return history.tested(state.step)
