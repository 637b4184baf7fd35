"""Watches classes that compute: which method made a node, of what, and at which line. Knows functions and frames; must
not know graphs, nor what a number means.

What a script sees of its class stays as it is. Only ids are kept of nodes, so that none lives longer than it would;
whoever reads them looks whether they still belong to the node's inputs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from chainstep.engine.verify.adapter import names

from .places import Places

_getframe = sys._getframe

ARITHMETIC = {
    "__add__": "add",
    "__sub__": "sub",
    "__mul__": "mul",
    "__truediv__": "div",
    "__pow__": "pow",
    "__neg__": "neg",
    "__abs__": "abs",
    "__pos__": "",
    "__matmul__": "",
}
REFLECTED = {f"__r{name[2:]}": op for name, op in ARITHMETIC.items() if name not in ("__neg__", "__abs__", "__pos__")}
ASSIGNED = {f"__i{name[2:]}": op for name, op in ARITHMETIC.items() if name not in ("__neg__", "__abs__", "__pos__")}

FEW = 200_000
"""Nodes that are remembered without asking whether they may be gone."""


Function = Callable[..., Any]


class Method(NamedTuple):
    """How a node was made."""

    name: str
    op: str
    """The name of our op that the method's name stands for; "" if none."""
    reflected: bool


Made = tuple[int, int, int, object, bool, CodeType | None, int, int, bool]
"""When, by which of `Watch.methods`, the id of the first input, the second input (an id, or a number), whether it is a
number, the code and offset of the line, the scope, and whether the line itself got the node. It holds nothing that the
collector would look into: engines make so much garbage that it looks often.
"""

MEANT = {spelling: op for op, spellings in names.FUNCTIONS.items() for spelling in spellings}


