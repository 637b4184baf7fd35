"""The verdicts on somebody's multi-layer perceptron. Knows the bench and the lecture's network; must not know ops.

A network may be built in several ways that are all right: other activations, another order of its parameters. With the
same weights, ours of the same build has to give the same numbers; one that is of no known build is held against
differences of its own values.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..nn.mlp import MLP
from ..records import record, replace
from .adapter import Network
from .bench import Bench
from .checks.training import INPUTS, PROBES, SIZES, Forward, loss, train
from .diagnosis import Finding
from .rows import Row
from .stages import shown
from .trial import FAULTS, described

_MADE = "MLP(3, [4, 4, 1])"
_LOSS = f"the sum of squared errors of {_MADE}"
_H = 1e-5
_ENOUGH = 1e6
"""A loss beyond which a diverging run says nothing but that it diverges."""

_ACTIVATIONS = ("tanh", "relu", "linear", "sigmoid", "leaky_relu", "silu", "gelu", "elu", "softplus")


@record(eq=False)
class Built:
    """Somebody's network, made."""

    network: Any
    parameters: Sequence[Any]
    forward: Forward


@record(eq=False)
class Twin:
    """Our own of the same build, with the same weights."""

    network: MLP
    parameters: Sequence[Any]
    """In the order of the other's."""


def network_rows(bench: Bench) -> Iterator[Row]:
    """What there is to say of the network; one row if there is none."""
    network = bench.adapter.network
    if network is None:
        yield Row(_MADE, "missing", _MADE, {}, got="there is no MLP")
        return
    state = random.getstate()
    random.seed(1337)
    try:
        yield from _rows(bench, network)
    finally:
        random.setstate(state)


def _rows(bench: Bench, network: Network) -> Iterator[Row]:
    try:
        built = _built(bench, network)
        twins = _twins(bench, built)
    except FAULTS as error:
        yield Row(_MADE, "missing" if isinstance(error, TypeError) else "raises", _MADE, {}, got=described(error))
        return
    for name, expression, judge in (
        (_MADE, _MADE, _count),
        (f"{_MADE}: gradients", _LOSS, _gradients),
        (f"{_MADE}: zero_grad()", f"{_LOSS}, then zero_grad()", _zeroing),
        (f"{_MADE}: 20 steps", f"{_LOSS}, after 20 steps of 0.1", _steps),
    ):
        row = Row(name, "right", expression, {})
        try:
            yield judge(bench, network, built, twins, row)
        except FAULTS as error:
            yield replace(row, verdict="raises", got=described(error))


def _built(bench: Bench, network: Network) -> Built:
    made = network.make(*SIZES)

    def forward(x: Sequence[float]) -> Any:
        try:
            outputs = network.outputs(made, x)
        except (TypeError, AttributeError):  # it may want nodes where others take numbers
            outputs = network.outputs(made, [bench.adapter.make(number) for number in x])
        return outputs[0]

    forward(INPUTS[0])
    return Built(made, network.parameters(made), forward)


def _twins(bench: Bench, built: Built) -> list[Twin]:
    """Ours of each build that gives the same outputs: what a layer cannot be seen to do is left open."""
    weights = [_real(bench.adapter.data(parameter)) for parameter in built.parameters]
    wanted = [_real(bench.adapter.data(built.forward(x))) for x in PROBES]
    found = []
    for hidden, output in itertools.product(_ACTIVATIONS, _ACTIVATIONS):
        ours = MLP(*SIZES, activation=hidden, output=output)
        for parameters in _orders(ours):
            if len(parameters) == len(weights):
                for parameter, weight in zip(parameters, weights, strict=True):
                    parameter.data = weight
                if all(bench.same(bench.truth.data(ours(x)), each) for x, each in zip(PROBES, wanted, strict=True)):
                    found.append(Twin(ours, parameters))
                    break
    return found


def _orders(ours: MLP) -> Iterator[list[Any]]:
    """Ways to list the parameters: of a neuron the bias last or first, of a layer all biases last or first."""
    yield ours.parameters()
    yield [p for layer in ours.layers for neuron in layer.neurons for p in (neuron.b, *neuron.w)]
    weights = [[w for neuron in layer.neurons for w in neuron.w] for layer in ours.layers]
    biases = [[neuron.b for neuron in layer.neurons] for layer in ours.layers]
    yield [p for layer in zip(weights, biases, strict=True) for p in itertools.chain(*layer)]
    yield [p for layer in zip(biases, weights, strict=True) for p in itertools.chain(*layer)]


