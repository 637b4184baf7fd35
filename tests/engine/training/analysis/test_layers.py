"""How large the gradients of each layer are, by the scale of the first weights: against loops over plain lists."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import RunTo, SetKnob
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import SettingsError
from support.lessons.plain import gradient_sizes
from support.sessions import Begin


def by_loops(session: Session) -> list[float]:
    """The root mean square of the gradients of each layer of tanh, over the batch in hand."""
    program = session.run.stepper.program
    rows = [program.samples[index] for index in session.run.stepper.batch(session.run.state)]
    numbers = iter(session.parameters)
    layers = [[[next(numbers) for _ in range(plan.inputs + 1)] for _ in plan.units] for plan in program.layers]
    return gradient_sizes(layers, [(inputs, target) for inputs, (target,) in rows])


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
