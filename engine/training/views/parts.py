"""Makes snapshots of a run, part by part. Reads; must not change the numbers, and must not know commands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from ...autograd.notation import text
from ..analysis.gradient_check import GradientCheck
from ..forks.edit_words import mark
from ..run.history import History
from ..run.run import Run
from ..setup.data import Formula, TrainingData, Variable
from ..setup.settings import Settings
from ..snapshot.curve import Curve
from ..snapshot.network import LayerView, Lit, NetworkView
from ..snapshot.parameters import ParametersView
from ..snapshot.position import Position
from ..snapshot.subject import Subject
from ..snapshot.tape import GraphView, NodeView
from ..step.evaluate import Evaluator
from ..step.last_op import LastOp
from ..step.program import LayerPlan, Program
from ..step.stepper import State, Stepper


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


def parameters(run: Run, check: GradientCheck | None) -> ParametersView:
    """Every parameter, with as much of a gradient check as there is."""
    program, state, last = run.stepper.program, run.state, run.last
    count = len(program.parameters)
    data = tuple(state.memory.data[:count])
    return ParametersView(
        labels=program.labels,
        data=data,
        grad=tuple(state.memory.grad[:count]),
        change=tuple(now - before for now, before in zip(data, state.previous, strict=True)),
        numeric=tuple(check.numeric) if check else None,
        errors=tuple(check.errors) if check else None,
        current=last.parameter if last else None,
        frozen=frozenset(run.stepper.settings.frozen),
        edited=run.history.edited_parameters(run.position),
        units=program.units,
    )


def network(stepper: Stepper, state: State, last: LastOp | None) -> NetworkView:
    """The network on the sample that is in memory."""
    program, subject = stepper.program, stepper.program.data
    assert subject is not None
    loaded = stepper.loaded(state)
    row = stepper.batch(state)[0] if loaded is None else loaded
    data, grad = state.memory.data, state.memory.grad
    return NetworkView(
        sample=last.sample if last else None,
        input_names=program.input_names,
        inputs=tuple(data[slot] for slot in program.inputs),
        input_grads=tuple(grad[slot] for slot in program.inputs),
        layers=tuple(_layer(plan, data, grad, program.tape.first + state.reached) for plan in program.layers),
        output_names=subject.classes if program.coding.outputs > 1 else (subject.target,),
        targets=tuple(data[slot] for slot in program.targets),
        computed=state.reached > 0,
        lit=_lit(last) if last else None,
        place=stepper.place(state),
        row=row,
        row_inputs=program.samples[row][0],
    )


def _lit(last: LastOp) -> Lit | None:
    """The part of the network that an op touched."""
    layer, neuron = last.scope
    layers = last.stepper.program.layers
    if layer is None or neuron is None or not layers:
        return None
    plan, parameter = layers[layer - 1], last.parameter
    first = plan.first_parameter + (neuron - 1) * (plan.inputs + 1)
    weight = parameter - first if parameter is not None and parameter - first < plan.inputs else None
    return Lit(layer - 1, neuron - 1, weight, last.spot.phase == "backward")


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


def graph(program: Program, state: State, last: LastOp | None) -> GraphView:
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


def curve(history: History, length: int, step: int, program: Program) -> Curve:
    """The losses of steps 0 … length−1."""
    tests = history.tests[: bisect_right(history.tests, step, key=itemgetter(0))]
    begun = ((0, history.begun),) if history.begun else ()
    turned = ((edit.step, mark(edit.command, program)) for edit in history.edits if edit.step <= step)
    return Curve(
        length=length,
        loss=history.loss,
        accuracy=history.accuracy,
        lr=history.lr,
        test_steps=tuple(at for at, _, _ in tests),
        test_loss=tuple(loss for _, loss, _ in tests),
        marks=(*begun, *turned),
        ghost=history.ghost,
        stops=tuple((at, what) for at, _, what in history.stops if at <= step),
    )


def facts(subject: TrainingData | Formula, program: Program, settings: Settings) -> Subject:
    """What stays the same until a restart."""
    count = len(program.parameters)
    data = program.data
    if isinstance(subject, Formula):
        return Subject(subject.name, subject.source, count, (), (), 1, 0, expression=True)
    assert data is not None
    sizes = "-".join(map(str, (len(program.inputs), *(len(layer.units) for layer in program.layers))))
    return Subject(
        name=subject.name,
        architecture=f"{'MLP' if len(program.layers) > 1 else 'Neuron'} {sizes} {settings.activation}",
        parameters=count,
        features=program.input_names,
        classes=data.classes,
        train_size=len(data.train_inputs),
        test_size=len(data.test_inputs),
        expression=False,
        inputs=program.raw_names,
        columns=data.features,
        target=data.target,
        noise=data.noise if isinstance(data, Variable) else None,
        split=data.fraction if isinstance(data, Variable) else None,
    )


def tested(run: Run, *, measure: bool) -> tuple[int, float, float | None] | None:
    """The newest measurement on the test samples; where it is asked for, a step's start is measured now."""
    state, history = run.state, run.history
    newest = history.tested(state.step)
    if not measure or state.op or (newest and newest[0] == state.step):
        return newest
    measured = Evaluator(run.stepper).test(run.parameters)
    if measured:
        history.keep_test(state.step, *measured)
    return history.tested(state.step)
