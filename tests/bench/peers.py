"""The peers, each doing the same training: micrograd, PyTorch eager, NumPy by hand. Must not know chainstep."""

from __future__ import annotations

import importlib
import math
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from types import ModuleType
from typing import Any, NamedTuple

Samples = Sequence[tuple[tuple[float, ...], tuple[float, ...]]]
"""(inputs, targets) of each sample."""

Steps = Callable[[int], object]
"""Takes so many training steps."""

L2 = 1e-4


def module(name: str) -> ModuleType | None:
    """A peer's module, if it is installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _rate(k: int) -> float:
    """The demo's schedule: from 1.0 down to 0.1 over 100 steps."""
    return 1.0 - 0.9 * min(k, 99) / 100


def micrograd_moons(samples: Samples) -> Steps:
    """micrograd's demo notebook: its own MLP, loss, regularisation, accuracy and update."""
    engine: Any = importlib.import_module("micrograd.engine")
    nn: Any = importlib.import_module("micrograd.nn")
    random.seed(1337)
    model = nn.MLP(2, [16, 16, 1])
    done = 0

    def steps(count: int) -> list[float]:
        nonlocal done
        losses = []
        for _ in range(count):
            inputs = [list(map(engine.Value, row)) for row, _ in samples]
            scores = list(map(model, inputs))
            margins = [(1 + -y * score).relu() for (_, (y,)), score in zip(samples, scores, strict=True)]
            data_loss = sum(margins) * (1.0 / len(margins))
            total = data_loss + L2 * sum(p * p for p in model.parameters())
            right = [(y > 0) == (score.data > 0) for (_, (y,)), score in zip(samples, scores, strict=True)]
            model.zero_grad()
            total.backward()
            for p in model.parameters():
                p.data -= _rate(done) * p.grad
            done += 1
            losses.append(total.data + 0.0 * sum(right))
        return losses

    return steps


def micrograd_lecture(samples: Samples) -> Steps:
    """The lecture's loop on micrograd's neurons; tanh, which the package lacks, is the lecture's own few lines."""
    engine: Any = importlib.import_module("micrograd.engine")
    nn: Any = importlib.import_module("micrograd.nn")

    def tanh(x: Any) -> Any:
        t = math.tanh(x.data)
        out = engine.Value(t, (x,), "tanh")

        def backward() -> None:
            x.grad += (1 - t**2) * out.grad

        out._backward = backward
        return out

    random.seed(1337)
    model = nn.MLP(len(samples[0][0]), [4, 4, 1])

    def predict(row: Sequence[float]) -> Any:
        values: Any = row
        for layer in model.layers:
            values = [tanh(sum((w * x for w, x in zip(n.w, values, strict=True)), n.b)) for n in layer.neurons]
        return values[0]

    def steps(count: int) -> None:
        for _ in range(count):
            loss = sum((predict(row) - y) ** 2 for row, (y,) in samples)
            model.zero_grad()
            loss.backward()
            for p in model.parameters():
                p.data -= 0.1 * p.grad

    return steps


def torch_moons(samples: Samples) -> Steps:
    """PyTorch eager, the whole batch as tensors."""
    return torch_steps(Net([16, 16, 1], "relu", "hinge"), samples, _rate)


def torch_lecture(samples: Samples) -> Steps:
    """The lecture's loop in PyTorch eager, the whole batch as tensors."""
    return torch_steps(Net([4, 4, 1], "tanh", "squares"), samples)


class Net(NamedTuple):
    """The neurons of each layer, what they make of their sums (`relu` or `tanh`, but for the last), and the loss:
    `hinge` with a penalty, `softmax`, or `squares`, which has tanh in the last layer too.
    """

    sizes: Sequence[int]
    activation: str
    loss: str


def torch_steps(net: Net, samples: Samples, rate: Callable[[int], float] = lambda _: 0.1) -> Steps:
    """PyTorch eager, float64; `rate` is that of each step, from 0."""
    torch: Any = importlib.import_module("torch")
    torch.manual_seed(1337)
    x, y = (torch.tensor([row[part] for row in samples], dtype=torch.float64) for part in (0, 1))
    parameters = []
    for n, m in pairwise([x.shape[1], *net.sizes]):
        parameters += [torch.empty(s, dtype=torch.float64).uniform_(-1, 1).requires_grad_() for s in ((n, m), (m,))]
    act, last, done = torch.relu if net.activation == "relu" else torch.tanh, len(net.sizes) - 1, 0

    def steps(count: int) -> None:
        nonlocal done
        for _ in range(count):
            out = x
            for k in range(len(net.sizes)):
                out = out @ parameters[2 * k] + parameters[2 * k + 1]
                out = act(out) if k < last or net.loss == "squares" else out
            if net.loss == "hinge":
                loss = torch.relu(1 - y * out).mean() + L2 * sum((p * p).sum() for p in parameters)
            elif net.loss == "softmax":
                loss = torch.nn.functional.cross_entropy(out, y)
            else:
                loss = ((out - y) ** 2).sum()
            for p in parameters:
                p.grad = None
            loss.backward()
            with torch.no_grad():
                for p in parameters:
                    p -= rate(done) * p.grad
            done += 1
            loss.item()

    return steps


def numpy_moons(samples: Samples) -> Steps:
    """The same network with its gradients written by hand, the whole batch as arrays."""
    np: Any = importlib.import_module("numpy")
    draw = np.random.default_rng(1337)
    x = np.array([row for row, _ in samples])
    y = np.array([target for _, target in samples])
    sizes = [x.shape[1], 16, 16, 1]
    weights = [draw.uniform(-1, 1, pair) for pair in pairwise(sizes)]
    biases = [np.zeros(size) for size in sizes[1:]]
    done = 0

    def steps(count: int) -> list[float]:
        nonlocal done
        losses = []
        for _ in range(count):
            h1 = np.maximum(x @ weights[0] + biases[0], 0.0)
            h2 = np.maximum(h1 @ weights[1] + biases[1], 0.0)
            margin = 1.0 - y * (h2 @ weights[2] + biases[2])
            penalty = sum((p * p).sum() for p in (*weights, *biases))
            losses.append(float(np.maximum(margin, 0.0).mean() + L2 * penalty))
            g3 = np.where(margin > 0.0, -y, 0.0) / len(x)
            g2 = (g3 @ weights[2].T) * (h2 > 0.0)
            g1 = (g2 @ weights[1].T) * (h1 > 0.0)
            for k, (a, g) in enumerate(((x, g1), (h1, g2), (h2, g3))):
                weights[k] -= _rate(done) * (a.T @ g + 2 * L2 * weights[k])
                biases[k] -= _rate(done) * (g.sum(axis=0) + 2 * L2 * biases[k])
            done += 1
        return losses

    return steps
