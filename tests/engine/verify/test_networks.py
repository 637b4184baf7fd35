"""Verdicts on networks: the lecture's, built in other ways, and with a mistake in them. Knows them as text."""

from __future__ import annotations

import random

import pytest

from chainstep.engine.verify import Row, verify
from chainstep.engine.verify.bench import Bench
from chainstep.engine.verify.networks import network_rows
from chainstep.engine.verify.verify import adapted
from support.cases import each
from support.engines.mutants import LECTURE, names

GRADIENTS, ZERO, STEPS = (f"MLP(3, [4, 4, 1]): {what}" for what in ("gradients", "zero_grad()", "20 steps"))
COUNT = "MLP(3, [4, 4, 1])"


def judged(*replaced: tuple[str, str]) -> dict[str, Row]:
    """The rows of the lecture's network with these changes."""
    text = LECTURE
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return {row.check: row for row in network_rows(Bench(adapted(names(text)), text))}


@each(
    "replaced",
    [
        (),
        [("act.tanh()", "act.relu()")],
        [("act.tanh()", "act")],
        [("outs[0] if len(outs) == 1 else outs", "outs")],
        [("self.w + [self.b]", "[self.b] + self.w")],
        [("(self, nin, nouts):\n        sizes = [nin] + nouts", "(self, sizes):\n        nouts = sizes[1:]")],
        [("wi * xi", "wi * (xi if isinstance(xi, Value) else Value(xi))")],
    ],
)
def test_a_network_is_right_however_it_is_built(replaced: list[tuple[str, str]]) -> None:
    rows = judged(*replaced)

    assert {check: row.verdict for check, row in rows.items()} == dict.fromkeys(
        (COUNT, GRADIENTS, ZERO, STEPS), "right"
    )
    assert (rows[COUNT].got, rows[COUNT].want) == (41.0, 41.0)
    assert rows[STEPS].got == pytest.approx(rows[STEPS].want)


def test_one_of_another_build_is_held_against_differences() -> None:
    rows = judged(("act.tanh()", "act.tanh() * 0.5"))
    assert [rows[check].verdict for check in (GRADIENTS, STEPS)] == ["right", "choice"]

    rows = judged(("act.tanh()", "act.tanh() * 0.5"), ("(1 - t**2)", "(1 - t)"))
    assert rows[GRADIENTS].verdict == "wrong"


@each(
    ("check", "kind", "words", "old", "new"),
    [
        (COUNT, "other", "leaves out 9", "self.w + [self.b]", "self.w"),
        (COUNT, "other", "twice", "self.w + [self.b]", "self.w + [self.b, self.b]"),
        (ZERO, "zeroing", "leaves 41", "p.grad = 0.0", "p.gard = 0.0"),
        (ZERO, "zeroing", "parameters themselves", "p.grad = 0.0", "p.grad = p.data = 0.0"),
        (GRADIENTS, "cut", "no gradient reaches", "wi * xi", "Value(wi.data) * xi"),
    ],
)
def test_what_is_wrong_with_a_network_is_said(check: str, kind: str, words: str, old: str, new: str) -> None:
    row = judged((old, new))[check]

    assert (row.verdict, row.kind) == ("wrong", kind)
    assert words in row.why
    assert row.line is not None


def test_a_mistake_in_an_op_explains_the_network() -> None:
    text = LECTURE.replace("self.grad += (1 - t**2)", "self.grad -= (1 - t**2)")
    rows = {}
    for row in verify(names(text), source=text):
        rows[row.check] = row
        if row.check == STEPS:
            break

    assert {rows[check].kind for check in (GRADIENTS, STEPS, "tanh")} == {"sign"}


def test_the_random_numbers_of_whoever_asks_are_left_as_they_were() -> None:
    random.seed(5)
    expected = random.random()
    random.seed(5)
    judged()

    assert random.random() == expected


def test_what_there_is_not_is_missing() -> None:
    assert [row.verdict for row in network_rows(Bench(adapted({"Value": names(LECTURE)["Value"]}), None))] == [
        "missing"
    ]
    assert judged(("def zero_grad", "def other"))[ZERO].verdict == "missing"
    assert [row.verdict for row in judged(("(self, nin, nouts)", "(self, nin, nouts, act, *, loss)")).values()] == [
        "missing"
    ]
