"""Full-batch training of a dense network by peers with one thread: PyTorch eager, NumPy by hand, JAX jit. Must not know
chainstep.

Weights are drawn alike but not the same, and the rate stays as it is: what is compared is the work of a step.
"""

from __future__ import annotations

import importlib
from itertools import pairwise
from typing import Any

from .. import peers
from ..peers import L2, Net, Samples, Steps


def torch_steps(net: Net, samples: Samples) -> Steps:
    """PyTorch eager, float64."""
    importlib.import_module("torch").set_num_threads(1)
    return peers.torch_steps(net, samples)


def jax_steps(net: Net, samples: Samples) -> Steps:
    """JAX, one jitted step, float64."""
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    np, lib = jax.numpy, importlib.import_module("numpy")
    x, y = (np.array([row[part] for row in samples]) for part in (0, 1))
    draw = lib.random.default_rng(1)
    sizes = [x.shape[1], *net.sizes]
    parameters = [(np.array(draw.uniform(-1, 1, pair)), np.zeros(pair[1])) for pair in pairwise(sizes)]

    def loss_of(parameters: Any) -> Any:
        out = x
        for k, (w, b) in enumerate(parameters):
            out = out @ w + b
            if k < len(net.sizes) - 1 or net.loss == "squares":
                out = jax.nn.relu(out) if net.activation == "relu" else np.tanh(out)
        if net.loss == "hinge":
            penalty = sum((p * p).sum() for pair in parameters for p in pair)
            return jax.nn.relu(1 - y * out).mean() + L2 * penalty
        if net.loss == "softmax":
            return -(jax.nn.log_softmax(out) * y).sum(axis=1).mean()
        return ((out - y) ** 2).sum()

    @jax.jit  # type: ignore[untyped-decorator]
    def step(parameters: Any) -> Any:
        loss, grads = jax.value_and_grad(loss_of)(parameters)
        return jax.tree_util.tree_map(lambda p, g: p - 0.1 * g, parameters, grads), loss

    step(parameters)

    def steps(count: int) -> None:
        nonlocal parameters
        for _ in range(count):
            parameters, loss = step(parameters)
            float(loss)

    return steps


def numpy_steps(net: Net, samples: Samples) -> Steps:
    """NumPy, with the gradients of ReLU networks written by hand."""
    np: Any = importlib.import_module("numpy")
    x, y = (np.array([row[part] for row in samples]) for part in (0, 1))
    draw = np.random.default_rng(1)
    sizes = [x.shape[1], *net.sizes]
    layers = [(draw.uniform(-1, 1, pair), np.zeros(pair[1])) for pair in pairwise(sizes)]

    def steps(count: int) -> None:
        for _ in range(count):
            rows = [x]
            for k, (w, b) in enumerate(layers):
                out = rows[-1] @ w + b
                rows.append(np.maximum(out, 0.0) if k < len(layers) - 1 else out)
            d = _slopes(np, net.loss, rows.pop(), y)
            for k in range(len(layers) - 1, -1, -1):
                w, b = layers[k]
                gw, gb, below = rows[k].T @ d, d.sum(axis=0), d @ w.T * (rows[k] > 0.0) if k else None
                decay = 2 * L2 if net.loss == "hinge" else 0.0
                w -= 0.1 * (gw + decay * w)
                b -= 0.1 * (gb + decay * b)
                d = below

    return steps


def _slopes(np: Any, loss: str, out: Any, y: Any) -> Any:
    """The gradient of the outputs; the loss is computed, too."""
    if loss == "hinge":
        margin = 1.0 - y * out
        float(np.maximum(margin, 0.0).mean())
        return np.where(margin > 0.0, -y, 0.0) / len(y)
    powers = np.exp(out - out.max(axis=1, keepdims=True))
    total = powers.sum(axis=1, keepdims=True)
    float(-np.log((powers * y).sum(axis=1) / total[:, 0]).mean())
    return (powers / total - y) / len(y)
