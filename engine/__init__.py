"""chainstep.engine: scalar automatic differentiation in pure Python. Knows no file, clock, thread or screen."""

from .autograd.value import Value
from .nn.mlp import MLP, Layer, Module, Neuron

__all__ = ["MLP", "Layer", "Module", "Neuron", "Value"]
