"""The rule that gives an asked number, in symbols and in numbers. Must not know questions."""

from __future__ import annotations

from chainstep.engine.lessons.language.elsewhere import copy_of
from chainstep.engine.lessons.language.moves import made, parse
from chainstep.engine.lessons.language.reading import parse as expression
from chainstep.engine.lessons.play.rules import rule_of
from chainstep.engine.training.moves import finish, result
from chainstep.tui.cli.learning.setups import Setups
from support.cases import each
from support.lessons.written import quantum


@each(
    ("formula", "answer", "mistake", "symbols", "numbers"),
    [
        ("L = a + a", "a.grad", "none", "a.grad += ∂L/∂a · L.grad", "1 + 1 · 1 = 2"),
        ("L = a + a", "a.grad", "overwrite", "a.grad = ∂L/∂a · L.grad", "1 · 1 = 1"),
        ("L = a**2", "a.grad", "none", "a.grad += ∂L/∂a · L.grad", "2·(-3)**(2-1) · 1 = -6"),
        ("L = (a*2)*5", "node('a*2').grad", "none", "(a*2).grad += ∂L/∂(a*2) · L.grad", "5 · 1 = 5"),
        ("L = (a*2)*5", "node('a*2')", "none", "a*2", "-3*2 = -6"),
        ("L = a + 2", "2 * a.grad", "none", "", ""),
        ("L = a + 2", "parameters", "none", "", ""),
    ],
)
def test_the_last_op_that_wrote_a_number_gives_its_rule(
    formula: str, answer: str, mistake: str, symbols: str, numbers: str
) -> None:
    start = copy_of(Setups().open(["expr", formula, "a=-3"]))
    finish(made(parse(f"mistake {mistake}"), start, quantum))
    end = copy_of(start)
    finish(made(parse("update"), end, quantum))
    rule = result(rule_of(expression(answer), start, end, quantum))

    assert (rule.symbols, rule.numbers) == (symbols, numbers)
