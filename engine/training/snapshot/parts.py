"""The parts of a snapshot that are made only where they are asked for. Must not know how they are made or drawn."""

from __future__ import annotations

from typing import Literal

Part = Literal[
    "event",
    "network",
    "graph",
    "parameters",
    "curve",
    "samples",
    "test",
    "next",
    "trace",
    "proof",
    "plot",
    "slope",
    "neuron",
    "code",
]
"""`test` measures the test samples anew, `proof` says what mistakes do; each other part is a field of a snapshot."""

DEFAULT_PARTS: frozenset[Part] = frozenset({"event", "network", "graph", "parameters", "curve", "samples", "test"})
"""The parts that are made where none are named."""
