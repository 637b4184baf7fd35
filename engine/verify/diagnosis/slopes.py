"""Derivatives that people write where another belongs. Knows formulas and their words; must not know ops' right ones.

Each is a formula in a, b (the inputs) and y (the result), as in the table of ops.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from ...autograd.ops.ieee import NAMESPACE

Formula = Callable[[float, float, float], float]

UNARY: Mapping[str, str] = {
    "1.0": "1, whatever its input is",
    "y": "its output",
    "a": "its input",
    "1.0 - y * y": "tanh's, 1 − output²",
    "1.0 - a * a": "1 − input²: tanh's is 1 − output²",
    "1.0 - tanh(y) * tanh(y)": "1 − tanh(output)²: the tanh is taken twice",
    "1.0 - tanh(a) * tanh(a)": "tanh's, 1 − tanh²",
    "1.0 + y * y": "1 + output²",
    "1.0 - y": "1 − output, without the square",
    "y * y": "output²",
    "y * y - 1.0": "output² − 1: the other way round",
    "y * (1.0 - y)": "sigmoid's, output·(1 − output)",
    "a * (1.0 - a)": "input·(1 − input): sigmoid's is of its output",
    "sigmoid(a) * (1.0 - sigmoid(a))": "sigmoid's",
    "sigmoid(y) * (1.0 - sigmoid(y))": "sigmoid's of the output: the sigmoid is taken twice",
    "y * (1.0 + y)": "output·(1 + output)",
    "1.0 if a > 0.0 else 0.0": "relu's",
    "1.0 if y > 0.0 else 0.0": "relu's of the output",
    "0.0 if a > 0.0 else 1.0": "relu's the wrong way round",
    "y if a > 0.0 else 0.0": "the output where the input is above 0: relu's is 1 there",
    "exp(a)": "exp's",
    "exp(y)": "exp's of the output: the exponential is taken twice",
    "log(a)": "the logarithm itself",
    "divide(1.0, a)": "log's, 1/input",
    "divide(1.0, y)": "1/output",
    "divide(-1.0, a)": "−1/input",
    "divide(1.0, a * a)": "1/input²",
    "a * y": "input·output",
    "a * exp(a - 1.0)": "that of a power, n·x**(n − 1)",
    "sin(a)": "the sine",
    "cos(a)": "the cosine",
    "2.0 * a": "that of a square",
    "2.0 * y": "twice its output",
}
"""Of ops with one input."""

BINARY: Mapping[str, str] = {
    "1.0": "1, whatever its inputs are",
    "a": "the first input",
    "b": "the second input",
    "y": "the output",
    "a * b": "the product of the inputs",
    "a + b": "the sum of the inputs",
    "divide(1.0, b)": "1/second",
    "divide(1.0, a)": "1/first",
    "divide(a, b)": "first/second",
    "divide(-a, b)": "−first/second, without the square",
    "divide(a, b * b)": "first/second², without the minus",
    "divide(-1.0, b * b)": "−1/second², without the first input",
    "divide(1.0, b * b)": "1/second²",
    "divide(-a, b * b)": "−first/second²",
    "divide(-b, a * a)": "−second/first²: the inputs are swapped",
    "divide(b, a * a)": "second/first²",
    "b * power(a, b)": "n·xⁿ: the exponent is not lowered",
    "power(a, b - 1.0)": "xⁿ⁻¹: the factor n is missing",
    "b * a": "n·x: the power is missing",
    "(b - 1.0) * power(a, b)": "(n − 1)·xⁿ",
    "(b - 1.0) * power(a, b - 1.0)": "(n − 1)·xⁿ⁻¹",
    "b * power(a, b + 1.0)": "n·xⁿ⁺¹: the exponent is raised, not lowered",
    "a * power(b, a - 1.0)": "x·nˣ⁻¹: base and exponent are swapped",
    "y * log(b)": "y·log of the exponent",
    "log(a)": "log of the base, without the power",
    "b * power(a, b - 1.0)": "n·xⁿ⁻¹, the base's",
}
"""Of ops with two inputs; of a power, x is the first and n the second."""


VALUES: Mapping[str, str] = {
    "log(a) / log(10.0)": "the logarithm to base 10",
    "log(a) / log(2.0)": "the logarithm to base 2",
    "log(1.0 + a)": "the logarithm of 1 + x",
    "power(10.0, a)": "10 to the power of x",
    "power(2.0, a)": "2 to the power of x",
    "exp(-a)": "the exponential of −x",
    "expm1(a)": "e^x − 1",
    "exp(2.0 * a)": "e^2x",
    "sigmoid(-a)": "the sigmoid of −x",
    "1.0 + exp(-a)": "1 + e^−x, without 1 over it",
    "tanh(0.5 * a)": "the tanh of x/2",
    "-tanh(a)": "−tanh",
    "divide(exp(a) - 1.0, exp(a) + 1.0)": "(e^x − 1)/(e^x + 1): tanh has 2x there",
    "a": "x itself",
    "-a": "−x",
    "0.0 if a > 0.0 else a": "min(0, x)",
    "1.0 if a > 0.0 else 0.0": "a step",
    "a * a": "x²",
}
"""What is computed where another function is asked for."""


@cache
def function(formula: str) -> Formula:
    """A formula as a function. Only the formulas of this file ever come here."""
    made: Formula = eval(f"lambda a, b, y: {formula}", dict(NAMESPACE))
    return made
