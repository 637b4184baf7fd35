"""Goes forward through a network's layers in the memory of its tape: what each neuron sums up and gives, with the bits
of the tape's own ops, of which there are many more. Knows tapes and recognised layers; must not know plans or samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...autograd.replay import Instruction, forward
from ...autograd.tape import Memory, Tape
from ..recognition import Dense, Network
from .matrices import Tiles, combined, tiled


class Sums:
    """A network's layers with these parameters."""

    def __init__(self, tape: Tape, network: Network, parameters: Sequence[float]) -> None:
        self._layers = [(layer, _weights(layer, parameters), [*_activations(layer, tape)]) for layer in network.layers]

    def forward(self, memory: Memory) -> None:
        """Put the sums and the outputs of all neurons where they belong, by the inputs that are there. The products in
        between stay as they are.
        """
        data = memory.data
        for layer, weights, activations in self._layers:
            sums = combined(-0.0, weights, [*(data[slot] for slot in layer.inputs), 1.0])
            for slot, total in zip(layer.sums, sums, strict=True):
                data[slot] = total
            forward(activations, data, memory.grad)


def _weights(layer: Dense, parameters: Sequence[float]) -> Tiles:
    """A row of weights for each input, and one of biases."""
    start, stop, step = layer.parameters.start, layer.parameters.stop, len(layer.inputs) + 1
    return tiled(parameters, [range(at, stop, step) for at in range(start, start + step)])


def _activations(layer: Dense, tape: Tape) -> Iterator[Instruction]:
    """The instructions that make outputs of sums."""
    if layer.activation is not None:
        yield from (tape.program[slot - tape.first] for slot in layer.outputs)
