"""What mistakes do, in a run's own numbers. Knows runs and the evaluator; must not know the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import mul

from ...autograd.value import Value
from ...nn.mlp import ACTIVATIONS
from ..run.run import Run
from ..step.evaluate import Evaluator, differ
from ..step.program import Program
from .gradient_check import gradient_origin

_MOST_OPS = 400_000
"""Ops of a batch beyond which nothing is proved: people do not wait for it."""

_TERMS = 4
"""Longer lines are written with an ellipsis."""


def proof(name: str, run: Run) -> str | None:
    """One line that shows what a mistake does, in the numbers of this moment; None where there are none yet."""
    return _PROOFS[name](run)


# --- wrong gradients


def _piled_up(run: Run) -> str | None:
    found = _most_wrong(run, right=False)
    return found and "{}.grad is {}, this step alone gives {}".format(*found)


def _against_chain_rule(run: Run) -> str | None:
    found = _most_wrong(run, right=True)
    return found and "{}.grad is {}, the chain rule gives {}".format(*found)


def _added_twice(run: Run) -> str | None:
    found = _most_wrong(run, right=True)
    return found and "{}.grad is {}, one backward() gives {}".format(*found)


def _most_wrong(run: Run, *, right: bool) -> tuple[str, str, str] | None:
    """The parameter whose gradient differs most from what it should be: its name, and both."""
    made = gradient_origin(run)
    if made is None or not _quick(run.stepper.program, made[1]):
        return None
    parameters, batch = made
    expected = Evaluator(run.stepper).gradients(parameters, batch, right=right)
    pairs = list(zip(run.gradients, expected, strict=True))
    index = max(range(len(pairs)), key=lambda p: abs(pairs[p][0] - pairs[p][1]))
    real, should = pairs[index]
    if not differ(real, should):
        return None
    return run.stepper.program.labels[index], f"{real + 0.0:.4g}", f"{should + 0.0:.4g}"


def _quick(program: Program, batch: Sequence[int]) -> bool:
    return len(batch) * len(program.tape) <= _MOST_OPS


# --- the other mistakes


def _climbed(run: Run) -> str | None:
    stepper, state = run.stepper, run.state
    before_update = state.op < stepper.timeline(state).backward_end
    if not state.step or not before_update or run.history.edited((state.step - 1, 1), run.position):
        return None
    batch = stepper.previous_batch(state)
    if not _quick(stepper.program, batch):
        return None
    now, _ = Evaluator(stepper).measure(run.parameters, tuple(stepper.program.samples[index] for index in batch))
    return f"loss {run.history.loss[state.step - 1]:.4g} → {now:.4g} by the last update"


def _alike(run: Run) -> str | None:
    state, layers = run.state, run.stepper.program.layers
    known = state.step or state.op >= run.stepper.timeline(state).backward_end
    number = next((n for n, layer in enumerate(layers, start=1) if len(layer.units) > 1), None)
    if not known or number is None:
        return None
    layer = layers[number - 1]
    width = layer.inputs + 1
    starts = (layer.first_parameter + n * width for n in range(len(layer.units)))
    gradients = {run.gradients[start : start + width] for start in starts}
    plural = "" if len(gradients) == 1 else "s"
    dead = ", and it is 0" if gradients == {(0.0,) * width} else ""
    return f"{len(layer.units)} neurons in layer {number}, {len(gradients)} distinct gradient{plural}{dead}"


def _at_origin(run: Run) -> str | None:
    program = run.stepper.program
    if any(run.parameters[index] for index in program.biases):
        return None
    outputs = Evaluator(run.stepper).predict(run.parameters, [0.0] * len(program.inputs)).outputs
    # What an activation makes of 0, as a sigmoid does 0.5, is weighed by what comes behind it.
    fixed = all(ACTIVATIONS[layer.activation](Value(0.0)).data == 0.0 for layer in program.layers[:-1])
    says = ", ".join(f"{output:.4g}" for output in outputs)
    return f"at x = 0 the network says {says}, {'whatever its weights' if fixed else 'and no bias can move it'}"


def _one_line(run: Run) -> str | None:
    """The layers multiplied out, for the first output."""
    program = run.stepper.program
    count = len(program.inputs)
    rows = [[float(i == j) for j in range(count + 1)] for i in range(count)]
    for layer in program.layers:
        width, row = layer.inputs + 1, list(run.parameters[layer.first_parameter :])
        neurons = [row[n * width : (n + 1) * width] for n in range(len(layer.units))]
        rows = [_weighted(neuron, rows) for neuron in neurons]
    names = [program.slots.values[slot].label for slot in program.inputs]
    terms = [f"{_signed(weight)}·{name}" for weight, name in zip(rows[0], names, strict=False)]
    terms = terms[:_TERMS] + ["+ …"] * (len(terms) > _TERMS) + [_signed(rows[0][-1])]
    output = program.slots.values[program.outputs[0]].label
    layers = f"{len(program.layers)} layers are one" if len(program.layers) > 1 else "the layer is a straight line"
    terms[0] = terms[0].removeprefix("+ ").replace("- ", "-")
    return f"{layers}: {output} = {' '.join(terms)}"


def _weighted(neuron: Sequence[float], rows: Sequence[Sequence[float]]) -> list[float]:
    """A neuron's sum of lines, each the inputs' weights and then a constant."""
    *weights, bias = neuron
    total = [sum(map(mul, weights, column)) for column in zip(*rows, strict=True)]
    return [*total[:-1], total[-1] + bias]


def _signed(number: float) -> str:
    return f"{'-' if number < 0.0 else '+'} {abs(number):.3g}"


ORDER = "order"
"""What an order of backward of one's own is called that is not right."""

_PROOFS: Mapping[str, Callable[[Run], str | None]] = {
    "no_zero_grad": _piled_up,
    "overwrite": _against_chain_rule,
    "unordered": _against_chain_rule,
    ORDER: _against_chain_rule,
    "twice": _added_twice,
    "flipped": _climbed,
    "zero_weights": _alike,
    "no_bias": _at_origin,
    "no_nonlinearity": _one_line,
}
