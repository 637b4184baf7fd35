"""Gradients beside other libraries: equal, rounded, or a convention. Must not know how they are shown."""

from __future__ import annotations

import importlib.util
import math
import operator
from collections.abc import Mapping, Sequence
from typing import Any

import click
import pytest

from chainstep.datasets import DataError
from chainstep.engine.autograd.ops.table import OPS
from chainstep.engine.autograd.value import Value, apply
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.tui.against import conventions
from chainstep.tui.against.compare import compare, ulps
from chainstep.tui.against.library import LIBRARIES, Function, library
from chainstep.tui.cli.commands import check
from chainstep.tui.files.subjects.opening import open_subject
from support.cases import each


class Ours:
    """Our own engine as if it were another library."""

    name = "torch"
    version = "0"
    vectorised = False
    losses: Mapping[str, Any] = {}
    ops: Mapping[str, Any] = {
        **{
            name: lambda *inputs, op=op: apply(op, *inputs) for name, op in OPS.items() if name not in ("powc", "given")
        },
        "powc": operator.pow,
    }

    def column(self, numbers: Sequence[float]) -> Any:
        raise NotImplementedError

    def constant(self, number: float) -> Any:
        return Value(number)

    def total(self, column: Any) -> Any:
        return sum(column)

    def gradients(self, function: Function, at: Sequence[float]) -> list[float]:
        leaves = [Value(number) for number in at]
        function(leaves).backward()
        return [leaf.grad for leaf in leaves]


class Halving(Ours):
    """At a tie of max each side gets half, as in torch."""

    ops = {**Ours.ops, "max": lambda a, b: (a + b) * 0.5 if a.data == b.data else apply(OPS["max"], a, b)}


class Doubling(Ours):
    """Is simply wrong."""

    def gradients(self, function: Function, at: Sequence[float]) -> list[float]:
        grads = super().gradients(function, at)
        return [2.0 * grad for grad in grads]


def formula(source: str, **leaves: float) -> Session:
    return Session(Formula(source, leaves))


@pytest.mark.parametrize("what", ["lecture", "iris"])
def test_the_same_arithmetic_has_the_same_gradients(what: str) -> None:
    session, _ = open_subject(what)
    rows = compare(session.arithmetic(), Ours())

    assert [row.name for row in rows] == list(session.labels)
    assert {row.convention for row in rows} <= {"", "rounding"}
    assert all(row.theirs == pytest.approx(row.ours, rel=1e-9, abs=1e-12) for row in rows)


def test_a_tie_is_named_where_it_makes_the_difference_and_nowhere_else() -> None:
    arithmetic = formula("max(a, b) * c + max(d, e)", a=2.0, b=2.0, c=3.0, d=1.0, e=0.0).arithmetic()
    rows = {row.name: row for row in compare(arithmetic, Halving())}

    assert {name: row.convention for name, row in rows.items()} == {
        "a": "max of two equals",
        "b": "max of two equals",
        "c": "",
        "d": "",
        "e": "",
    }
    assert (rows["a"].ours, rows["a"].theirs) == (3.0, 1.5)


def test_what_nothing_explains_is_said() -> None:
    (row,) = compare(formula("x**2", x=3.0).arithmetic(), Doubling())

    assert (row.ours, row.theirs, row.convention) == (6.0, 12.0, "unexplained")


def test_what_a_library_lacks_is_refused() -> None:
    poor = Ours()
    poor.ops = {name: op for name, op in Ours.ops.items() if name != "tanh"}  # type: ignore[misc]
    with pytest.raises(DataError, match="torch 0 has no tanh, which this needs"):
        compare(formula("tanh(x)", x=3.0).arithmetic(), poor)
    with pytest.raises(DataError, match="Rosenblatt"):
        compare(open_subject("wonderland")[0].arithmetic(), Ours())


def test_ulps_count_the_floats_between() -> None:
    assert ulps(1.0, math.nextafter(1.0, 2.0)) == 1
    assert ulps(-5e-324, 5e-324) == 2
    assert ulps(0.0, -0.0) == 0
    assert ulps(math.nan, math.nan) == 0
    assert ulps(math.nan, 1.0) is None


@each("convention", conventions.CONVENTIONS)
def test_our_own_choices_are_those_in_the_table(convention: conventions.Convention) -> None:
    op = OPS[convention.op]
    a, b = convention.at[0], convention.at[-1]
    y = op.forward_function(a, b)
    slopes = tuple(along(a, b, y) for along in op.backward_functions if along is not None)

    assert convention.holds(a, b)
    assert conventions.same(slopes, convention.slopes["chainstep"])


@pytest.mark.parametrize("name", LIBRARIES)
def test_what_each_library_answers_is_what_the_table_says(name: str) -> None:
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    other = library(name)
    asked = [each for each in conventions.CONVENTIONS if name in each.slopes]
    answers = {}
    for convention in asked:
        op, inputs = other.ops[convention.op], convention.at
        if convention.op == "powc":
            found = other.gradients(lambda leaves, op=op, n=inputs[1]: op(leaves[0], n), inputs[:1])
        else:
            found = other.gradients(lambda leaves, op=op: op(*leaves), inputs)
        answers[convention.name] = found

    assert answers == {each.name: pytest.approx(each.slopes[name], nan_ok=True) for each in asked}


def test_the_command_line_offers_each() -> None:
    (offered,) = (option.type for option in check.params if option.name == "against")

    assert isinstance(offered, click.Choice)
    assert tuple(offered.choices) == LIBRARIES
