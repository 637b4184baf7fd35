"""The table of operations: one row an op, its forward and its backward side by side. Knows formulas alone; must not
know how they are run, written or stepped.

What is stepped, what is compiled and what the screen prints are all made of these rows, so they cannot disagree. Every
op follows IEEE 754: it never raises and never turns complex.

To add an op is to add a row. A square, say:

    Op(
        "square",
        forward="a * a",
        backward=("2.0 * a",),
        forward_text="{a}²",
        backward_text=("2·{a}",),
        precedence=POWER,
        forward_words="A square has no sign, and large numbers count far more.",
        outcomes=(("y == y", "{a} times itself is {y}."),),
        words="The slope of a square is twice its input.",
    )

`forward` is y, as a formula of the inputs a and b. `backward` has ∂y/∂a and, where there is a b, ∂y/∂b, as formulas of
a, b and y; the chain rule multiplies them by the gradient of y. The texts say the same to people, and `outcomes` what
came of this op's own numbers. A formula may call
what `ieee.NAMESPACE` has. The tests hold each row against a central difference, extreme numbers and its own texts.
`Value` has a method for what people call on it, and `expression.FUNCTIONS` the names that may be typed.
"""

from __future__ import annotations

import copyreg
from collections.abc import Mapping

from .operation import POWER, PRODUCT, SIGN, SUM, Op

