"""Verdicts on engines: a right one, ours, and one mistake of each kind. Knows the lecture's engine as text."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import Any

import pytest

from chainstep.engine import MLP, Value
from chainstep.engine.verify import NoEngineError, Row, assert_right, verify
from chainstep.engine.verify.checks.plays import DEEP_AND_WIDE, PLAYS
from support.cases import each
from support.engines.mutants import LECTURE, MUTANTS, Mutant, names

# Beyond the mutants: (kind, what stands in the lecture's engine, the mistake, what is said of it).
MISTAKES: list[tuple[str, str, str, str]] = [
    ("assigned", "other.grad += self.data", "other.grad = self.data", "has `=` where `+=` is needed"),
    (
        "no-backward",
        "self.grad += out.data * out.grad\n\n        out._backward",
        "self.grad += out.data * out.grad\n\n        self._backward",
        "on the input",
    ),
    ("no-backward", "            other.grad += -out.grad\n", "", "`other` gets no gradient"),
    ("cut", "return Value(other) / self", "return Value(other / self.data)", "is cut from the graph"),
    ("cut", "self._prev = set(_children)", "self._prev = set()", "does not keep what it is made of"),
    ("cut", '(self, other), "*")', '(self,), "*")', "`other` is not among the children"),
    (
        "assigned",
        "self.grad += -out.grad",
        "self.grad = out.grad",
        "accumulated; and the gradient has the wrong sign",
    ),
    ("other-derivative", "out.data * out.grad", "0.3 * out.data**2 * out.grad", "that of another function"),
    ("integer", "Value(self.data**n,", "Value(int(self.data**n),", "rounded towards 0"),
    ("integer", "self.data = data", "self.data = int(data)", "numbers are kept as integers"),
    ("clamped", "node._backward()", "node._backward()\n            node.grad = max(-1.0, min(1.0, node.grad))", "±1"),
    ("order", "visited.add(v)", "pass", "visited twice"),
    ("order", "reversed(topo)", "sorted(topo, key=lambda v: -abs(v.data))", "their order is not topological"),
    ("other", "other.grad += 1.0 * out.grad", "other.grad = self.grad", "none of the usual mistakes"),
    ("order", "for node in reversed(topo):", "for node in topo:", "`reversed` is missing"),
    ("zeroing", "node._backward()", "node.grad = 1.0\n            node._backward()", "set to 1"),
    ("other", "self.grad += 1 / self.data * out.grad", "self.grad += 1 / self.data", "is left out"),
    ("other", "math.log(self.data)", "math.log10(self.data)", "the logarithm to base 10"),
]


def verdicts(text: str, last: str = PLAYS[-1].name) -> list[Row]:
    """The rows before those that take longest: of a network, of depth and width."""
    rows = verify(names(text), source=text)
    return [*takewhile(lambda row: row.check != last, rows)]


def mistaken(old: str, new: str) -> str:
    """The lecture's text with a mistake in it."""
    assert old in LECTURE
    return LECTURE.replace(old, new, 1)


def test_the_lecture_s_engine_is_right() -> None:
    rows = list(verify(names(LECTURE), source=LECTURE))
    found = {row.check: row.verdict for row in rows}

    assert [row for row in rows if row.verdict == "wrong"] == []
    assert Counter(found.values())["right"] > 130
    assert len(found) == len(rows)
    missing = {check for check, verdict in found.items() if verdict == "missing"}
    assert {check for check in missing if not check.startswith("with NumPy")} == {"a ** b", "2 ** a"}
    assert found["a ** 0 at 0"] == found["1,100 additions in a row"] == found["exp(1000)"] == "raises"
    assert found["900 additions in a row"] == found["a balanced sum of 10,000"] == found["tanh(1000)"] == "right"
    assert found["a ** 0.5 of a negative"] == found["backward twice"] == "choice"
    assert found["two losses that share a node"] == "choice"


def test_our_own_is_right_throughout() -> None:
    rows = list(verify({"Value": Value, "MLP": MLP}))
    verdict = Counter(row.verdict for row in rows)

    assert verdict.keys() == {"right", "choice"}
    assert verdict["choice"] == 2
    assert {row.kind for row in rows} == {None}
    assert_right(Value)


@each("mutant", MUTANTS)
def test_each_mutant_is_found_and_its_kind_named(mutant: Mutant) -> None:
    rows = verdicts(mutant.source, DEEP_AND_WIDE[0].name) if "zero_grad" in mutant.name else verdicts(mutant.source)
    wrong = [row for row in rows if row.verdict == "wrong"]

    assert {row.kind for row in wrong} == {mutant.kind}
    assert all(row.line is not None and row.why and row.got != row.want for row in wrong)


@pytest.mark.parametrize(("kind", "old", "new", "words"), MISTAKES, ids=lambda each: each[:30])
def test_each_mistake_is_found_and_named_with_its_line(kind: str, old: str, new: str, words: str) -> None:
    text = mistaken(old, new)
    wrong = [row for row in verdicts(text) if row.verdict == "wrong"]

    assert {row.kind for row in wrong} == {kind}
    assert all(words in row.why for row in wrong)
    if kind in ("assigned", "other-derivative", "integer", "clamped", "other") and not words.startswith("none"):
        lines = text.splitlines()
        assert all(row.line and lines[row.line - 1] not in LECTURE.splitlines() for row in wrong)


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
    mistake = mistaken("+= 1 /", "= 1 /").replace("Value", "Mine")
    found = {"Value": Value, "Mine": names(mistake)["Mine"]}

    assert not [row for row in verify(found) if row.verdict == "wrong"]
    assert {row.kind for row in verify(found, name="Mine") if row.verdict == "wrong"} == {"assigned"}
    with pytest.raises(NoEngineError):
        next(verify(found, name="Other"))
