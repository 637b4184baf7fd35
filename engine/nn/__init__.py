"""What a network is made of: neurons, losses, optimisers. Knows Value; must not know how training is stepped."""

from .mlp import MLP, Layer, Module, Neuron

__all__ = ["MLP", "Layer", "Module", "Neuron"]
