"""Records: dataclasses with slots that cost next to nothing until one is made. Knows dataclasses; must not know what is
recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from typing import Any, Never, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def record(cls: type[T], /) -> type[T]: ...
@overload
def record(*, eq: bool = True, frozen: bool = True) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(
    cls: type[T] | None = None, /, *, eq: bool = True, frozen: bool = True
) -> type[T] | Callable[[type[T]], type[T]]:
    """What `@dataclass(frozen=True, slots=True)` is, but for the time that it takes while a module is imported.

    That decorator writes and compiles six methods for each class, and looks at every field: 0.4 ms a class. Here all
    classes share five of the methods, and `__init__` alone is compiled, when so many records of a class are made that
    it pays; what dataclasses know of a field is made when it is asked for. `fields`, `replace`, `asdict`, class
    patterns and type checkers see a dataclass. Of what `field` can say, a record knows `default` and
    `default_factory`. A record has no fields but its class's own.

    Records of one class are equal if their fields are; with `eq=False` each equals itself only. With `frozen=False`
    one can be changed. One with cached properties is a `Caching`.
    """

    def make(cls: type[T]) -> type[T]:
        names = tuple(cls.__annotations__)
        body = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
        body["_defaults"] = {name: body.pop(name) for name in names if name in body}
        body |= {"__qualname__": cls.__qualname__, "__slots__": names, "__match_args__": names}
        shared = _METHODS | (_FROZEN if frozen else {}) | (_COMPARISON if eq else {})
        # Slots can only be had by making the class once more.
        made: type[T] = type(cls.__name__, cls.__bases__, body | _DATACLASS | shared)
        return made

    return make if cls is None else make(cls)


def replace(of: T, /, **changes: Any) -> T:
    """The same record with some fields changed: what dataclasses does, without having it look at the class's fields."""
    names: tuple[str, ...] = type(of).__match_args__  # type: ignore[attr-defined]
    return type(of)(**{name: getattr(of, name) for name in names} | changes)


class Caching:
    """Base of a record with cached properties. A record has slots for its fields alone; these are kept beside them."""


class _Asked:
    """An attribute by which dataclasses know one another: a record's class gets them when one is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, record: object, cls: Any) -> Any:
        known = {name: vars(cls)[name] for name in ("__annotations__", "__module__", "__doc__")}
        model: Any = dataclass(frozen=True, init=False, repr=False, eq=False)(
            type(cls.__name__, (), known | cls._defaults)
        )
        for name in _DATACLASS:
            setattr(cls, name, getattr(model, name))
        return getattr(model, self._name)


_DATACLASS = {name: _Asked(name) for name in ("__dataclass_fields__", "__dataclass_params__")}

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
    for name in cls.__match_args__:
        if name not in values:
            default, factory = _default(cls, name)
            if factory is None and default is MISSING:
                return None
            values[name] = default if factory is None else factory()
    return values


def _default(cls: Any, name: str) -> tuple[object, Callable[[], object] | None]:
    """What a field is where it is not given: this value, or what is made by this; `MISSING` if it has to be given."""
    default = cls._defaults.get(name, MISSING)
    if not isinstance(default, Field):
        return default, None
    return default.default, None if default.default_factory is MISSING else default.default_factory


def _compiled_init(cls: Any) -> Callable[..., None]:
    scope: dict[str, Any] = {"_MISSING": MISSING}
    parameters, lines = ["self"], []
    for name in cls.__match_args__:
        value = name
        # Each slot has a setter of its own, which does not go by way of the class's `__setattr__`.
        scope[f"_set_{name}"] = getattr(cls, name).__set__
        default, factory = _default(cls, name)
        if factory is not None:
            scope[f"_default_{name}"] = factory
            parameters.append(f"{name}=_MISSING")
            value = f"_default_{name}() if {name} is _MISSING else {name}"
        elif default is not MISSING:
            scope[f"_default_{name}"] = default
            parameters.append(f"{name}=_default_{name}")
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
    return (self is other or _values(self) == _values(other)) if type(self) is type(other) else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


_METHODS: dict[str, Callable[..., object]] = {
    "__init__": _first_init,
    "__repr__": _repr,
    "__reduce__": _reduce,
}
_FROZEN: dict[str, Callable[..., object]] = {"__setattr__": _refuse, "__delattr__": _refuse}
_COMPARISON: dict[str, Callable[..., object]] = {"__eq__": _eq, "__hash__": _hash}
