"""chainstep.engine: scalar automatic differentiation in pure Python. Knows no file, clock, thread or screen."""

from .nn import MLP, Layer, Neuron
from .value import Value

__all__ = ["MLP", "Layer", "Neuron", "Value"]
