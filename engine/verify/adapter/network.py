"""Somebody's multi-layer perceptron: found, called and read alike. Knows `MLP(nin, nouts)`; must not know training."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Any

from ...records import record
from . import names
from .reading import Reading


@record(eq=False)
class Network:
    """One class of networks.

    Whatever its code raises goes through.
    """

    cls: type
    make: Callable[[int, Sequence[int]], Any]
    """(inputs, neurons of each layer) -> a network."""
    reading: Reading

    def outputs(self, network: Any, inputs: Sequence[Any]) -> list[Any]:
        """The nodes of the last layer, in order; a bare one, and lists in lists, are unwrapped."""
        return list(_flat(network(inputs)))

    def leaves(self, network: Any) -> list[Any]:
        """Every node that a network has been made with, wherever it keeps it."""
        found: dict[int, Any] = {}
        seen: set[int] = set()
        stack = [network]
        while stack:
            held = stack.pop()
            if id(held) in seen:
                continue
            seen.add(id(held))
            if self.reading.is_node(held):
                found[id(held)] = held
            elif isinstance(held, (list, tuple, set)):
                stack.extend(held)
            elif isinstance(held, dict):
                stack.extend(held.values())
            elif isinstance(getattr(held, "__dict__", None), dict) and not isinstance(held, _CODE):
                stack.extend(vars(held).values())
        return list(found.values())

    def zero(self, network: Any) -> None:
        """What its `zero_grad` does.

        Raises:
            AttributeError: it has none.
        """
        network.zero_grad()

    def parameters(self, network: Any) -> list[Any]:
        """Every parameter, in the network's own order.

        Raises:
            AttributeError: it does not tell.
        """
        for name in names.PARAMETERS:
            held = getattr(network, name, None)
            if held is not None:
                return list(_flat(held() if callable(held) else held))
        raise AttributeError(f"{type(network).__name__} has no parameters()")


_CODE = (type, FunctionType, ModuleType)


def find_network(found: Mapping[str, object], reading: Reading) -> Network | None:
    """The multi-layer perceptron among these names, if there is one that can be made."""
    for name in names.NETWORKS:
        cls = found.get(name)
        if isinstance(cls, type):
            ways = _ways(cls)
            return Network(cls, next(filter(_works, ways), ways[0]), reading)
    return None


def _ways(cls: type) -> list[Callable[[int, Sequence[int]], Any]]:
    return [
        lambda nin, nouts: cls(nin, list(nouts)),
        lambda nin, nouts: cls([nin, *nouts]),
        lambda nin, nouts: cls(nin, *nouts),
        lambda nin, nouts: cls(nin, list(nouts[:-1]), nouts[-1]),
    ]


def _works(make: Callable[[int, Sequence[int]], Any]) -> bool:
    # Its weights are not to cost whoever asks numbers of his seed.
    state = random.getstate()
    try:
        network = make(2, (3, 1))
        return len(list(_flat(network([1.0, 2.0])))) == 1
    except Exception:
        return False
    finally:
        random.setstate(state)


def _flat(held: Any) -> Any:
    """The things in lists, tuples and iterators, one by one; a node is one thing, even with `__iter__`."""
    if isinstance(held, (list, tuple)) or hasattr(held, "__next__"):
        for each in held:
            yield from _flat(each)
    else:
        yield held
