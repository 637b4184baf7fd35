"""Engines that people write, found in a mapping of names. Knows names and shapes that were met; judges no number."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from chainstep.engine import MLP, Value
from chainstep.engine.verify.adapter import NoEngineError, adapt
from chainstep.engine.verify.adapter.adapter import backward_name, classes
from support.cases import each

MINE = """
class {name}:
    def __init__(self, data, {more}):
        self.data, self.grad, self.{children}, self._back = data, {zero}, {kept}, lambda: None
    def __add__(self, other):
        return {name}(self.data + other.data, {made})
    def __mul__(self, other):
        out = {name}(self.data * other.data, {made})
        def back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._back = back
        return out
    def reLU(self):
        return {name}(max(0, self.data), {made_of_one})
    def {backward}(self, {seed}):
        self.grad = 1.0
        self._back()
"""
SHAPES: list[dict[str, str]] = [
    {},
    {"name": "Scalar", "backward": "backprop"},
    {"name": "Mine", "children": "kids", "kept": "tuple(inputs)"},
    {"more": "requires_grad=False, inputs=()", "made": "True, (self, other)", "made_of_one": "True, (self,)"},
    {"more": "inputs", "zero": "None if not inputs else 0"},
    {"seed": "grad"},
]


def engine(shape: dict[str, str]) -> dict[str, Any]:
    usual = {"name": "Value", "more": "inputs=()", "children": "_prev", "kept": "set(inputs)", "zero": "0"}
    usual |= {"made": "(self, other)", "made_of_one": "(self,)", "backward": "backward", "seed": ""}
    found: dict[str, Any] = {}
    exec(MINE.format(**usual | shape), found)
    return found


@each("shape", SHAPES)
def test_an_engine_is_found_and_used_without_being_told_how(shape: dict[str, str]) -> None:
    if "zero" in shape:
        shape = shape | {"zero": "0.0"}
    adapter = adapt(engine(shape))
    a, b = adapter.make(3.0), adapter.make(2)
    product = a * b
    adapter.backward(product)

    assert adapter.name == shape.get("name", "Value")
    assert adapter.backward_name == shape.get("backward", "backward")
    assert (adapter.data(product), adapter.grad(a), adapter.grad(b)) == (6.0, 2.0, 3.0)
    assert adapter.inputs(product) == (a, b)
    assert adapter.data(adapter.functions["relu"](adapter.make(-1.0))) == 0.0
    assert "tanh" not in adapter.functions
    adapter.zero([a])
    assert adapter.grad(a) == 0.0


def test_our_own_is_an_engine_like_any_other() -> None:
    adapter = adapt({"Value": Value, "MLP": MLP})
    assert adapter.network is not None
    network = adapter.network.make(3, (4, 4, 1))

    assert {"relu", "tanh", "exp", "log", "sigmoid", "sqrt"} <= adapter.functions.keys()
    assert len(adapter.network.parameters(network)) == 41
    assert [type(each) for each in adapter.network.outputs(network, [1.0, 2.0, 3.0])] == [Value]


def test_functions_and_backward_may_be_functions_of_a_node() -> None:
    class Bare(Value):
        backward: Any = None
        tanh: Any = None
        log: Any = None

    found = {"Value": Bare, "backprop": lambda root: Value.backward(root), "tanh": math.tanh, "ln": lambda x: x * x}
    adapter = adapt(found)
    a = adapter.make(3.0)
    adapter.backward(a * a)

    assert adapter.backward_name == "backprop"
    assert adapter.grad(a) == 6.0
    assert adapter.data(adapter.functions["log"](a)) == 9.0
    assert "tanh" not in adapter.functions


@each(
    ("found", "wanted", "words"),
    [
        ({"Node": type("Node", (Value,), {"__init__": lambda self: None})}, None, "Node: cannot be made of a number"),
        ({"sqrt": math.sqrt, "Fraction": Fraction, "int": int}, None, "no class with"),
        ({"Value": Value}, "Tensor", "no class 'Tensor'"),
        (
            {"Vector": type("Vector", (), {"__add__": print, "__mul__": print})},
            None,
            r"Vector: has no backward\(\)",
        ),
    ],
)
def test_why_there_is_no_engine_is_said(found: dict[str, object], wanted: str | None, words: str) -> None:
    with pytest.raises(NoEngineError, match=words):
        adapt(found, wanted)


def test_classes_are_found_without_making_anything() -> None:
    class Other:
        def __init__(self, *given: object) -> None:
            raise AssertionError

        __add__ = __mul__ = __init__

    found = {"Other": Other, "Again": Value, "Value": Value}

    assert classes(found) == [Value, Other]
    assert classes(found, "Other") == [Other]
    assert (backward_name(Value), backward_name(Other)) == ("backward", None)
