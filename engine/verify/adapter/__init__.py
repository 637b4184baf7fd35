"""How somebody else's engine is used: its class, its numbers, its graph, its networks. Knows names and shapes that
people give these things; must not know what is right.

To read the graph of a node at hand, `Reading.of` is enough; it makes nothing. `adapt` makes small expressions to find
out how an engine is used.
"""

from .adapter import Adapter, NoEngineError, adapt, backward_name, classes
from .network import Network
from .reading import Reading, UnreadableError

__all__ = [
    "Adapter",
    "Network",
    "NoEngineError",
    "Reading",
    "UnreadableError",
    "adapt",
    "backward_name",
    "classes",
]
