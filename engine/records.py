"""Immutable records: frozen dataclasses that cost next to nothing until one is made. Knows dataclasses; must not know
what is recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, Never, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def record(cls: type[T], /) -> type[T]: ...
@overload
def record(*, eq: bool) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T] | None = None, /, *, eq: bool = True) -> type[T] | Callable[[type[T]], type[T]]:
    """What `@dataclass(frozen=True, slots=True)` is, but for the time that it takes while a module is imported.

    That decorator writes and compiles six methods for each class, 0.4 ms a class. Here all classes share five of them,
    and `__init__` alone is compiled, when so many records of a class are made that it pays. `fields`, `replace`,
    `asdict`, class patterns and type checkers see a dataclass. Of what `field` can say, a record knows `default` and
    `default_factory`.

    Records of one class are equal if their fields are; with `eq=False` each equals itself only. One with cached
    properties is a `Caching`.
    """

    def make(cls: type[T]) -> type[T]:
        for name, method in (_METHODS | _COMPARISON if eq else _METHODS).items():
            setattr(cls, name, method)
        return dataclass(init=False, repr=False, eq=False, slots=True)(cls)

    return make if cls is None else make(cls)


class Caching:
    """Base of a record with cached properties. A record has slots for its fields alone; these are kept beside them."""


_FEW = 8
"""Records of a class that are made before its `__init__` is compiled, which takes as long as making ten or twenty."""

_made: Counter[type] = Counter()


def _first_init(self: Any, *args: Any, **named: Any) -> None:
    """Sets the fields of a class's first records one by one; then it makes way for a compiled `__init__`."""
    cls = type(self)
    _made[cls] += 1
    values = _bound(cls, args, named) if _made[cls] <= _FEW else None
    if values is None:
        # It tells, too, what is wrong with arguments that do not fit.
        cls.__init__ = _compiled_init(cls)
        cls.__init__(self, *args, **named)
        return
    for name, value in values.items():
        object.__setattr__(self, name, value)
    if hasattr(cls, "__post_init__"):
        self.__post_init__()


def _bound(cls: Any, args: tuple[object, ...], named: Mapping[str, object]) -> Mapping[str, object] | None:
    """The value of each field; None if the arguments do not fit."""
    values: dict[str, object] = {**dict(zip(cls.__match_args__, args, strict=False)), **named}
    if len(values) < len(args) + len(named) or not values.keys() <= set(cls.__match_args__):
        return None
    for each in fields(cls):
        if each.name not in values:
            if each.default is not MISSING:
                values[each.name] = each.default
            elif each.default_factory is not MISSING:
                values[each.name] = each.default_factory()
            else:
                return None
    return values


def _compiled_init(cls: Any) -> Callable[..., None]:
    scope: dict[str, Any] = {"_MISSING": MISSING}
    parameters, lines = ["self"], []
    for each in fields(cls):
        name = value = each.name
        # Each slot has a setter of its own, which does not go by way of the class's `__setattr__`.
        scope[f"_set_{name}"] = getattr(cls, name).__set__
        if each.default is not MISSING:
            scope[f"_default_{name}"] = each.default
            parameters.append(f"{name}=_default_{name}")
        elif each.default_factory is not MISSING:
            scope[f"_default_{name}"] = each.default_factory
            parameters.append(f"{name}=_MISSING")
            value = f"_default_{name}() if {name} is _MISSING else {name}"
        else:
            parameters.append(name)
        lines.append(f"_set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n  " + "\n  ".join(lines or ["pass"]), scope)
    init: Callable[..., None] = scope["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _values(self: Any) -> tuple[object, ...]:
    return tuple([getattr(self, name) for name in self.__match_args__])


def _repr(self: Any) -> str:
    values = zip(self.__match_args__, _values(self), strict=True)
    return f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in values)})"


def _refuse(self: object, name: str, value: object = None) -> Never:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _reduce(self: object) -> tuple[type, tuple[object, ...]]:
    """How to copy and how to pickle: by making it again."""
    return type(self), _values(self)


def _eq(self: object, other: object) -> bool:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


_METHODS: dict[str, Callable[..., object]] = {
    "__init__": _first_init,
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__reduce__": _reduce,
}
_COMPARISON: dict[str, Callable[..., object]] = {"__eq__": _eq, "__hash__": _hash}
