"""Seeded clouds and curves, every draw from the caller's generator. Must not know examples or files."""

from __future__ import annotations

import math
import random

from .split import Row


def moons(n: int, noise: float, rng: random.Random) -> list[Row]:
    """Two interleaving half circles; n points of 2 inputs, class 0 (upper arc) and class 1 (lower) in turns.

    `noise` is the standard deviation added to each coordinate; the arcs have radius 1.
    Source: scikit-learn, `sklearn.datasets.make_moons`.
    """
    rows: list[Row] = []
    for index, label, share in _in_turns(n):
        angle = math.pi * index / max(1, share - 1)
        x, y = math.cos(angle), math.sin(angle)
        if label:
            x, y = 1 - x, 0.5 - y
        rows.append(((x + rng.gauss(0, noise), y + rng.gauss(0, noise)), float(label)))
    return rows


def circles(n: int, noise: float, rng: random.Random) -> list[Row]:
    """A ring of radius 1 (class 0) about a ring of radius 0.5 (class 1), in turns; n points of 2 inputs.

    `noise` is the standard deviation added to each coordinate.
    Source: scikit-learn, `sklearn.datasets.make_circles`.
    """
    rows: list[Row] = []
    for index, label, share in _in_turns(n):
        angle = 2 * math.pi * index / share
        radius = 0.5 if label else 1.0
        x, y = radius * math.cos(angle), radius * math.sin(angle)
        rows.append(((x + rng.gauss(0, noise), y + rng.gauss(0, noise)), float(label)))
    return rows


def gauss(n: int, noise: float, rng: random.Random) -> list[Row]:
    """Two round blobs about (-2, -2), class 0, and (2, 2), class 1, in turns; n points of 2 inputs.

    `noise` is each blob's standard deviation. Source: TensorFlow Playground, `classifyTwoGaussData`.
    """
    rows: list[Row] = []
    for _, label, _ in _in_turns(n):
        centre = 2.0 if label else -2.0
        rows.append(((rng.gauss(centre, noise), rng.gauss(centre, noise)), float(label)))
    return rows


def spiral(n: int, noise: float, rng: random.Random) -> list[Row]:
    """Two arms of 1.75 turns that wind about each other out to radius 5, in turns; n points of 2 inputs.

    `noise` is the largest shift of a coordinate, drawn uniformly.
    Source: TensorFlow Playground, `classifySpiralData`.
    """
    rows: list[Row] = []
    for index, label, share in _in_turns(n):
        radius = 5 * index / share
        angle = 1.75 * 2 * math.pi * index / share + (math.pi if label else 0.0)
        x = radius * math.sin(angle) + rng.uniform(-noise, noise)
        y = radius * math.cos(angle) + rng.uniform(-noise, noise)
        rows.append(((x, y), float(label)))
    return rows


def plane(n: int, noise: float, rng: random.Random) -> list[Row]:
    """A tilted plane to regress on, (x + y) / 2 over the square [-1, 1]²; n rows of 2 inputs.

    `noise` is the standard deviation added to the target, which without it lies in [-1, 1].
    Source: TensorFlow Playground, `regressPlane`, scaled from [-6, 6]² to the unit square.
    """
    rows: list[Row] = []
    for _ in range(n):
        x, y = rng.uniform(-1, 1), rng.uniform(-1, 1)
        rows.append(((x, y), (x + y) / 2 + rng.gauss(0, noise)))
    return rows


def sine(n: int, noise: float, rng: random.Random) -> list[Row]:
    """One wave to regress on, y = sin(x) for x drawn from [-pi, pi]; n rows of 1 input, smallest x first.

    `noise` is the standard deviation added to the target.
    """
    inputs = sorted(rng.uniform(-math.pi, math.pi) for _ in range(n))
    return [((x,), math.sin(x) + rng.gauss(0, noise)) for x in inputs]


def _in_turns(n: int) -> list[tuple[int, int, int]]:
    """For each of n points: its index within its class, its class (0, 1, 0, ...), and that class's size.

    Classes take turns so that any run of neighbours, such as the first rows on the screen, has both.
    """
    sizes = ((n + 1) // 2, n // 2)
    return [(k // 2, k % 2, sizes[k % 2]) for k in range(n)]
