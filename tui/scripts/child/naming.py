"""What a script calls its nodes: variables, elements, attributes, a model's parameters. Knows frames and objects, of
which it asks nothing that runs code of theirs; must not know graphs.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from types import FrameType, ModuleType
from typing import Any

from chainstep.engine.verify.adapter import names

from .compiling import passing
from .watching import computes

MOST = 20_000
"""Objects that are looked at."""

DEEPEST = 6

LONGEST = 60
"""Letters of a name."""


class Naming:
    """The names that can be seen from a frame: of its variables, then of the script's own."""

    def __init__(self, frame: FrameType | None, nodes: Container[int]) -> None:
        self.names: dict[int, str] = {}
        """Of nodes, by their ids."""
        self.parameters: dict[int, None] = {}
        """Ids of nodes that belong to a model, in its order."""
        self.units: dict[int, str] = {}
        """Of modules, by their ids."""
        self._nodes = nodes
        self._left = MOST
        self._seen: set[int] = set()
        variables = _variables(frame)
        self._models(variables)
        lasting = {name: thing for name, thing in variables.items() if not passing(name)}
        for name, thing in lasting.items():
            self._name(thing, name)
        for name, thing in lasting.items():
            self._inside(thing, name, 0)
        for name, thing in variables.items():
            self._name(thing, name)

    def _name(self, thing: object, name: str) -> None:
        if id(thing) in self._nodes and len(name) <= LONGEST and name.isprintable():
            self.names.setdefault(id(thing), name)

    def _models(self, variables: Mapping[str, object]) -> None:
        """Models first: their parameters are known by their places, whatever variable of a loop is left on one."""
        found: dict[int, tuple[str, object]] = {}
        for name, thing in variables.items():
            if _is_module(thing):
                found.setdefault(id(thing), (name, thing))
        of_layers = [key for key, (_, thing) in found.items() if any(map(_has_modules, _modules(thing)))]
        for key, (name, thing) in sorted(found.items(), key=lambda each: each[0] not in of_layers):
            self._module(thing, "" if of_layers == [key] else name, name, 0)

    def _module(self, module: object, path: str, unit: str, depth: int) -> None:
        if id(module) in self._seen or depth > DEEPEST:
            return
        self._seen.add(id(module))
        self.units[id(module)] = unit
        for attribute, held in vars(module).items():
            self._held(held, attribute, path, depth)

    def _held(self, held: object, attribute: str, path: str, depth: int) -> None:
        if _is_module(held):
            below = f"{path}.{attribute}" if path else attribute
            self._module(held, below, below, depth + 1)
            return
        for index, each in _elements(held):
            if not self._spend():
                return
            if _is_module(each):
                below = f"{'L' if _has_modules(each) else 'n'}{index + 1}"
                below = f"{path}.{below}" if path else below
                self._module(each, below, below, depth + 1)
            else:
                short = depth > 0 and len(attribute) == 1
                self._parameter(each, path, f"{attribute}{index}" if short else f"{attribute}[{index}]")
        self._parameter(held, path, attribute)

    def _parameter(self, held: object, path: str, attribute: str) -> None:
        if id(held) in self._nodes:
            self.parameters[id(held)] = None
            self._name(held, f"{path}.{attribute}" if path else attribute)
        elif isinstance(held, list):
            for index, each in _elements(held):
                if self._spend():
                    self._parameter(each, path, f"{attribute}[{index}]")

    def _inside(self, thing: object, path: str, depth: int) -> None:
        """Nodes in lists, dictionaries and the script's own objects."""
        if depth > DEEPEST or id(thing) in self._seen or not self._spend():
            return
        if type(thing) in (list, tuple):
            inner = [(f"{path}[{index}]", each) for index, each in _elements(thing)]
        elif type(thing) is dict:
            inner = [(f"{path}[{key!r}]", each) for key, each in list(thing.items()) if type(key) in (str, int)]
        elif _is_plain(thing):
            inner = [(f"{path}.{name}", each) for name, each in list(vars(thing).items())]
        else:
            return
        self._seen.add(id(thing))
        for name, each in inner:
            self._name(each, name)
        for name, each in inner:
            self._inside(each, name, depth + 1)

    def _spend(self) -> bool:
        self._left -= 1
        return self._left > 0


def _variables(frame: FrameType | None) -> dict[str, object]:
    """The variables that a line sees, its own first."""
    found: dict[str, object] = {}
    if frame is not None:
        for scope in (frame.f_locals, frame.f_globals):
            for name, thing in list(scope.items()):
                if not name.startswith("__"):
                    found.setdefault(name, thing)
    return dict(sorted(found.items(), key=lambda each: each[0].startswith("_")))


def _elements(held: object) -> Iterator[tuple[int, Any]]:
    return enumerate(held[:MOST]) if type(held) in (list, tuple) else enumerate(())  # type: ignore[index]


def _modules(thing: object) -> list[object]:
    """The modules that a module holds."""
    held = [each for value in vars(thing).values() for each in (value, *(inner for _, inner in _elements(value)))]
    return [each for each in held if _is_module(each)]


def _has_modules(thing: object) -> bool:
    return bool(_modules(thing))


def _is_module(thing: object) -> bool:
    """Whether an object has parameters, as networks and their parts do."""
    cls = type(thing)
    return hasattr(thing, "__dict__") and any(name in vars(each) for each in cls.__mro__ for name in names.PARAMETERS)


def _is_plain(thing: object) -> bool:
    """Whether an object is of a class that the script, or a module beside it, has made for keeping things."""
    cls = type(thing)
    if isinstance(thing, (type, ModuleType)) or "__dict__" not in dir(cls) or computes(cls):
        return False
    return cls.__module__ == "__main__" or _is_module(thing)
