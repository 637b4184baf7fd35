"""What tests of scripts share: one that runs. Must not know what is recorded of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from chainstep.tui.scripts.running import How, Ran, run

Script = Callable[..., Ran]
"""(text, or the texts of a notebook's cells, arguments) -> what came of it."""


def written(path: Path, *texts: str) -> Path:
    """A script, or with another ending than `.py` a notebook of these cells."""
    cells = [{"cell_type": "code", "source": dedent(text).strip().splitlines(keepends=True)} for text in texts]
    path.write_text(dedent(texts[0]).lstrip() if path.suffix == ".py" else json.dumps({"cells": cells}))
    return path


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Runs a script in a folder of its own."""
    return lambda text, *arguments: run(written(tmp_path / "script.py", text), How(arguments))


@pytest.fixture
def notebook(tmp_path: Path) -> Script:
    """Runs a notebook of some cells."""
    return lambda *texts: run(written(tmp_path / "book.ipynb", *texts))


LECTURE = """
import math

class Value:
    def __init__(self, data, _children=(), _op='', label=''):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)
        self._op = _op
        self.label = label

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), '+')
        def _backward():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), '*')
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __radd__(self, other):
        return self + other

    def __pow__(self, other):
        out = Value(self.data ** other, (self,), f'**{other}')
        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad
        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), 'tanh')
        def _backward():
            self.grad += (1 - out.data ** 2) * out.grad
        out._backward = _backward
        return out

    def cube(self):
        out = Value(self.data ** 3, (self,), 'cube')
        def _backward():
            self.grad += 3 * self.data ** 2 * out.grad
        out._backward = _backward
        return out

    def backward(self):
        topo, visited = [], set()
        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build(child)
                topo.append(v)
        build(self)
        self.grad = 1.0
        for v in reversed(topo):
            v._backward()
"""
"""An engine as people write it in the lecture."""