def _count(bench: Bench, network: Network, built: Built, twins: Sequence[Twin], row: Row) -> Row:
    """Whether `parameters()` lists what there is to train, each once."""
    listed = {id(parameter) for parameter in built.parameters}
    left_out = [leaf for leaf in network.leaves(built.network) if id(leaf) not in listed]
    row = replace(row, of="parameters", got=float(len(built.parameters)), want=float(len(listed) + len(left_out)))
    words = ""
    if left_out:
        words = f"parameters() leaves out {len(left_out)} of its numbers, which are never trained"
    elif len(listed) < len(built.parameters):
        words = "parameters() lists some twice, which are trained twice"
    if words:
        return bench.wrong(row, Finding("other", words, "parameters", part="function"))
    return row


def _gradients(bench: Bench, network: Network, built: Built, twins: Sequence[Twin], row: Row) -> Row:
    bench.adapter.zero(built.parameters)
    bench.adapter.backward(loss(bench.adapter, built.forward))
    got = [_real(bench.adapter.grad(parameter)) for parameter in built.parameters]
    want = _slopes(bench, twins[0]) if twins else _differences(bench, built)
    same: Callable[[float, float], bool] = bench.same if twins else _nearly
    off = [index for index, each in enumerate(got) if not same(each, want[index])]
    first = off[0] if off else 0
    row = replace(row, of=f"parameter {first}", got=shown(got[first]), want=shown(want[first]))
    if not off:
        return row
    finding = bench.diagnosis.first
    if finding is None and not any(got[index] for index in off):
        words = f"no gradient reaches {len(off)} of the parameters"
        finding = bench.diagnosis.note(Finding("cut", words, "__call__", part="function"))
    return bench.wrong(row, finding)


def _slopes(bench: Bench, twin: Twin) -> list[float]:
    for parameter in twin.parameters:
        parameter.grad = 0.0
    bench.truth.backward(loss(bench.truth, twin.network))
    return [parameter.grad for parameter in twin.parameters]


def _differences(bench: Bench, built: Built) -> list[float]:
    """The central difference of the network's own loss along each parameter."""
    slopes = []
    for parameter in built.parameters:
        middle = _real(bench.adapter.data(parameter))
        moved = []
        for number in (middle + _H, middle - _H, middle):
            bench.adapter.move(parameter, number)
            moved.append(_real(bench.adapter.data(loss(bench.adapter, built.forward))))
        slopes.append((moved[0] - moved[1]) / (2 * _H))
    return slopes


def _zeroing(bench: Bench, network: Network, built: Built, twins: Sequence[Twin], row: Row) -> Row:
    if not hasattr(built.network, "zero_grad"):
        return replace(row, verdict="missing", got="there is no zero_grad()")
    before = [bench.adapter.data(parameter) for parameter in built.parameters]
    bench.adapter.backward(loss(bench.adapter, built.forward))
    network.zero(built.network)
    left = [grad for leaf in network.leaves(built.network) if (grad := bench.adapter.grad(leaf)) != 0]
    row = replace(row, of="gradients that are not 0", got=float(len(left)), want=0.0)
    if left:
        words = f"zero_grad() leaves {len(left)} gradients as they are"
        return bench.wrong(row, Finding("zeroing", words, "zero_grad", part="function"))
    if before != [bench.adapter.data(parameter) for parameter in built.parameters]:
        words = "zero_grad() changes the parameters themselves"
        return bench.wrong(replace(row, of="parameters"), Finding("zeroing", words, "zero_grad", part="function"))
    return row


def _steps(bench: Bench, network: Network, built: Built, twins: Sequence[Twin], row: Row) -> Row:
    theirs = [*train(bench.adapter, built.forward, built.parameters, bench.adapter.move, _ENOUGH)]
    if not twins:
        words = "it is built otherwise than the lecture's, so that its gradients alone are checked"
        return replace(row, verdict="choice", got=shown(theirs[-1]), why=words)
    for twin in twins:
        ours = [*train(bench.truth, twin.network, twin.parameters, bench.truth.move, _ENOUGH)]
        step = next((k for k, (a, b) in enumerate(zip(theirs, ours, strict=False)) if not _alike(bench, a, b)), None)
        last = min(len(theirs), len(ours)) - 1 if step is None else step
        row = replace(row, of=f"loss of step {last}", got=shown(theirs[last]), want=shown(ours[last]))
        if step is None:
            return row
    return bench.wrong(row, bench.diagnosis.first)


def _alike(bench: Bench, theirs: float, ours: float) -> bool:
    """As good as the same: rounding grows with the steps, all the more where a run diverges."""
    close = math.isclose(theirs, ours, rel_tol=bench.precision * 1e3)
    return close or bench.same(theirs, ours) or abs(ours) > _ENOUGH / 1e3


def _nearly(got: float, want: float) -> bool:
    """As good as a difference quotient can tell."""
    return math.isclose(got, want, rel_tol=1e-3, abs_tol=1e-3)


def _real(number: float | complex) -> float:
    return math.nan if isinstance(number, complex) else number
