"""Runs in a child: a script that builds a PyTorch nn.Sequential, which is told layer by layer. Knows the standard
library alone; must not know who listens.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

Send = Callable[[Mapping[str, object]], None]

_SAME = ("Identity", "Flatten")
"""Modules that hand a row of numbers on as it is."""

_ACTIVATIONS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "ReLU": ("relu", {}),
    "Tanh": ("tanh", {}),
    "Sigmoid": ("sigmoid", {}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01}),
    "ELU": ("elu", {"alpha": 1.0}),
    "GELU": ("gelu", {"approximate": "none"}),
    "SiLU": ("silu", {}),
    "Softplus": ("softplus", {"beta": 1.0}),
}
"""What each activation is here, and what its settings must be for that."""


class _RefusedError(Exception):
    """It cannot be taken; the message is one line."""


def main(task: Mapping[str, Any], send: Send) -> None:
    """Run `task["file"]`, and send each layer of the nn.Sequential called `task["name"]`, or of the only one."""
    try:
        names = _run(Path(task["file"]))
        for message in _told(_found(names, task["name"])):
            send(message)
    except _RefusedError as error:
        send({"refused": str(error)})
    else:
        send({"whole": True})


def _run(file: Path) -> dict[str, Any]:
    """The names that the script leaves."""
    module = ModuleType("__main__")
    module.__file__ = str(file)
    sys.modules["__main__"] = module
    sys.argv, sys.path[:0] = [str(file)], [str(file.parent)]
    try:
        exec(compile(file.read_bytes(), str(file), "exec"), module.__dict__)
    except SystemExit:
        pass
    except ModuleNotFoundError as error:
        raise _RefusedError(
            f"it needs {error.name}, which {sys.executable} has not: name another with --python"
        ) from None
    except BaseException as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
        place = f"line {lines[-1]}: " if lines else ""
        raise _RefusedError(f"{place}{type(error).__name__}: {error}") from None
    return module.__dict__


def _found(names: Mapping[str, Any], wanted: str) -> Any:
    torch = sys.modules.get("torch")
    if torch is None:
        raise _RefusedError("it does not import torch, so it has no nn.Sequential")
    found = {name: thing for name, thing in names.items() if isinstance(thing, torch.nn.Sequential)}
    if wanted:
        if wanted not in found:
            raise _RefusedError(f"it has no nn.Sequential called {wanted}")
        return found[wanted]
    different = {id(thing): thing for thing in found.values()}
    if len(different) > 1:
        raise _RefusedError(f"it has several: name one, as FILE.py:{min(found)} ({', '.join(sorted(found))})")
    if not different:
        raise _RefusedError("it has no nn.Sequential among its names")
    return next(iter(different.values()))


def _told(sequential: Any) -> list[Mapping[str, object]]:
    """A message a layer, or an activation behind one."""
    told: list[Mapping[str, object]] = []
    for module in _flat(sequential):
        kind = type(module).__name__
        ours = type(module).__module__.startswith("torch.nn.")
        if ours and kind == "Linear":
            biases = None if module.bias is None else module.bias.detach().double().tolist()
            weights = module.weight.detach().double().flatten().tolist()
            told.append({"inputs": module.in_features, "weights": weights, "biases": biases})
        elif ours and kind in _ACTIVATIONS:
            told.append({"activation": _activation(module, kind)})
        elif not (ours and kind in _SAME):
            known = ", ".join(("Linear", *_ACTIVATIONS))
            raise _RefusedError(f"{kind} cannot be stepped: layers are {known}")
    return told


def _flat(sequential: Any) -> list[Any]:
    modules: list[Any] = []
    for module in sequential:
        modules += _flat(module) if type(module).__name__ == "Sequential" else [module]
    return modules


def _activation(module: Any, kind: str) -> str:
    name, settings = _ACTIVATIONS[kind]
    for setting, value in settings.items():
        if getattr(module, setting) != value:
            raise _RefusedError(
                f"{kind} has {setting}={getattr(module, setting)!r}, and ours is the one with {value!r}"
            )
    return name
