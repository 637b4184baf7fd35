"""One neuron close up, as the screen may see it. Must not know Values or tapes."""

from __future__ import annotations

from collections.abc import Mapping

from ...records import record
from ..setup.units import Said


@record
class NeuronOp:
    """One op of a neuron with m inputs."""

    step: str
    """`multiply`, `add`, `bias`, `activate`; or `parameter`, where it clears a gradient or updates."""
    row: int
    """The input whose product, weight or term it is about; m for bias and activation."""
    phase: str


@record(eq=False)
class NeuronView:
    """One neuron with m inputs, on the sample that is in memory, as far as it has been computed: None stands where a
    number is yet to come. Gradients of parameters are always there; the others come with the sample's backward.
    """

    layer: int
    neuron: int
    """Both from 0."""
    sample: int | None
    """Number in its batch, from 1, of the sample whose numbers these are; of one that is looked at, in the data. None
    for an expression.
    """
    activation: str
    names: tuple[str, ...]
    """m names of what feeds it: features, or neurons."""
    inputs: tuple[float | None, ...]
    """Before anything has been computed, those of the sample that will be first."""
    input_grads: tuple[float | None, ...]
    weights: tuple[float, ...]
    """As they were when it was summed: behind an update they are those before it, as the nodes are."""
    weight_grads: tuple[float, ...]
    products: tuple[float | None, ...]
    product_grads: tuple[float | None, ...]
    added: int
    """How many products the running sum has."""
    running: float | None
    """Σ input·weight, as far as it has been added up."""
    running_grad: float | None
    """Of the sum of all products."""
    bias: float | None
    """None where it has none."""
    bias_grad: float | None
    sum: float | None
    """Σ input·weight + bias."""
    sum_grad: float | None
    output: float | None
    output_grad: float | None
    slope: float | None
    """Of the activation at the sum."""
    done: NeuronOp | None
    """The op that was run last, where it is one of this neuron."""
    coming: NeuronOp | None
    """The op that comes next, likewise."""
    rows: Mapping[int, int]
    """The row of each parameter of it, by its index in the model: that of its input, or m for the bias."""
    curve: tuple[tuple[float, float], ...]
    """(sum, output) along the activation, in even steps over a round range that holds the sum."""
    place: tuple[float, float] | None
    """Where the sample lies on a map; None where the data has not two inputs, or nothing has been computed."""
    looked_at: bool = False
    """It is not the sample in hand: see `NetworkView`."""
    columns: tuple[Said, ...] = ()
    """The columns of the data's table that feed it: see `NetworkView`; none for neurons that others feed."""
