"""Numbers of a set-up, drawn anew. Must not know what they are asked about."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from ...training.setup.settings import KNOBS
from .lesson import Range


def drawn(ranges: Mapping[str, Range], seed: str) -> dict[str, float]:
    """A number for each name, always the same for a seed."""
    source = random.Random(seed)
    numbers = {}
    for name, among in ranges.items():
        steps = int((among.most - among.least) / among.step + 1e-9)
        # Of what 0.1 + 2 · 0.1 has too many, nobody would type the digits.
        numbers[name] = float(f"{among.least + source.randint(0, steps) * among.step:.12g}")
    return numbers


def redrawn(setup: Sequence[str], numbers: Mapping[str, float]) -> tuple[tuple[str, ...], dict[str, float]]:
    """The words of a command line with numbers in place of its own, `a=3` of an expression or `--seed 3`; and those
    numbers that are neither: they are of parameters, and set by hand.
    """
    words, parameters = list(setup), {}
    for name, number in numbers.items():
        digits, option = f"{number:.12g}", f"--{name.replace('_', '-')}"
        leaves = [place for place, word in enumerate(words) if words[0] == "expr" and word.startswith(f"{name}=")]
        if leaves:
            words[leaves[0]] = f"{name}={digits}"
        elif option in words[:-1]:
            words[words.index(option) + 1] = digits
        elif name in KNOBS:
            words += [option, digits]
        else:
            parameters[name] = number
    return tuple(words), parameters