class Watch:
    """Remembers how nodes were made."""

    def __init__(self, places: Places, backward: Callable[..., Any]) -> None:
        self.places = places
        self.made: dict[int, Made] = {}
        """By the id of the node."""
        self.born: dict[int, tuple[CodeType, int]] = {}
        """Where nodes were made by a call of the class, by their ids."""
        self.methods: list[Method] = []
        self.scopes: list[tuple[int, int, str]] = [(0, 0, "")]
        """(call, id of the module, its class's name)."""
        self._scope_numbers: dict[tuple[int, int], int] = {}
        self._backward = backward
        self._now = [0]
        self._before = self._since = 0
        self._many = FEW
        self._scope = [0]
        self._calls = [0]
        self._seen: set[int] = set()
        self._kept: list[object] = []

    def begin_anew(self) -> None:
        """After a `backward()`: calls of modules are counted from 1 again, and nodes that were made before the one
        before it are forgotten once they are many. What was used since is known by its inputs alone.
        """
        self._calls[0] = 0
        if len(self.made) > self._many:
            kept = {key: made for key, made in self.made.items() if made[0] > self._before}
            self.made.clear()
            self.made.update(kept)
            self._many = max(FEW, 2 * len(kept))
        self._before, self._since = self._since, self._now[0]

    def look_at(self, thing: Any) -> Any:
        """Watch a class that computes, a class of modules, or a function that goes backward; returns it."""
        if isinstance(thing, FunctionType) and thing.__name__ in names.BACKWARD:
            return self._going_backward(thing)
        if isinstance(thing, type):
            if computes(thing):
                self._watch_nodes(thing)
            elif is_module(thing):
                self._watch_module(thing)
        return thing

    def look_again(self) -> None:
        """Watch methods that were given to a class since."""
        for cls in [each for each in self._kept if isinstance(each, type)]:
            self.look_at(cls)

    def _watch_nodes(self, cls: type) -> None:
        if id(cls) not in self._seen:
            self._seen.add(id(cls))
            self._kept.append(cls)
        for name, function in list(vars(cls).items()):
            if not isinstance(function, FunctionType) or id(function) in self._seen:
                continue
            self.places.pass_over(function)
            watched = self._watched(name, function)
            if watched is not None:
                try:
                    setattr(cls, name, watched)
                except (AttributeError, TypeError):  # a class that lets nothing be set
                    continue
                self.places.pass_over(watched)
                self._seen.add(id(watched))
                self._kept.append(watched)

    def _watched(self, name: str, function: FunctionType) -> Function | None:
        if function.__code__.co_flags & _GENERATOR:
            return None
        if name == "__init__":
            return self._being_born(function)
        if name in names.BACKWARD:
            return self._going_backward(function)
        for known, reflected in ((ARITHMETIC, False), (ASSIGNED, False), (REFLECTED, True)):
            if name in known:
                return self._making(function, Method(name, known[name], reflected))
        if name.startswith("_"):
            return None
        return self._making(function, Method(name, MEANT.get(name, name), False))

    def _making(self, function: FunctionType, method: Method) -> Function:
        made, now, scope, own, passed = self.made, self._now, self._scope, self.places.own, self.places.frame
        how = len(self.methods)
        self.methods.append(method)

        @wraps(function)
        def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
            before = now[0]
            out = function(self, *args, **kwargs)
            if out is self or (out.__class__ is not self.__class__ and not _kin(out, self)):
                return out
            frame: Any = _getframe(1)
            caller = frame
            if not own.get(id(caller.f_code)):
                frame = passed(caller)
            if now[0] != before and (found := made.get(id(out), _NEVER))[0] > before:
                # By another method of the class, which this one calls.
                made[id(out)] = (*found[:-1], frame is caller)
                return out
            now[0] = before = now[0] + 1
            other = args[0] if args else None
            number = other.__class__ in _NUMBERS
            at = (None, 0) if frame is None else (frame.f_code, frame.f_lasti)
            made[id(out)] = (
                before,
                how,
                id(self),
                other if number else id(other),
                number,
                *at,
                scope[0],
                frame is caller,
            )
            return out

        return watched

    def _being_born(self, function: FunctionType) -> Function:
        born, methods, own, passed = self.born, self.places.methods, self.places.own, self.places.frame

        @wraps(function)
        def watched(self: Any, *args: Any, **kwargs: Any) -> None:
            function(self, *args, **kwargs)
            code = _getframe(1).f_code
            if id(code) in methods:  # that one knows more; and it may lie where another node was
                born.pop(id(self), None)
                return
            frame = _getframe(1) if own.get(id(code)) else passed(_getframe(1))
            if frame is not None:
                born[id(self)] = (frame.f_code, frame.f_lasti)

        return watched

    def _going_backward(self, function: FunctionType) -> Function:
        backward = self._backward

        @wraps(function)
        def watched(root: Any, *args: Any, **kwargs: Any) -> Any:
            return backward(function, root, args, kwargs, _getframe(1))

        self.places.pass_over(watched)
        return watched

    def _watch_module(self, cls: type) -> None:
        function = vars(cls).get("__call__")
        if isinstance(function, FunctionType) and id(function) not in self._seen:
            watched = self._called(function)
            setattr(cls, "__call__", watched)  # noqa: B010 - to a type checker it is no method
            self.places.pass_over(watched)
            self._seen.add(id(watched))
            self._kept.append(watched)

    def _called(self, function: FunctionType) -> Function:
        scope, calls, numbers, scopes = self._scope, self._calls, self._scope_numbers, self.scopes

        @wraps(function)
        def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
            outer = scope[0]
            if not outer:
                calls[0] += 1
            key = (calls[0], id(self))
            number = numbers.get(key)
            if number is None:
                if len(scopes) > FEW:
                    return function(self, *args, **kwargs)
                number = numbers[key] = len(scopes)
                scopes.append((calls[0], id(self), type(self).__name__))
            scope[0] = number
            try:
                return function(self, *args, **kwargs)
            finally:
                scope[0] = outer

        return watched


def computes(cls: type) -> bool:
    """Whether a class adds and multiplies by methods that are written in Python."""
    return all(isinstance(_found(cls, name), FunctionType) for name in ("__add__", "__mul__"))


def is_module(cls: type) -> bool:
    """Whether a class is one of networks or their parts: it is called, and has parameters."""
    return "__call__" in vars(cls) and any(isinstance(_found(cls, name), FunctionType) for name in names.PARAMETERS)


def _found(cls: type, name: str) -> object:
    return next((vars(each)[name] for each in cls.__mro__ if name in vars(each)), None)


def _kin(out: object, node: object) -> bool:
    return isinstance(out, type(node)) or (isinstance(node, type(out)) and type(out) is not object)


_GENERATOR = 0x20 | 0x80 | 0x200
"""Flags of generators and coroutines."""

_NUMBERS = frozenset((int, float, bool))

_NEVER: Any = (0,)
