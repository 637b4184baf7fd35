"""Conditions: what can be said, what cannot, and that nothing that is typed is ever run or raises."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.commands import CommandError
from chainstep.engine.training.debugger.conditions import ConditionError, Numbers, parse
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from support.cases import each

NAN = math.nan


@pytest.fixture(scope="module")
def program() -> object:
    """An expression with the leaves a and b."""
    return Session(Formula("tanh(a*b)", {"a": 2.0, "b": -3.0}), Settings(lr=0.01)).run.stepper.program


def holds(text: str, program: object, **changes: object) -> bool:
    numbers = Numbers(0.5, NAN, 0.1, 7.0, 2.0, (2.0, -3.0), (0.25, NAN), (1.5, -3.0))._replace(**changes)  # type: ignore[arg-type]
    return parse(text).bind(program).holds(*numbers)  # type: ignore[arg-type]


@each(
    ("text", "expected"),
    [
        ("loss < 0.6", True),
        ("LOSS < 0.6 AND Not step != 7", True),
        ("0 < loss <= 0.5 < epoch", True),
        ("0 < loss < 0.5", False),
        ("abs(b) == 3 and a.data - 1 == 1", True),
        ("a.grad * 4 == 1 or loss", None),
        ("a.change == 0.5", True),
        ("isnan(b.grad) and not isfinite(accuracy)", True),
        ("isinf(1 / (a - 2))", True),
        ("isnan(0 / 0) and isnan((-8) ** 0.5)", True),
        ("10 ** step ** step > 1e300 and isinf(9 ** 9 ** 9)", True),
        ("accuracy == accuracy", False),
        ("accuracy != 1", False),
        ("not accuracy == 1", True),
        ("min(a, b, loss) == -3 and max(1, a) == 2", True),
        ("isnan(max(1, accuracy)) and isnan(min(accuracy, 1))", True),
        ("-2 ** 2 == -4 and +lr > 0 and step / 2 == 3.5", True),
    ],
)
def test_what_a_condition_says(text: str, expected: bool | None, program: object) -> None:
    if expected is None:
        with pytest.raises(ConditionError):
            parse(text)
    else:
        assert holds(text, program) is expected


@each(
    ("text", "part"),
    [
        ("loss", "column 1: loss is a number"),
        ("a.grad", "a.grad > 5"),
        ("loss = 1", "column 6: write =="),
        ("loss <", "cannot be read"),
        ("loss < 1 and", "cannot be read"),
        ("__import__('os').system('true') == 0", "column 1 is not allowed"),
        ("().__class__ == 1", "column 1 is not allowed"),
        ("loss < [x for x in (1,)]", "column 8 is not allowed"),
        ("(lambda: 1)() > 0", "not allowed"),
        ("loss < 'a'", "column 8 is not allowed"),
        ("loss < True", "column 8 is not allowed"),
        ("loss < 1j", "column 8 is not allowed"),
        ("loss % 2 == 0", "not allowed"),
        ("loss is 1", "compared with"),
        ("loss in (1, 2)", "not allowed"),
        ("abs(loss, 1) > 2", "abs takes 1 argument, not 2"),
        ("min(loss) > 2", "min takes 2 to 9"),
        ("isnan()", "isnan takes 1 argument, not 0"),
        ("abs(x=1) > 2", "not allowed"),
        ("(loss < 1) + 1 > 0", "column 2: loss < 1 is no number"),
        ("isnan(loss) > 0", "isnan(loss) is no number"),
        ("f'{loss}' == 1", "not allowed"),
        ("(yield) > 1", "not allowed"),
        ("(loss := 1) > 0", ""),
        ("", "cannot be read"),
        ("9" * 400 + " > loss", "300 characters"),
        ("1" * 290 + "e999 > 1\x00", ""),
        ("(" * 140 + "loss" + ")" * 140 + " < 1", None),
        ("-" * 250 + "loss < 1", None),
    ],
)
def test_nonsense_is_one_clear_line(text: str, part: str | None) -> None:
    if part is None:
        # Deep, but the parser of this Python may well take it.
        try:
            parse(text)
        except CommandError as error:
            assert "\n" not in str(error)  # noqa: PT017
        return
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@each(
    ("text", "part"),
    [
        ("c > 1", "column 1: there is no c"),
        ("loss < 1 and los > 1", "column 14: there is no los: did you mean loss?"),
        ("a.slope > 1", "there is no a.slope: a has data, grad, change"),
        ("a.data.grad > 1", "there is no a.data.grad"),
    ],
)
def test_a_name_that_the_model_lacks_is_pointed_at(text: str, part: str, program: object) -> None:
    with pytest.raises(ConditionError, match=r"column \d+: ") as caught:
        parse(text).bind(program)  # type: ignore[arg-type]
    assert part in str(caught.value)


def test_near_names_of_a_network(begin: Callable[..., Session]) -> None:
    program = begin("lecture").run.stepper.program
    assert parse("abs(L1.n1.w0.grad) > 5").bind(program).recorded is False
    with pytest.raises(ConditionError, match=r"column 5: there is no L1\.n1\.w9: did you mean L1\.n1\.w"):
        parse("abs(L1.n1.w9) > 5").bind(program)


def test_what_is_recorded_is_known(program: object) -> None:
    assert parse("loss < 1 and step > 3").recorded
    assert not parse("loss < 1 and a > 3").recorded
    assert parse("loss < 1").bind(program).each is not None  # type: ignore[arg-type]
    assert parse("loss < step").bind(program).each is None  # type: ignore[arg-type]


@each("text", ["loss < 0.5", "accuracy > 0.5 or loss == 2", "1 < 2", "not accuracy < 0.5"])
def test_many_steps_are_told_as_each_is(text: str, program: object) -> None:
    losses, accuracies = [0.1, NAN, 2.0, 0.7], [NAN, 0.6, 0.2, 1.0]
    bound = parse(text).bind(program)  # type: ignore[arg-type]
    assert bound.each is not None
    single = [holds(text, program, loss=a, accuracy=b) for a, b in zip(losses, accuracies, strict=True)]
    assert bound.each(losses, accuracies) == single


words = st.sampled_from(
    ["loss", "a", "b.grad", "1e308", "0", "-", "+", "*", "/", "**", "<", "==", "!=", "and", "not", "(", ")", "abs(",
     "isnan(", "max(", ",", "a.change", "step"]
)  # fmt: skip
numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(text=st.lists(words, min_size=1, max_size=14).map(" ".join), loss=numbers, a=numbers, b=numbers)
def test_what_can_be_read_never_raises(text: str, loss: float, a: float, b: float, program: object) -> None:
    try:
        bound = parse(text).bind(program)  # type: ignore[arg-type]
    except ConditionError:
        return
    assert isinstance(bound.holds(loss, a, b, 3.0, 0.0, (a, b), (b, loss), (loss, a)), bool)


@given(text=st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except CommandError as error:
        assert "\n" not in str(error)  # noqa: PT017
