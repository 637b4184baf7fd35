"""Networks from elsewhere: from tensors and from scripts, to the bit; what cannot be stepped is told. Knows files."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets import Dataset
from chainstep.engine.nn.mlp import ACTIVATIONS
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.tui.exchange.errors import ExchangeError
from chainstep.tui.exchange.export import exported
from chainstep.tui.exchange.reading import read_network
from chainstep.tui.exchange.tensors import Tensor, written
from support.cases import each

names = [name for name in ACTIVATIONS if name != "linear"]


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Any shape, any activation a layer, any finite weights."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    data = Dataset("d", tuple(f"x{i}" for i in range(sizes[0])), "y", (), ((0.5,) * sizes[0],), (1.0,))
    activations = draw(st.lists(st.sampled_from([*ACTIVATIONS]), min_size=len(sizes) - 1, max_size=len(sizes) - 1))
    settings = Settings(hidden=tuple(sizes[1:-1]), activations=tuple(activations), loss="mse")
    count = len(Session(data, settings).parameters)
    floats = st.floats(allow_nan=False, allow_infinity=False)
    return Session(data, settings, draw(st.lists(floats, min_size=count, max_size=count)))


@given(session=sessions())
def test_there_and_back_no_bit_is_lost(session: Session, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "there.safetensors"
    path.write_bytes(exported(session, "safetensors"))
    network = read_network(str(path))
    assert [number.hex() for number in network.parameters] == [number.hex() for number in session.parameters]
    assert (network.hidden, network.activations) == (session.settings.hidden, session.settings.activations)


def tensors(folder: Path, layers: dict[str, Tensor], **metadata: str) -> str:
    path = folder / "net.safetensors"
    path.write_bytes(written(layers, metadata))
    return str(path)


TWO = {
    "fc10.weight": Tensor((1, 2), (0.5, -0.25)),
    "fc10.bias": Tensor((1,), (3.0,)),
    "fc9.weight": Tensor((2, 2), (1.0, 2.0, 3.0, 4.0)),
}


def test_tensors_that_say_no_activations_take_them_from_the_words(tmp_path: Path) -> None:
    path = tensors(tmp_path, TWO)
    network = read_network(path, ["tanh"])
    assert network.activations == ("tanh", "linear")
    assert network.parameters == (1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.5, -0.25, 3.0)
    assert (network.unbiased, network.missing) == ((1,), (2, 5))
    assert read_network(path, ["silu", "sigmoid"]).activations == ("silu", "sigmoid")
    alone = tensors(tmp_path, {name: tensor for name, tensor in TWO.items() if "10" in name})
    assert read_network(alone).activations == ("linear",)


@each(
    ("layers", "metadata", "activations", "says"),
    [
        (TWO, {}, [], "does not say its activations: --activation relu"),
        (TWO, {}, ["relu", "relu", "relu"], "2 layers need 2 activations, not 3"),
        (TWO, {}, ["sine"], "'sine' is none of tanh, relu"),
        (TWO, {"activations": "{"}, [], "no list of names"),
        (TWO, {"activations": "[1, 2]"}, [], "no list of names"),
        ({}, {}, [], "no linear layer"),
        ({"0.weight": Tensor((2,), (1.0, 2.0))}, {}, [], "'0' is no linear layer"),
        ({"0.running_mean": Tensor((1, 1), (1.0,))}, {}, [], "'0' is no linear layer"),
        ({"0.weight": Tensor((0, 3), ())}, {}, [], "0 has no weights"),
        ({"0.weight": Tensor((1, 1), (float("nan"),))}, {}, [], "not finite"),
        ({"0.weight": Tensor((2, 1), (1.0, 2.0)), "0.bias": Tensor((1,), (1.0,))}, {}, [], "not a bias for each"),
        ({**TWO, "fc9.weight": Tensor((3, 1), (1.0,) * 3)}, {}, ["relu"], "layer 2 takes 2 inputs, and the one"),
    ],
)
def test_tensors_that_are_no_such_network(
    tmp_path: Path, layers: dict[str, Tensor], metadata: dict[str, str], activations: list[str], says: str
) -> None:
    path = tensors(tmp_path, layers, **metadata)
    with pytest.raises(ExchangeError, match=says) as told:
        read_network(path, activations)
    assert str(told.value).startswith(f"{path}: ")
    assert "\n" not in str(told.value)


def test_files_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_text("")
    with pytest.raises(ExchangeError, match="there is no such file"):
        read_network(str(tmp_path / "none.py"))
    with pytest.raises(ExchangeError, match=r"from a \.py that builds an nn\.Sequential"):
        read_network(str(tmp_path / "net.onnx"))
    (tmp_path / "net.py").write_text("")
    with pytest.raises(ExchangeError, match="says its activations itself"):
        read_network(str(tmp_path / "net.py"), ["relu"])


_TORCH = """
class Numbers(list):
    detach = double = lambda self: self
    flatten = lambda self: Numbers(n for row in self for n in row)
    tolist = lambda self: list(self)

