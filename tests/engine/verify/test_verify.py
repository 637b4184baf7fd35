"""Verdicts on engines: a right one, ours, and one mistake of each kind. Knows the lecture's engine as text."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from chainstep.engine import MLP, Value
from chainstep.engine.verify import NoEngineError, Row, assert_right, verify

from .engines import LECTURE, mistaken, names

MUL = "Value(self.data * other.data, (self, other), '*')"

MISTAKES: list[tuple[str, str, str, str]] = [
    ("assigned", "self.grad += 1 / self.data", "self.grad = 1 / self.data", "has `=` where `+=` is needed"),
    ("assigned", "other.grad += self.data", "other.grad = self.data", "has `=` where `+=` is needed"),
    ("sign", "self.grad += (1 - t**2)", "self.grad -= (1 - t**2)", "wrong sign"),
    ("sign", "other.grad += 1.0", "other.grad -= 1.0", "wrong sign"),
    (
        "swapped",
        "self.grad += other.data * out.grad\n            other.grad += self.data",
        "self.grad += self.data * out.grad\n            other.grad += other.data",
        "swapped",
    ),
    ("reflected", "return other + (-self)", "return self + (-other)", "plain one"),
    ("reflected", "return other * self**-1", "return self * other**-1", "plain one"),
    (
        "no-backward",
        "self.grad += (out.data > 0) * out.grad\n        out._backward",
        "self.grad += (out.data > 0) * out.grad\n        out._backwards",
        "no gradient is handed on",
    ),
    ("no-backward", "self.grad = 1.0", "pass", "not set to 1"),
    (
        "no-backward",
        "self.grad += out.data * out.grad\n        out._backward",
        "self.grad += out.data * out.grad\n        self._backward",
        "on the input",
    ),
    (
        "data-for-grad",
        "self.grad += other.data * out.grad",
        "self.grad += other.grad * out.grad",
        "`.grad` stands where",
    ),
    (
        "data-for-grad",
        "self.grad += out.data * out.grad",
        "self.grad += out.data * out.data",
        "`out.data` stands where",
    ),
    (
        "cut",
        "Value(self.data * other.data, (self, other), '*')",
        "Value(self.data * other.data, (self,), '*')",
        "`other`",
    ),
    (
        "cut",
        "return self + (-other)",
        "return self + Value(-other.data if isinstance(other, Value) else -other)",
        "cut",
    ),
    ("other-derivative", "self.grad += (1 - t**2)", "self.grad += (1 - t)", "without the square"),
    ("other-derivative", "(self.data ** (other - 1))", "(self.data ** other)", "the exponent is not lowered"),
    ("other-derivative", "self.grad += out.data * out.grad", "self.grad += 0.3 * out.data ** 2 * out.grad", "another"),
    ("integer", "Value(self.data**other,", "Value(int(self.data**other),", "rounded towards 0"),
    ("clamped", "math.log(self.data)", "math.log(max(self.data, 1e-12))", "kept away from 0"),
    ("nan-lost", "Value(0 if self.data < 0 else self.data,", "Value(self.data if self.data > 0 else 0,", "nan is lost"),
    ("order", "in reversed(topo)", "in topo", "`reversed` is missing"),
    ("order", "visited.add(v)", "pass", "visited twice"),
    ("zeroing", "node._backward()", "node.grad = 1.0; node._backward()", "set to 1"),
    ("other", "self.grad += 1 / self.data * out.grad", "self.grad += 1 / self.data", "is left out"),
]


def verdicts(text: str) -> list[Row]:
    return list(verify(names(text), source=text))


def test_the_lecture_s_engine_is_right() -> None:
    rows = verdicts(LECTURE)
    found = {row.check: row.verdict for row in rows}

    assert [row for row in rows if row.verdict == "wrong"] == []
    assert Counter(found.values())["right"] > 100
    assert len(found) == len(rows)
    assert {check for check, verdict in found.items() if verdict == "missing"} == {
        "a ** b",
        "2 ** a",
        "sigmoid",
        "MLP(3, [4, 4, 1])",
    }
    assert found["a ** 0 at 0"] == found["1,100 additions in a row"] == found["tanh(1000)"] == "raises"
    assert found["900 additions in a row"] == found["a balanced sum of 10,000"] == "right"
    assert found["a ** 0.5 of a negative"] == found["backward twice"] == "choice"
    assert found["two losses that share a node"] == "choice"


def test_our_own_is_right_throughout() -> None:
    rows = list(verify({"Value": Value, "MLP": MLP}))
    verdict = Counter(row.verdict for row in rows)

    assert verdict.keys() == {"right", "choice"}
    assert verdict["choice"] == 2
    assert {row.kind for row in rows} == {None}
    assert_right(Value)


@pytest.mark.parametrize(("kind", "old", "new", "words"), MISTAKES, ids=lambda each: each[:30] if each else "")
def test_each_mistake_is_found_and_named(kind: str, old: str, new: str, words: str) -> None:
    text = mistaken(old, new)
    wrong = [row for row in verdicts(text) if row.verdict == "wrong"]
    changed = [
        number
        for number, (before, after) in enumerate(zip(LECTURE.splitlines(), text.splitlines(), strict=True), 1)
        if before != after
    ]

    assert {row.kind for row in wrong} == {kind}
    assert all(words in row.why for row in wrong)
    lines = {row.line for row in wrong}
    assert None not in lines
    # A method that is wrong as a whole, and a backward that is not set, have no one statement.
    assert kind in ("order", "no-backward", "zeroing", "cut") or lines <= {*changed}
    assert all(row.got != row.want for row in wrong)


def test_wrong_ones_fail_a_test_of_one_s_own_once_a_mistake() -> None:
    found = names(mistaken("self.grad += (1 - t**2)", "self.grad -= (1 - t**2)"))

    with pytest.raises(
        AssertionError, match=r"checks are wrong\n∂\(tanh\(a\)\)/∂a at a=-0.5 is -0.78\S+, not 0.78"
    ) as told:
        assert_right(found)
    assert len(str(told.value).splitlines()) == 2


def test_what_a_class_does_to_the_process_is_told_as_raised() -> None:
    class Leaving(Value):
        def tanh(self) -> Any:
            raise SystemExit(3)

    rows = {row.check: row for row in verify(Leaving)}

    assert (rows["tanh"].verdict, rows["tanh"].got) == ("raises", "SystemExit: 3")
    assert rows["exp"].verdict == "right"


def test_rows_come_as_they_are_found() -> None:
    class Interrupted(Value):
        def exp(self) -> Any:
            raise KeyboardInterrupt

    rows = verify(Interrupted)
    assert next(rows).check == "a number"
    with pytest.raises(KeyboardInterrupt):
        list(rows)


def test_a_class_can_be_named() -> None:
    mistake = mistaken("class Value", "class Mine").replace("Value(", "Mine(").replace("+= 1 /", "= 1 /")
    found = {"Value": Value, "Mine": names(mistake.replace(", Value)", ", Mine)"))["Mine"]}

    assert not [row for row in verify(found) if row.verdict == "wrong"]
    assert {row.kind for row in verify(found, name="Mine") if row.verdict == "wrong"} == {"assigned"}
    with pytest.raises(NoEngineError):
        next(verify(found, name="Other"))