_TABLE = (
    Op(
        "add",
        forward="a + b",
        backward=("1.0", "1.0"),
        forward_text="{a} + {b}",
        backward_text=("1", "1"),
        precedence=SUM,
        forward_words="A sum gathers what its inputs bring, each in full.",
        outcomes=(("y == y", "{a} and {b} come to {y}."),),
        words="A sum hands its gradient on to both inputs, unchanged.",
    ),
    Op(
        "sub",
        forward="a - b",
        backward=("1.0", "-1.0"),
        forward_text="{a} - {b}",
        backward_text=("1", "(-1)"),
        precedence=SUM,
        forward_words="A difference says how far the left input is above the right one.",
        outcomes=(
            ("a > b", "{a} is above {b}, so the difference is positive."),
            ("a < b", "{a} is below {b}, so the difference is negative."),
            ("a == b", "They are equal: nothing is left."),
        ),
        words="A difference hands its gradient to the left input, its negative to the right.",
    ),
    Op(
        "mul",
        forward="a * b",
        backward=("b", "a"),
        forward_text="{a}*{b}",
        backward_text=("{b}", "{a}"),
        precedence=PRODUCT,
        forward_words="A product scales one input by the other: a weight says how much it counts.",
        outcomes=(
            ("y == 0.0", "A factor of 0 lets nothing of the other through."),
            ("y > 0.0", "The signs are equal, so the product is positive."),
            ("y < 0.0", "The signs differ, so the product is negative."),
        ),
        words="A product hands each input the gradient times the other input.",
    ),
    Op(
        "div",
        forward="divide(a, b)",
        backward=("divide(1.0, b)", "divide(-y, b)"),
        forward_text="{a}/{b}",
        backward_text=("1/{b}", "(-{y}/{b})"),
        precedence=PRODUCT,
        forward_words="A quotient says how often the divisor goes into the left input.",
        outcomes=(
            ("b == 0.0", "Nothing is divided by 0: {y}."),
            ("y == y", "{b} goes {y} times into {a}."),
        ),
        words="A quotient divides the gradient by the divisor, whose own share is negative.",
    ),
    Op(
        "neg",
        forward="-a",
        backward=("-1.0",),
        forward_text="-{a}",
        backward_text=("(-1)",),
        precedence=SIGN,
        forward_words="A minus sign turns a number round.",
        outcomes=(("a == a", "{a} becomes {y}."),),
        words="A minus sign turns the gradient round.",
    ),
    Op(
        "pow",
        forward="power(a, b)",
        backward=(
            "0.0 if b == 0.0 else b * power(a, b - 1.0)",
            "0.0 if a == 0.0 and b >= 0.0 else y * log(a)",
        ),
        forward_text="{a}**{b}",
        backward_text=("{b}·{a}**({b}-1)", "{y}·log({a})"),
        precedence=POWER,
        forward_words="A power multiplies its base by itself, as often as the exponent says.",
        outcomes=(("y == y", "{a} to the power of {b} is {y}."),),
        words="A power pulls its exponent down; the exponent's own share is the power times log of the base.",
    ),
    Op(
        "powc",
        forward="power(a, b)",
        backward=("0.0 if b == 0.0 else b * power(a, b - 1.0)", None),
        forward_text="{a}**{b}",
        backward_text=("{b}·{a}**({b}-1)", None),
        precedence=POWER,
        forward_words="A fixed power: an even one, as a square, leaves no sign, and large numbers count far more.",
        outcomes=(
            ("b == 2.0 and y == y", "{a} times itself is {y}."),
            ("y == y", "{a} to the power of {b} is {y}."),
        ),
        words="A fixed exponent is pulled down: the slope of a**n is n·a**(n-1).",
    ),
    Op(
        "sqrt",
        forward="root(a)",
        backward=("divide(0.5, y)",),
        forward_text="sqrt({a})",
        backward_text=("1/(2·{y})",),
        forward_words="A root asks which number was squared.",
        outcomes=(
            ("a >= 0.0", "{y} times itself is {a}."),
            ("a < 0.0", "No number times itself is {a}: nan."),
        ),
        words="The slope of a root is one over twice the root: the nearer to 0, the steeper.",
    ),
    Op(
        "relu",
        forward="0.0 if a <= 0.0 else a",
        backward=("0.0 if a <= 0.0 else 1.0",),
        forward_text="relu({a})",
        backward_text=("[{a} > 0]",),
        forward_words="A ReLU lets through what is above 0, and cuts all else off at 0.",
        outcomes=(
            ("a > 0.0", "{a} is above 0: it fires."),
            ("a <= 0.0", "{a} is not: it stays quiet."),
        ),
        words="A ReLU lets the gradient through where its input is above 0, and only there.",
        side="a > 0.0",
    ),
    Op(
        "leaky_relu",
        forward="0.01 * a if a <= 0.0 else a",
        backward=("0.01 if a <= 0.0 else 1.0",),
        forward_text="leaky_relu({a})",
        backward_text=("(1 if {a} > 0 else 0.01)",),
        forward_words="A leaky ReLU lets through what is above 0, and a hundredth of all else.",
        outcomes=(
            ("a > 0.0", "{a} is above 0: it fires."),
            ("a <= 0.0", "{a} is not: {y} leaks through."),
        ),
        words="A leaky ReLU lets a hundredth of the gradient through where its input is not above 0.",
        side="a > 0.0",
    ),
    Op(
        "elu",
        forward="expm1(a) if a <= 0.0 else a",
        backward=("exp(a) if a <= 0.0 else 1.0",),
        forward_text="elu({a})",
        backward_text=("exp(min({a}, 0))",),
        forward_words="An ELU lets through what is above 0, and bends all else smoothly towards -1.",
        outcomes=(
            ("a > 0.0", "{a} is above 0: it fires."),
            ("a <= 0.0", "{a} is not: with {y} it is nearly quiet."),
        ),
        words="An ELU bends down to -1 as e^a - 1, whose slope e^a fades; above 0 the gradient passes whole.",
    ),
    Op(
        "gelu",
        forward="a * normal_cdf(a)",
        backward=("normal_cdf(a) + a * normal_pdf(a)",),
        forward_text="gelu({a})",
        backward_text=("(Φ({a}) + {a}·φ({a}))",),
        forward_words="GELU lets through what is well above 0, silences what is well below, and is smooth.",
        outcomes=(
            ("a > 0.0", "{a} is above 0: it fires."),
            ("a <= 0.0", "{a} is not: it is nearly quiet."),
        ),
        words="GELU, a·Φ(a), weighs its input by the share Φ of a normal distribution below it, whose density is φ.",
    ),
    Op(
        "silu",
        forward="a * sigmoid(a)",
        backward=("sigmoid(a) + y * (1.0 - sigmoid(a))",),
        forward_text="silu({a})",
        backward_text=("(sigmoid({a}) + {y}·(1 - sigmoid({a})))",),
        forward_words="SiLU lets through what is well above 0, silences what is well below, and is smooth.",
        outcomes=(
            ("a > 0.0", "{a} is above 0: it fires."),
            ("a <= 0.0", "{a} is not: it is nearly quiet."),
        ),
        words="SiLU, a·sigmoid(a), weighs its input by its sigmoid; below about -1.28 its slope is negative.",
    ),
    Op(
        "tanh",
        forward="tanh(a)",
        backward=("1.0 - y * y",),
        forward_text="tanh({a})",
        backward_text=("(1 - {y}**2)",),
        forward_words="tanh squashes any number between -1 and 1: small ones stay, large ones end near ±1.",
        outcomes=(
            ("abs(y) > 0.99", "{y} is near an end: saturated."),
            ("a > 0.0", "{a} is above 0, so {y} is positive."),
            ("a < 0.0", "{a} is below 0, so {y} is negative."),
            ("a == 0.0", "0 stays 0."),
        ),
        words="The slope of tanh is 1 minus its output squared: near ±1 hardly any passes.",
    ),
    Op(
        "sigmoid",
        forward="sigmoid(a)",
        backward=("y * (1.0 - y)",),
        forward_text="sigmoid({a})",
        backward_text=("{y}·(1 - {y})",),
        forward_words="A sigmoid squashes any number between 0 and 1, as a probability: 0 becomes one half.",
        outcomes=(
            ("y < 0.01 or y > 0.99", "{y} is near an end: saturated."),
            ("a > 0.0", "{a} is above 0: more than one half."),
            ("a <= 0.0", "{a} is not above 0: at most one half."),
        ),
        words="The slope of a sigmoid is its output times 1 minus its output: at most 1/4.",
    ),
    Op(
        "exp",
        forward="exp(a)",
        backward=("y",),
        forward_text="exp({a})",
        backward_text=("{y}",),
        forward_words="The exponential makes any number positive; one more at its input is e times as much.",
        outcomes=(("y == y", "e to the power of {a} is {y}."),),
        words="The exponential is its own slope.",
    ),
    Op(
        "log",
        forward="log(a)",
        backward=("divide(1.0, a)",),
        forward_text="log({a})",
        backward_text=("1/{a}",),
        forward_words="A logarithm asks which power of e its input is: between 0 and 1 it is negative.",
        outcomes=(
            ("a > 0.0", "e to the power of {y} is {a}."),
            ("a == 0.0", "No power of e is 0: -inf."),
            ("a < 0.0", "No power of e is negative: nan."),
        ),
        words="The slope of a logarithm is one over its input.",
    ),
    Op(
        "softplus",
        forward="softplus(a)",
        backward=("sigmoid(a)",),
        forward_text="softplus({a})",
        backward_text=("sigmoid({a})",),
        forward_words="Softplus is nearly its input where that is well above 0, and nearly 0 well below.",
        outcomes=(
            ("a > 0.0", "{a} is above 0: it fires."),
            ("a <= 0.0", "{a} is not: with {y} it is nearly quiet."),
        ),
        words="Softplus, log(1 + e^a), is a smooth ReLU; its slope is the sigmoid.",
    ),
    Op(
        "sin",
        forward="sin(a)",
        backward=("cos(a)",),
        forward_text="sin({a})",
        backward_text=("cos({a})",),
        forward_words="A sine swings between -1 and 1 as its angle, in radians, goes round.",
        outcomes=(("y == y", "At an angle of {a} it is {y}."),),
        words="The slope of a sine is the cosine of the same angle, in radians.",
    ),
    Op(
        "cos",
        forward="cos(a)",
        backward=("-sin(a)",),
        forward_text="cos({a})",
        backward_text=("(-sin({a}))",),
        forward_words="A cosine swings between -1 and 1 as its angle, in radians, goes round.",
        outcomes=(("y == y", "At an angle of {a} it is {y}."),),
        words="The slope of a cosine is minus the sine of the same angle, in radians.",
    ),
    Op(
        "abs",
        forward="abs(a)",
        backward=("sign(a)",),
        forward_text="|{a}|",
        backward_text=("sign({a})",),
        forward_words="An absolute value is the distance from 0, without a sign.",
        outcomes=(("a == a", "{a} is {y} away from 0."),),
        words="The slope of an absolute value is the sign of its input.",
        side="a > 0.0",
    ),
    Op(
        "max",
        forward="a if a >= b or a != a else b",
        backward=("1.0 if a >= b or a != a else 0.0", "0.0 if a >= b or a != a else 1.0"),
        forward_text="max({a}, {b})",
        backward_text=("[{a} ≥ {b}]", "[{a} < {b}]"),
        forward_words="A maximum lets its larger input through, and forgets the other.",
        outcomes=(
            ("a == b", "Both are {y}."),
            ("y == a", "{a} goes through."),
            ("y == b", "{b} goes through."),
        ),
        words="A maximum hands the gradient to the larger input alone, of two equal ones to the first.",
        side="a >= b",
    ),
    Op(
        "min",
        forward="a if a <= b or a != a else b",
        backward=("1.0 if a <= b or a != a else 0.0", "0.0 if a <= b or a != a else 1.0"),
        forward_text="min({a}, {b})",
        backward_text=("[{a} ≤ {b}]", "[{a} > {b}]"),
        forward_words="A minimum lets its smaller input through, and forgets the other.",
        outcomes=(
            ("a == b", "Both are {y}."),
            ("y == a", "{a} goes through."),
            ("y == b", "{b} goes through."),
        ),
        words="A minimum hands the gradient to the smaller input alone, of two equal ones to the first.",
        side="a <= b",
    ),
    Op(
        "step",
        forward="heaviside(a)",
        backward=("0.0",),
        forward_text="step({a})",
        backward_text=("0",),
        forward_words="A step fires, with 1, if its input is above 0; else it stays quiet, with 0.",
        outcomes=(
            ("a > 0.0", "{a} is above 0: it fires."),
            ("a <= 0.0", "{a} is not: it stays quiet."),
        ),
        words="A step function is flat on both sides: its slope is 0, so no gradient passes and nothing is learnt.",
        side="a > 0.0",
    ),
    Op(
        "perceptron",
        forward="a if a != a else 0.0 if heaviside(a) == b else 1.0",
        backward=("b - heaviside(a)", None),
        forward_text="[step({a}) ≠ {b}]",
        backward_text=("({b} - step({a}))", None),
        forward_words="This counts a decision that is wrong as 1, and one that is right as 0.",
        outcomes=(
            ("y == 1.0", "step({a}) is not {b}: wrong."),
            ("y == 0.0", "step({a}) is {b}: right."),
        ),
        words="Rosenblatt's rule (1958) puts target minus output where the step's slope of 0 would teach nothing.",
        side="a > 0.0",
        surrogate=True,
    ),
    Op(
        "given",
        forward="a",
        backward=(None,),
        forward_text="{a}",
        backward_text=(None,),
        forward_words="This operation is the script's own and unknown here: its number is taken as the script has it.",
        outcomes=(("y == y", "There it is {y}."),),
        words="What passes back through an unknown operation is taken as the script has it.",
        surrogate=True,
    ),
)

OPS: Mapping[str, Op] = {op.name: op for op in _TABLE}
"""Every operation by its name."""

GIVEN = OPS["given"]
"""What stands for an operation that we do not know: nothing is computed, and no gradient passes."""


def _named(name: str) -> Op:
    return OPS[name]


# Ops are compared by identity: what is copied or pickled names them, and gets the same objects again.
copyreg.pickle(Op, lambda op: (_named, (op.name,)))
