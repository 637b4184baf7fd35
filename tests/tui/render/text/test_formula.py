"""Names in rules keep their brackets where operators would tear them apart. Must not know what is done with them."""

from __future__ import annotations

from chainstep.tui.render.text.formula import named
from support.cases import each


@each(
    ("rule", "a", "b", "expected"),
    [
        ("{a}/{b}", "(a + b)*(c + a)", "b - c", "(a + b)*(c + a)/(b - c)"),
        ("{a}*{b}", "a + b", "x0*w0", "(a + b)*(x0*w0)"),
        ("{a}*{b}", "x0*w0", "L1.n1.w0", "x0*w0*L1.n1.w0"),
        ("{a} - {b}", "a - b", "c - d", "a - b - (c - d)"),
        ("{a} + {b}", "a*b", "c", "a*b + c"),
        ("{a}**{b}", "x**2", "-1", "(x**2)**(-1)"),
        ("{b}·{a}**({b}-1)", "x*y", "2", "2·(x*y)**(2-1)"),
        ("-{a}", "a + b", "", "-(a + b)"),
        ("tanh({a})", "a + b", "", "tanh(a + b)"),
        ("{b} · {g}", "", "tanh(a + b)", "tanh(a + b) · (a + b).grad"),
        ("(1 - {a}**2)", "tanh(x)", "", "(1 - tanh(x)**2)"),
    ],
)
def test_a_name_is_bracketed_where_it_would_be_torn(rule: str, a: str, b: str, expected: str) -> None:
    assert named(rule, {"a": a, "b": b, "g": "(a + b).grad"}) == expected
