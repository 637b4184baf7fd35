"""How large the gradients of each layer are, by the scale of the first weights: against loops over plain lists."""

from __future__ import annotations

import math

import pytest

from chainstep.engine.training.commands import RunTo, SetKnob
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import SettingsError
from support.sessions import Begin


def by_loops(session: Session) -> list[float]:
    """rms of ∂loss/∂p for each layer of tanh: the mean over the batch of log(1 + exp(-s)), with a score s for +1."""
    program = session.run.stepper.program
    rows = [program.samples[index] for index in session.run.stepper.batch(session.run.state)]
    numbers = list(session.parameters)
    layers = [[[numbers.pop(0) for _ in range(plan.inputs + 1)] for _ in plan.units] for plan in program.layers]
    totals = [[[0.0] * len(neuron) for neuron in layer] for layer in layers]
    for inputs, (target,) in rows:
        values = [list(inputs)]
        for number, layer in enumerate(layers, start=1):
            sums = [sum(w * x for w, x in zip(neuron, [*values[-1], 1.0], strict=True)) for neuron in layer]
            values.append(sums if number == len(layers) else [math.tanh(one) for one in sums])
        back = [(1.0 / (1.0 + math.exp(-values[-1][0])) - target) / len(rows)]
        for number in reversed(range(len(layers))):
            for row, share in zip(totals[number], back, strict=True):
                for place, x in enumerate([*values[number], 1.0]):
                    row[place] += share * x
            back = [
                sum(share * neuron[place] for share, neuron in zip(back, layers[number], strict=True)) * (1.0 - x * x)
                for place, x in enumerate(values[number])
            ]
    return [math.sqrt(sum(x * x for row in layer for x in row) / sum(map(len, layer))) for layer in totals]


@pytest.mark.parametrize(("gain", "ratio"), [(0.4, (1e-4, 1e-2)), (1.0, (0.1, 1.0)), (4.0, (1.0, 100.0))])
def test_gradients_vanish_and_explode_with_the_first_weights(
    begin: Begin, gain: float, ratio: tuple[float, float]
) -> None:
    session = begin("deep", gain=gain)
    expected = by_loops(session)
    session.apply(RunTo("update"))
    sizes = [session.gradient_rms(layer) for layer in range(1, 12)]
    assert sizes == pytest.approx(expected, rel=1e-9)
    assert ratio[0] < sizes[0] / sizes[-1] < ratio[1]


def test_a_gain_scales_weights_and_leaves_biases(begin: Begin) -> None:
    usual, large = (begin("lecture", gain=gain) for gain in (1.0, 2.0))
    factors = {
        label.rpartition(".")[2][0]: b / a
        for label, a, b in zip(usual.labels, usual.parameters, large.parameters, strict=True)
    }
    assert factors == {"w": 2.0, "b": 1.0}
    usual.apply(SetKnob("gain", 2.0))
    assert (usual.step, usual.parameters) == (0, large.parameters)
    with pytest.raises(SettingsError, match="gain must be finite and above 0"):
        begin("lecture", gain=0.0)
    with pytest.raises(IndexError, match="no layer 4"):
        usual.gradient_rms(4)
