"""A network on one sample, and what it makes of an input, as the screen may see it. Must not know Values, layers of the
model or tapes.
"""

from __future__ import annotations

from ...records import record


@record
class Lit:
    """Which part of the network the last op touched (layers and neurons count from 0)."""

    layer: int
    neuron: int
    weight: int | None
    """The weight that was multiplied; None for sums and activations."""
    backward: bool


@record(eq=False)
class LayerView:
    """One layer of n neurons with m inputs each."""

    activation: str
    weights: tuple[tuple[float, ...], ...]
    """n rows of m."""
    biases: tuple[float, ...]
    weight_grads: tuple[tuple[float, ...], ...]
    bias_grads: tuple[float, ...]
    sums: tuple[float, ...]
    """Weighted sum of each neuron, before its activation."""
    data: tuple[float, ...]
    """Output of each neuron."""
    grad: tuple[float, ...]
    computed: int
    """How many of its neurons, from the first, have been computed: the others hold nothing to show yet."""
    first_parameter: int
    """Index of the first neuron's w0 in the model's parameters; a neuron has m weights and then its bias."""


@record(eq=False)
class NetworkView:
    """The network on one sample."""

    sample: int | None
    """Number in its batch, from 1, of the sample whose numbers these are; None where nothing has been computed."""
    input_names: tuple[str, ...]
    inputs: tuple[float, ...]
    input_grads: tuple[float, ...]
    layers: tuple[LayerView, ...]
    output_names: tuple[str, ...]
    """One a neuron of the last layer: a class, or the target's name."""
    targets: tuple[float, ...]
    computed: bool
    """False until a forward pass has begun: before that the inputs hold nothing to show."""
    lit: Lit | None
    place: tuple[float, float] | None = None
    """Where the sample lies on a map; None where the data has not two inputs, or nothing has been computed."""
    row: int = 0
    """The sample's index in the training data; where nothing has been computed, that of the first one that will be."""
    row_inputs: tuple[float, ...] = ()
    """The inputs that the training data has for it."""


@record(eq=False)
class Prediction:
    """What the network makes of one input."""

    inputs: tuple[float, ...]
    sums: tuple[float, ...]
    """The last layer before its activation."""
    outputs: tuple[float, ...]
    target: float | None
    """As the data gives it: a class's index, or a number; None where it is unknown."""
    decision: int | None
    """Index of the class that is chosen; None for regression."""
