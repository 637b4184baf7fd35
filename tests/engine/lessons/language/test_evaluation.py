"""What expressions come to: the recorded figures of the lessons, and other ways to the same numbers; and that the
session asked stays as it was. Must not know lessons.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.lessons.errors import LessonError
from chainstep.engine.lessons.language import evaluation, looks, numbers, reading
from chainstep.engine.lessons.language.evaluation import Place
from chainstep.engine.lessons.language.reading import parse
from chainstep.engine.training.commands import Command, Forward, Goto
from chainstep.engine.training.moves import result
from chainstep.engine.training.session import Session
from chainstep.engine.training.step.compilation import Compilation
from chainstep.tui.cli.learning.setups import Setups
from support.cases import each
from support.lessons.plain import drawn, gradients
from support.lessons.written import quantum, value_of
from support.sessions import numbers_of
from support.walks import EDITS, FORKS, walked

PARABOLA, SHARED, LECTURE, IN_PAIRS, WONDERLAND = (
    ("parabola",),
    ("expr", "(a*b)*(a+b)", "a=-2", "b=3"),
    ("lecture",),
    ("lecture", "--batch-size", "2"),
    ("wonderland",),
)


@pytest.fixture(scope="module")
def opened() -> Callable[..., Session]:
    return Setups().open


def f(x: float) -> float:
    return 3 * x**2 - 4 * x + 5


FIGURES = [
    (PARABOLA, "final_loss", f(3)),
    (PARABOLA, "quotient(x, 1)", f(4) - f(3)),
    (PARABOLA, "quotient(x, 0.1)", (f(3.1) - f(3)) / 0.1),
    (PARABOLA, "quotient(x, 1e-17)", 0.0),
    (PARABOLA, "put(x, -3, quotient(x, 1))", f(-2) - f(-3)),
    (PARABOLA, "quotient(x, 0.5, 'central')", (f(3.5) - f(2.5)) / 1.0),
    (PARABOLA, "at('update', x.grad)", 14.0),
    (PARABOLA, "at('train 1', x.change)", -0.1 * 14),
    (PARABOLA, "nudged(x, 1, final_loss)", f(4)),
    (SHARED, "at('update', a.grad)", 2 * -2 * 3 + 3**2),
    (SHARED, "mistake('overwrite', at('update', a.grad))", 3.0),
    (SHARED, "at('update', mistake('overwrite', a.grad))", 3.0),
    (SHARED, "at('backward', node('a*b'))", -6.0),
    (SHARED, "at('backward', nudged(a, 1, node('a * b')))", -3.0),
    (SHARED, "on('expr', 'a+a', 'a=3', at('update', a.grad))", 2.0),
    (SHARED, "at('update', now(op)) - op", 0.0),
    (IN_PAIRS, "quotient(L2.n1.b, 1e-5, 'central') / at('update', L2.n1.b.grad)", 1.0),
    (IN_PAIRS, "at('train 1', quotient(L2.n1.b, 1e-5, 'central')) / at('train 1', at('update', L2.n1.b.grad))", 1.0),
    (LECTURE, "parameters", 41.0),
    (LECTURE, "parameters('L1')", 16.0),
    (LECTURE, "parameters('L2.n3')", 5.0),
    (LECTURE, "at('update', gradient_rms('L3'))", math.hypot(*gradients(drawn((3, 4, 4, 1), 1337))[2][0]) / 5**0.5),
    (LECTURE, "after(1, loss)", 6.00540278),
    (LECTURE, "after(20, loss)", 0.01778187),
    (LECTURE, "after(20, loss, lr=0.05)", 0.0596420),
    (LECTURE, "under(after(20, loss), lr=0.05)", 0.0596420),
    (LECTURE, "mistake('no_zero_grad', after(20, loss, lr=0.05))", 3.97519509),
    (LECTURE, "mistake('no_zero_grad', after(20, loss))", 0.0),
    (LECTURE, "at('train 20', loss_at(1))", 3.20214965),
    (LECTURE, "under(after(20, loss), init='zeros')", 4.0),
    (LECTURE, "under(parameters, hidden=8)", 4 * 8 + 9),
    (LECTURE, "under(parameters, hidden='16,16')", 4 * 16 + 17 * 16 + 17),
    (LECTURE, "total('seed', 1, 3, after(1, loss) > 0) + total('seed', 1337, 1337, after(1, loss))", 9.00540278),
    (LECTURE, "first(step) + at('train 3', first(step) + step)", 3.0),
    (WONDERLAND, "weighted(1, 0, 1)", 5 + 4 - 3),
    (WONDERLAND, "weighted(1, 0, 0)", 5 - 3),
    (WONDERLAND, "output(0, 1, 0)", 0.0),
    (WONDERLAND, "-L1.n1.b", 3.0),
    (WONDERLAND, "decision(1, 0, 0)", 1.0),
    (WONDERLAND, "max(1, exp(0), sqrt(4)) + min(3, log(1), tanh(0)) + round(2.6) + sum(1, 2) + abs(-1)", 9.0),
    (WONDERLAND, "1 if 2 > 1 and not 1 == 2 else 0", 1.0),
    (WONDERLAND, "1 / 0 - 1", math.inf),
]


@each(("words", "text", "figure"), FIGURES)
def test_expressions_come_to_the_figures_worked_out_elsewhere(
    opened: Callable[..., Session], words: tuple[str, ...], text: str, figure: float
) -> None:
    assert value_of(text, opened(words)) == pytest.approx(figure, rel=1e-6)


def test_each_function_that_can_be_read_can_be_evaluated() -> None:
    assert reading.MEASURES.keys() == numbers.MEASURES.keys()
    assert reading.LOOKS.keys() == looks.LOOKS.keys()
    assert reading.JOURNEYS.keys() == evaluation.JOURNEYS.keys()


@each(
    ("words", "text", "message"),
    [
        (PARABOLA, "2 + y", "column 5: there is no y"),
        (PARABOLA, "loss", "column 1: there is no loss here yet: say where, with then, go or at(…)"),
        (SHARED, "1 + node('a*b')", "column 5: a*b is not computed yet here: say where, with then, go or at(…)"),
        (SHARED, "node('a*c').grad", "column 1: there is no value a*c: did you mean a*b"),
        (SHARED, "at('nowhere', a)", "column 1: 'nowhere' is no move"),
        (SHARED, "at('layer 7', a)", "column 1: there is no layer 7"),
        (LECTURE, "under(loss, lrr=1)", "column 1: there is no knob called 'lrr'"),
        (LECTURE, "under(loss, lr=-1)", "column 1: lr must be finite and above 0, not -1.0"),
        (LECTURE, "quotient(L1.n9.w0, 1)", "column 1: there is no parameter L1.n9.w0: did you mean "),
        (LECTURE, "weighted(1)", "column 1: an input has 3 numbers, not 1"),
        (LECTURE, "under(loss, steps=1e400)", "column 1: steps cannot be inf"),
        (LECTURE, "under(loss, batch_size=2.5)", "column 1: batch_size cannot be 2.5"),
        (LECTURE, "under(loss, class_weights='no')", "column 1: class_weights cannot be 'no'"),
        (LECTURE, "1 + quotient(2 * L1.n1.b, 1)", "column 14: 2 * L1.n1.b is no name of a number"),
        (LECTURE, "2 * gradient_rms('L4')", "column 5: there is no layer 4: there are 3"),
        (LECTURE, "gradient_rms('L1.n1')", "column 1: a layer is written as L1, not L1.n1"),
        (LECTURE, "gradient_rms(1)", "column 1: gradient_rms takes a name in quotation marks"),
        (LECTURE, "1 + (2 > 1)", "column 6: 2 > 1 is no number"),
        (LECTURE, "phase < 'loss'", "column 1: words are compared with == and !="),
        (LECTURE, "under(loss, hidden='9999,9999')", "column 1: about 100049996 parameters are too many"),
        (LECTURE, "at('knob hidden 9999,9999', loss)", "column 1: about 100049996 parameters are too many"),
        (LECTURE, "total('seed', 1, 1e9, 1)", "column 1: total goes through at most 100 values"),
        (LECTURE, "total('seed', 1, 2, phase)", "column 21: phase is no number"),
        (LECTURE, "on('nothing', 1)", "column 1: there is no example"),
    ],
)
def test_what_is_not_there_is_told_with_its_column(
    opened: Callable[..., Session], words: tuple[str, ...], text: str, message: str
) -> None:
    with pytest.raises(LessonError) as error:
        value_of(text, opened(words))

    assert str(error.value).startswith(message)


EVERYWHERE = (
    "under(after(2, final_loss), lr=0.7)",
    "mistake('overwrite', at('update', L1.n1.w0.grad))",
    "nudged(L1.n1.w0, 0.5, at('step 3 backward', x0)) + put(x0, 9, x0)",
    "quotient(L1.n1.b, 0.001) + after(3, L1.n1.w0.change, momentum=0.5)",
    "at('knob lr 3; set L1.n1.w0 2; input 1 0; break loss < 0; undo; train 2', final_loss)",
    "first(at('train 1; fork; reseed', final_loss))",
)


def whole(session: Session) -> str:
    """All that a session has, in words."""
    branches = [(branch.name, branch.run.history.edits) for branch in session.branches]
    seen = session.inspector.probe, session.inspector.neuron, session.granularity, session.stopped
    return repr((numbers_of(session), list(session.log), branches, seen, [*session.debugger.breakpoints]))


MOVES = st.one_of(st.builds(Forward, st.just("op"), st.integers(1, 90)), st.builds(Goto, st.integers(0, 4)))


@given(st.lists(st.one_of(EDITS, FORKS, MOVES), max_size=6), st.sampled_from(EVERYWHERE))
def test_asking_leaves_a_session_as_it_was(commands: list[Command], text: str) -> None:
    session = walked(Setups().open(["xor", "--hidden", "2"]), commands)
    before, run, last = whole(session), session.run, session.run.last

    with suppress(LessonError):  # under other knobs there may be no such place
        value_of(text, session)

    assert whole(session) == before
    assert session.run is run
    assert session.run.last is last


@pytest.mark.parametrize(
    "text", ["after(3, loss)", "under(after(3, loss), lr=0.5)", "first(after(3, loss))", "on('xor', after(3, loss))"]
)
def test_nothing_is_compiled_where_somebody_else_does_that(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    setups, compiled = Setups(compiles_here=False), []
    monkeypatch.setattr(Compilation, "make", lambda self: compiled.append(self))
    place = Place(setups.open(["moons"]), setups.open(["moons"]), setups.open, quantum, {})

    assert result(evaluation.number(parse(text), place)) > 0.0
    assert compiled == []
