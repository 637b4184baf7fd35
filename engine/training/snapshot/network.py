"""A network on one sample, as the screen may see it. Must not know Values, layers of the model or
tapes.
"""

from __future__ import annotations

from ...records import record
from ..setup.units import Said


@record
class Lit:
    """Which part of the network an op touches (layers and neurons count from 0)."""

    layer: int
    """One behind the last is the loss."""
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


@record
class LossView:
    """The loss behind the outputs: the sample's own or, where it stands in what belongs to all of them, the batch's."""

    samples: int
    """How many it is of."""
    data: float
    grad: float
    """∂loss/∂ it: of the batch's 1, from where backward begins on."""
    computed: bool


@record
class Own:
    """A prediction and its target in the target's own units."""

    name: str
    """What the data calls it."""
    prediction: float
    target: float


@record(eq=False)
class NetworkView:
    """The network on one sample."""

    sample: int | None
    """Number in its batch, from 1, of the sample whose numbers these are, or of one that is looked at its number in the
    data; None where nothing has been computed.
    """
    input_names: tuple[str, ...]
    inputs: tuple[float, ...]
    input_grads: tuple[float, ...]
    layers: tuple[LayerView, ...]
    output_names: tuple[str, ...]
    """One a neuron of the last layer: a class, or ŷ where there is one alone."""
    targets: tuple[float, ...]
    """What the loss compares the outputs with, one each; known before anything is computed."""
    computed: bool
    """False until a forward pass has begun: before that the inputs hold nothing to show."""
    lit: Lit | None
    """What the last op touched."""
    place: tuple[float, float] | None = None
    """Where the sample lies on a map; None where the data has not two inputs, or nothing has been computed."""
    row: int = 0
    """The sample's index in the training data; where nothing has been computed, that of the first one that will be."""
    row_inputs: tuple[float, ...] = ()
    """The inputs that the training data has for it."""
    looked_at: bool = False
    """It is not the sample in hand: the numbers are computed beside the training, with the parameters of now."""
    probabilities: tuple[float, ...] = ()
    """One a class, where the loss makes them of the outputs and those are known."""
    probable: bool = False
    """The loss makes probabilities of the outputs."""
    decision: int | None = None
    """Index of the class that is chosen; None for regression."""
    target: float | None = None
    """As the data gives it: a class's index, or a number."""
    loss: LossView | None = None
    coming: Lit | None = None
    """What the next op will touch."""
    own: Own | None = None
    """ŷ and y in the target's own units; None where those are the network's, or ŷ is not known."""
    columns: tuple[Said, ...] = ()
    """Those of the data's table, where it has units of its own and the inputs are made of nothing else. Before anything
    is computed they say what `row_inputs` do.
    """