class Linear:
    def __init__(self, rows, bias=None):
        self.weight, self.in_features = Numbers(rows), len(rows[0])
        self.bias = None if bias is None else Numbers(bias)

class Sequential(list):
    def __init__(self, *modules):
        super().__init__(modules)

class Activation:
    def __init__(self, **settings):
        self.__dict__.update(settings)

class ReLU(Activation): pass
class LeakyReLU(Activation): pass
class Identity(Activation): pass
class Dropout(Activation): pass
"""
"""As much of torch as is asked."""


@pytest.fixture
def torch(tmp_path: Path) -> Path:
    """A folder in which scripts find a torch."""
    (tmp_path / "torch" / "nn").mkdir(parents=True)
    (tmp_path / "torch" / "__init__.py").write_text("from . import nn\n")
    (tmp_path / "torch" / "nn" / "__init__.py").write_text("from .modules import *\n")
    (tmp_path / "torch" / "nn" / "modules.py").write_text(_TORCH)
    return tmp_path


def built(folder: Path, text: str) -> str:
    path = folder / "net.py"
    path.write_text(text)
    return str(path)


def test_a_script_builds_a_network_in_a_process_of_its_own(torch: Path) -> None:
    text = """
import sys
from torch import nn
print("training", sys.argv[1:])
inner = nn.Sequential(nn.Linear([[0.1, -2.0]]), nn.ReLU())
model = nn.Sequential(inner, nn.Identity(), nn.Linear([[0.5], [1e-300]], [3.0, 4.0]), nn.LeakyReLU(negative_slope=0.01))
again = model
if __name__ == "__main__":
    sys.exit(3)
"""
    network = read_network(built(torch, text) + ":model")
    assert network.activations == ("relu", "leaky_relu")
    assert network.parameters == (0.1, -2.0, 0.0, 0.5, 3.0, 1e-300, 4.0)
    assert network.unbiased == (1,)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1", "it does not import torch"),
        ("import torch", "no nn.Sequential among its names"),
        ("import missing_one", "it needs missing_one, which .* has not: name another with --python"),
        ("from torch.nn import *\na = Sequential()\n1 / 0", "line 3: ZeroDivisionError: division by zero"),
        ("from torch.nn import *\na = Sequential(Dropout())", "Dropout cannot be stepped: layers are Linear, ReLU"),
        (
            "from torch.nn import *\na = Sequential(Linear([[1.0]]), LeakyReLU(negative_slope=0.2))",
            "negative_slope=0.2",
        ),
        ("from torch.nn import *\na = Sequential(ReLU())", "relu does not come behind a linear layer"),
        ("from torch.nn import *\na, b = Sequential(), Sequential()", "it has several: name one, as FILE.py:a"),
        ("import os, torch\nos._exit(5)", "ended with status 5"),
    ],
)
def test_a_script_that_builds_none(torch: Path, text: str, says: str) -> None:
    with pytest.raises(ExchangeError, match=says):
        read_network(built(torch, text))


def test_torch_itself_there_and_back(tmp_path: Path) -> None:
    if importlib.util.find_spec("torch") is None:
        pytest.skip("torch is not installed")
    settings: dict[str, Any] = {"activations": ("gelu", "softplus", "tanh"), "hidden": (3, 2), "loss": "mse"}
    data = Dataset("d", ("a", "b"), "y", (), ((0.5, -1.0),), (1.0,))
    session = Session(data, Settings(**settings))
    path = tmp_path / "net.py"
    path.write_bytes(exported(session, "pytorch"))
    network = read_network(str(path))
    assert [number.hex() for number in network.parameters] == [number.hex() for number in session.parameters]
    assert network.activations == settings["activations"]
    assert json.dumps(network.hidden) == "[3, 2]"
