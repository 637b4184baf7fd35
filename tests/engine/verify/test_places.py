"""Where a mistake is in somebody's source, with its text and without. Knows findings; no number is looked at."""

from __future__ import annotations

from chainstep.engine.verify.adapter import adapt
from chainstep.engine.verify.diagnosis import Finding
from chainstep.engine.verify.places import place, sentence
from support.cases import each
from support.engines.mutants import LECTURE, names

ADAPTER = adapt(names(LECTURE))


@each(
    ("finding", "text"),
    [
        (Finding("sign", "", "mul", (0, 1)), "self.grad += other.data * out.grad"),
        (Finding("sign", "", "mul", (1,)), "other.grad += self.data * out.grad"),
        (Finding("swapped", "", "sub", (0, 1), "value"), 'out = Value(self.data - other.data, (self, other), "-")'),
        (Finding("cut", "", "div", (0,), "children"), 'out = Value(self.data / other.data, (self, other), "/")'),
        (Finding("reflected", "", "rsub", (0, 1), "value"), "return Value(other) - self"),
        (Finding("no-backward", "", "tanh", (0,)), "def _backward():"),
        (Finding("other-derivative", "", "log", (0,)), "self.grad += 1 / self.data * out.grad"),
        (Finding("order", "", "", part="order"), "for node in reversed(topo):"),
        (Finding("other", "", "", part="seed"), "self.grad = 1.0"),
        (Finding("integer", "", "__init__", part="number"), "self.data = data"),
        (Finding("zeroing", "", "zero_grad", part="function"), "def zero_grad(self):"),
    ],
)
def test_the_statement_is_found(finding: Finding, text: str) -> None:
    found = place(ADAPTER, finding, LECTURE)

    assert found is not None
    assert found.text == text
    assert LECTURE.splitlines()[found.line - 1].strip() == text


def test_without_the_text_it_is_the_function() -> None:
    finding = Finding("sign", "the gradient has the wrong sign", "mul", (1,))
    for source in (None, "", "def (", "# another file\n" + LECTURE):
        found = place(ADAPTER, finding, source)
        assert found is not None
        assert LECTURE.splitlines()[found.line - 1].strip() == "def _backward():"
        assert sentence(finding, found) == f"the gradient has the wrong sign: line {found.line}"


def test_inputs_are_called_as_the_author_calls_them() -> None:
    words = "{first} is cut; and {second} is not"

    for op, said in (("mul", "`self` is cut; and `other` is not"), ("rmul", "`other` is cut; and `self` is not")):
        finding = Finding("cut", words, op, (0,))
        assert sentence(finding, place(ADAPTER, finding, LECTURE)).startswith(said)
    assert sentence(Finding("cut", words, "nothing", (0,)), None) == "an input is cut; and it is not"


def test_what_has_no_code_has_no_place() -> None:
    assert place(ADAPTER, Finding("other", "", "sqrt"), LECTURE) is None
