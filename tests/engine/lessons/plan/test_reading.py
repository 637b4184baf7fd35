"""A lesson's data are looked at field by field, and what is wrong says where it is. Must not know how it is played."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from chainstep.engine.lessons.errors import LessonError, Where
from chainstep.engine.lessons.plan.drawing import drawn, redrawn
from chainstep.engine.lessons.plan.lesson import Range
from chainstep.engine.lessons.plan.reading import lesson
from chainstep.engine.lessons.view import Lit
from support.cases import each
from support.lessons.written import PLUS_EQUALS, of_text


def test_a_lesson_is_read_as_it_is_written() -> None:
    made = of_text(PLUS_EQUALS)

    assert (made.id, made.title, made.setup) == ("plus-equals", "Why +=", ("expr", "a+a", "a=3"))
    assert made.questions == (1, 2, 3)
    assert made.beats[0].lit == (Lit("node", "a"),)
    ask = made.beats[1].ask
    assert ask is not None
    assert [str(hint) for hint in ask.hints] == ["Count the wires that leave a.", "There are two."]
    assert str(ask.tell) == "Each use adds 1: {a.grad} in all."


def test_a_beat_is_known_by_its_words_or_its_id_wherever_it_stands() -> None:
    twice = PLUS_EQUALS + '[[beat]]\nsay = "Twice."\n' * 2 + '[[beat]]\nid = "end"\nsay = "Twice."\n'
    keys = of_text(twice).keys

    assert keys[:-3] == of_text(PLUS_EQUALS).keys
    assert (keys[-2], keys[-1]) == (f"{keys[-3]}.2", "end")
    assert len({*keys}) == len(keys)


def change(beat: int, **fields: object) -> Callable[[dict[str, Any]], None]:
    def make(data: dict[str, Any]) -> None:
        data["beat"][beat].update(fields)

    return make


def named(count: int, text: str) -> Callable[[dict[str, Any]], None]:
    """Names, each of them of the one before it."""

    def make(data: dict[str, Any]) -> None:
        data["let"] = {"b0": "a"} | {f"b{i}": text.format(f"b{i - 1}") for i in range(1, count)}

    return make


def _turned_to_way(beat: dict[str, Any]) -> None:
    del beat["until"]
    beat["way"] = ["forward"]


@each(
    ("make", "where", "message"),
    [
        (lambda data: data.pop("title"), (), "title is missing"),
        (lambda data: data.update(titel="x"), ("titel",), "there is no key titel: did you mean title?"),
        (lambda data: data.update(id="Why +="), ("id",), "an id is made of small letters"),
        (lambda data: data.update(setup=[]), ("setup",), "needs what to open"),
        (lambda data: data.update(beat=[]), ("beat",), "a lesson needs a beat"),
        (
            lambda data: [beat.update(id="sum") for beat in data["beat"][:2]],
            ("beat", 1, "id"),
            "another beat has the id",
        ),
        (lambda data: data.update(let={"b": "c", "c": "1"}), ("let", "b"), "b asks for c, which is named after it"),
        (lambda data: data.update(let={"b": "2 +"}), ("let", "b"), "cannot be read"),
        (named(100, "{}"), ("let", "b60"), "with the names in it written out, it is nested too deeply or too long"),
        (named(40, "{0} + {0}"), ("let", "b8"), "with the names in it written out"),
        (change(0, until="phase =="), ("beat", 0, "until"), "cannot be read"),
        (change(0, way=["forwards"]), ("beat", 0, "way", 0), "is no move"),
        (lambda data: _turned_to_way(data["beat"][0]), ("beat", 0, "way"), "until says, which is missing"),
        (change(0, show=["nod a"]), ("beat", 0, "show", 0), "what is shown is written as"),
        (change(0, ask="What?"), ("beat", 0, "ask"), "a question has an answer, or choices"),
        (change(1, do="phase", until="1 > 0"), ("beat", 1, "do"), "not both"),
        (change(1, say="Brace {"), ("beat", 1, "say"), "a brace stands alone"),
        (change(1, close=-1), ("beat", 1, "close"), "has to be above 0"),
        (change(1, close=10**400), ("beat", 1, "close"), "has to be a number"),
        (change(2, draw={"a": [-1e308, 1e308]}), ("beat", 2, "draw", "a"), "in steps that fit"),
        (change(2, draw={"a": [0, 1, 1e-300]}), ("beat", 2, "draw", "a"), "in steps that fit"),
        (change(2, draw={"a": [3, 1]}), ("beat", 2, "draw", "a"), "a range goes from the least to the most"),
        (change(3, choice=[]), ("beat", 3, "ask"), "a question has an answer, or choices"),
        (change(3, wrong=[{"answer": 1, "words": "x"}]), ("beat", 3, "wrong"), "is said by its words"),
    ],
)
def test_what_is_wrong_says_where_it_is(make: Callable[[dict[str, Any]], object], where: Where, message: str) -> None:
    data = tomllib.loads(PLUS_EQUALS)
    make(data)

    with pytest.raises(LessonError) as error:
        lesson(data)

    assert error.value.where == where
    assert message in str(error.value)


def test_drawn_numbers_are_those_of_their_seed_and_range() -> None:
    ranges = {"a": Range(-5, -2, 1), "x": Range(0.1, 0.9, 0.1)}
    found = [drawn(ranges, str(seed)) for seed in range(50)]

    assert drawn(ranges, "7") == found[7]
    assert {numbers["a"] for numbers in found} == {-5.0, -4.0, -3.0, -2.0}
    assert {numbers["x"] for numbers in found} == {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}


def test_drawn_numbers_take_the_place_of_the_set_ups_own() -> None:
    assert redrawn(["expr", "a*b", "a=3", "b=4"], {"b": -0.5}) == (("expr", "a*b", "a=3", "b=-0.5"), {})
    assert redrawn(["lecture", "--lr", "0.1"], {"lr": 0.3, "seed": 7.0}) == (
        ("lecture", "--lr", "0.3", "--seed", "7"),
        {},
    )
    assert redrawn(["parabola"], {"x": 5.0}) == (("parabola",), {"x": 5.0})
