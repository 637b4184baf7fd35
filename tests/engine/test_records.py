"""Records: to everybody who uses one, what a frozen dataclass with slots is. Must not know what is recorded."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, is_dataclass, replace
from functools import cached_property

import pytest

from chainstep.engine import records
from chainstep.engine.records import Caching, record


@record
class Point:
    """Two fields, one with a default."""

    x: float
    y: float = 0.0

    @property
    def length(self) -> float:
        return math.hypot(self.x, self.y)


@dataclass(frozen=True, slots=True)
class Model:
    """What a record is to be like."""

    x: float
    y: float = 0.0


@record
class Empty:
    """No field at all."""


@record(eq=False)
class Picture:
    """Equal to itself alone."""

    dots: list[Point]


@record
class Slow(Caching):
    """Works something out once."""

    number: int
    asked: list[int] = field(default_factory=list)

    @cached_property
    def square(self) -> int:
        self.asked.append(self.number)
        return self.number**2


@record
class Positive:
    """Refuses some of its values, and changes others."""

    number: int

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError(self.number)
        object.__setattr__(self, "number", int(self.number))


def test_a_record_is_a_dataclass() -> None:
    assert is_dataclass(Point)
    assert [(each.name, each.default) for each in fields(Point)] == [
        (each.name, each.default) for each in fields(Model)
    ]
    assert Point.__match_args__ == Model.__match_args__
    assert Point.__slots__ == Model.__slots__
    assert not hasattr(Point(1.0), "__dict__")
    assert asdict(Point(1.0, 2.0)) == asdict(Model(1.0, 2.0))
    assert repr(Point(1.0, 2.0)) == "Point(x=1.0, y=2.0)"
    assert repr(Empty()) == "Empty()"


def test_it_is_made_by_place_and_by_name() -> None:
    assert Point(3.0, 4.0) == Point(x=3.0, y=4.0) == Point(y=4.0, x=3.0)
    assert Point(3.0) == Point(3.0, 0.0)
    assert Slow(3) == Slow(3, []) != Slow(3, [3])
    assert Slow(3).asked is not Slow(3).asked
    assert Point(3.0, 4.0).length == 5.0
    match Point(3.0, 4.0):
        case Point(x, y):
            assert (x, y) == (3.0, 4.0)


def test_the_first_is_made_as_the_hundredth() -> None:
    """By then its class has an `__init__` of its own."""

    @record
    class Fresh:
        """Of which no record was made yet."""

        x: float
        y: float = 0.0
        more: list[float] = field(default_factory=list)

        def __post_init__(self) -> None:
            self.more.append(self.x)

    for x in range(100):
        assert Fresh(x) == Fresh(x=x, y=0.0) == Fresh(x, more=[])
        assert Fresh(x).more == [x]
    assert "__init__" in vars(Fresh)
    assert Fresh.__init__.__code__.co_varnames == ("self", "x", "y", "more")


@pytest.mark.parametrize("given", [{}, {"x": 1.0, "z": 2.0}])
def test_wrong_arguments_are_told_as_of_any_function(given: dict[str, float]) -> None:
    """The first time as much as ever after."""

    @record
    class Fresh:
        """Of which no record was made yet."""

        x: float
        y: float = 0.0

    for _ in range(2):
        with pytest.raises(TypeError) as told:
            Fresh(**given)
        with pytest.raises(TypeError) as model:
            Model(**given)
        # The class's own name stands before.
        assert str(told.value).rpartition("__init__")[2] == str(model.value).rpartition("__init__")[2]


def test_it_cannot_be_changed() -> None:
    point = Point(1.0)
    with pytest.raises(FrozenInstanceError):
        point.x = 2.0  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x
    with pytest.raises(FrozenInstanceError):
        point.z = 2.0  # type: ignore[attr-defined]
    assert point == Point(1.0)


def test_unless_it_is_to_be() -> None:
    @record(eq=False, frozen=False)
    class Counter:
        """Grows."""

        count: int = 0
        seen: list[int] = field(default_factory=list)

    counter = Counter()
    counter.count += 1
    with pytest.raises(AttributeError):
        counter.number = 2  # type: ignore[attr-defined]
    twin = replace(counter, seen=[])
    assert (twin.count, counter) == (1, counter)
    assert counter != twin
    assert len({counter, twin}) == 2


def test_equal_fields_make_equal_records_of_the_same_class() -> None:
    assert Point(1.0) == Point(1.0)
    assert Point(1.0) != Point(2.0)
    assert Point(1.0) != Model(1.0)
    assert Empty() == Empty()
    assert {Point(1.0): 1, Empty(): 2}[Point(1.0)] == 1
    assert len({Empty(), Empty(), Point(0.0), Point(0.0)}) == 2


def test_unless_it_equals_itself_alone() -> None:
    picture = Picture([Point(1.0)])
    assert picture == picture
    assert picture != Picture([Point(1.0)])
    assert {picture: 1}[picture] == 1, "what is in it need not be hashable"


@pytest.mark.parametrize("changed", [replace, records.replace])
def test_a_changed_copy_is_made_anew(changed: Callable[..., object]) -> None:
    assert changed(Point(1.0, 2.0), y=3.0) == Point(1.0, 3.0)
    assert changed(Positive(3), number=2.5) == Positive(2)
    with pytest.raises(ValueError, match="-1"):
        changed(Positive(3), number=-1)
    with pytest.raises(TypeError, match="z"):
        changed(Point(1.0, 2.0), z=3.0)


def test_it_can_be_copied_and_sent_to_another_process() -> None:
    for same in (copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))):
        assert same(Point(1.0, 2.0)) == Point(1.0, 2.0)
        assert same(Picture([Point(1.0)])).dots == [Point(1.0)]


def test_it_can_keep_what_it_has_worked_out() -> None:
    slow = Slow(3)
    assert (slow.square, slow.square, slow.asked) == (9, 9, [3])
    assert slow == Slow(3, [3]), "what is kept is no field"
    with pytest.raises(FrozenInstanceError):
        slow.square = 4  # type: ignore[misc]
