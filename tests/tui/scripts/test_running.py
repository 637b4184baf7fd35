"""Scripts and notebooks run as they are, and what they compute is recorded. Must not know the child's own parts."""

from __future__ import annotations

import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from chainstep.engine.training.recorded.recording import Recording
from chainstep.tui.children.child import messages
from chainstep.tui.children.task import Limits
from chainstep.tui.scripts.hearing import Listener
from chainstep.tui.scripts.running import Ran, ScriptError, child_of, complaints

from .conftest import LECTURE, Script, written

LENGTH = len(LECTURE.lstrip().splitlines())


def recorded(ran: Ran) -> Recording:
    assert ran.recording is not None, (ran.errors, ran.end, ran.listener.unread)
    return ran.recording


def listing(recording: Recording, graph: int = 0) -> list[str]:
    """A graph as `name = op(inputs) @ line`."""
    shown = recording.graphs[graph]
    nodes = [name or f"#{node}" for node, name in enumerate(shown.names)]
    lines = []
    for node, op in enumerate(shown.ops):
        place = recording.place(shown.places[node])
        made = f"{op}({', '.join(nodes[each] for each in shown.inputs[node])})" if op else "leaf"
        lines.append(f"{nodes[node]} = {made} @ {place.line - LENGTH if place else '-'}")
    return lines


def test_a_loop_is_one_graph_with_the_scripts_names_and_lines(script: Script) -> None:
    ran = script(
        LECTURE
        + """\
a = Value(2.0, label='first')
w = [Value(-3.0), Value(0.5)]
for k in range(3):
    b = a * w[0] + a
    loss = (b - 1.0).tanh() + (b + b).cube() * w[1] ** 2
    for p in w: p.grad = 0
    loss.backward()
    for p in w: p.data -= 0.001 * p.grad
    print(loss.data)
"""
    )
    recording = recorded(ran)

    assert listing(recording) == [
        "a = leaf @ 1",
        "w[0] = leaf @ 2",
        "#2 = mul(a, w[0]) @ 4",
        "b = add(#2, a) @ 4",
        # 1.0 is turned round by the class itself.
        "#4 = leaf @ -",
        "#5 = add(b, #4) @ 5",
        "#6 = tanh(#5) @ 5",
        "#7 = add(b, b) @ 5",
        "#8 = cube(#7) @ 5",
        "w[1] = leaf @ 2",
        "#10 = leaf @ -",
        "#11 = powc(w[1], #10) @ 5",
        "#12 = mul(#8, #11) @ 5",
        "loss = add(#6, #12) @ 5",
    ]
    assert len(recording.graphs) == 1
    assert [moment.loss for moment in recording.moments] == [float(line) for line in ran.output.split()]
    assert [row.line for row in ran.listener.rows] == [LENGTH + 7] * 3
    assert [moment.differs for moment in recording.moments] == [0, 0, 0]
    assert ran.end.clean
    assert ran.ended == ""


def test_the_script_sees_no_difference(script: Script, tmp_path: Path) -> None:
    text = (
        LECTURE
        + """\
import inspect, sys
a = Value(2.0)
assert type(a + 1) is Value and isinstance(-a, Value)
print(__name__, __file__, sys.argv, sys.path[0], sys.stdin.read())
print(inspect.signature(Value), inspect.signature(Value.__add__), inspect.getsource(Value.tanh))
print(sorted(vars(a)), sorted(vars(Value)), Value.__add__.__qualname__, sorted(globals()))
try:
    a + 'text'
except TypeError as error:
    print(error)
(a * a).backward()
print(a.grad, (a * a)._prev == {a})
sys.exit(3)
"""
    )

    ran = script(text, "one", "--two")
    plain = subprocess.run(
        [sys.executable, tmp_path / "script.py", "one", "--two"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.output == plain.stdout
    assert ran.end.status == plain.returncode == 3


def test_an_error_reads_as_python_has_it(script: Script, tmp_path: Path) -> None:
    ran = script(LECTURE + "(Value(1.0) * 2).backward()\nValue(1.0) + 'text'\n")
    plain = subprocess.run([sys.executable, tmp_path / "script.py"], capture_output=True, text=True, check=False)

    assert ran.errors == plain.stderr
    assert ran.end.status == 1
    line = 1 + LECTURE.lstrip().splitlines().index("        out = Value(self.data + other.data, (self, other), '+')")
    assert ran.ended.startswith(f"line {line}: TypeError: ")
    assert len(recorded(ran).moments) == 1


def test_variables_of_functions_that_have_ended_have_their_names(script: Script) -> None:
    ran = script(
        LECTURE
        + """\
def loss(x):
    gap = x - 1.0
    both = total = sum([gap.tanh(), x], Value(0.0))
    bent = total.cube()
    for k in range(2):
        bent = bent - gap
    pair = [bent + 1, bent + 2]
    bent += pair[0]
    return bent + pair[1]

loss(Value(2.0)).backward()
"""
    )
    (graph,) = recorded(ran).graphs

    named = {name: [graph.ops[node] for node, each in enumerate(graph.names) if each == name] for name in graph.names}
    named.pop("")
    assert named == {"gap": ["add"], "both": ["add"], "bent": ["cube", "add", "add", "add"]}


MODEL = """
import random
from micrograd.nn import MLP
from micrograd.engine import Value
random.seed(7)
model = MLP(2, [2, 1])
print(model, [p.data for p in model.parameters()])
for x in ([1.0, -2.0], [0.5, 3.0]):
    y = sum([model(x), model(x)])
    model.zero_grad()
    y.backward()
"""


@pytest.mark.skipif(find_spec("micrograd") is not None, reason="micrograd itself answers")
def test_without_micrograd_our_engine_answers_with_the_same_weights(script: Script) -> None:
    ran = script(MODEL)
    recording = recorded(ran)

    random.seed(7)
    weights = [weight for _ in range(3) for weight in (random.uniform(-1, 1), random.uniform(-1, 1), 0.0)]
    names = ["L1.n1.w0", "L1.n1.w1", "L1.n1.b", "L1.n2.w0", "L1.n2.w1", "L1.n2.b", "L2.n1.w0", "L2.n1.w1", "L2.n1.b"]
    graph, moment = recording.graphs[0], recording.moments[0]
    given = dict(zip(graph.given, moment.given, strict=True))
    parameters = {graph.names[node]: given[node] for node in graph.parameters}
    assert ran.listener.stand_ins == ["micrograd"]
    assert parameters == dict(zip(names, weights, strict=True))
    assert ran.output.startswith(
        f"MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]] {weights}"
    )
    assert {graph.unit_names[unit] for unit in graph.units} == {
        (0, ""), *((call, f"{unit}") for call in (1, 2) for unit in ("L1.n1", "L1.n2", "L2.n1"))
    }  # fmt: skip
    # Its own lines, not those of a library.
    assert {place.line for place in recording.places} == {5, 8, 10}


def test_our_own_networks_are_in_the_order_in_which_they_run(script: Script) -> None:
    recording = recorded(script("from chainstep.engine import MLP\nMLP(2, [2, 1])([1.0, 2.0]).backward()\n"))
    (graph,) = recording.graphs

    assert [graph.unit_names[unit][1] for unit, op in zip(graph.units, graph.ops, strict=True) if op == "relu"] == [
        "Neuron", "Neuron"
    ]  # fmt: skip
    assert [op for op in graph.ops if op][-5:] == ["relu", "mul", "mul", "add", "add"]
    assert [place.line for place in recording.places] == [2]


def test_a_micrograd_beside_the_script_wins(script: Script, tmp_path: Path) -> None:
    (tmp_path / "micrograd").mkdir()
    (tmp_path / "micrograd" / "engine.py").write_text(LECTURE)

    ran = script("from micrograd.engine import Value\n(Value(2.0) * 3.0).cube().backward()\n")

    assert ran.listener.stand_ins == []
    assert [place.file for place in recorded(ran).places] == [""]
    assert recorded(ran).graphs[0].ops == ["", "", "mul", "cube"]
    assert not (tmp_path / "micrograd" / "__pycache__").exists()


def test_what_lies_beside_the_script_is_what_it_imports(script: Script, tmp_path: Path) -> None:
    (tmp_path / "random.py").write_text("seed = 'its own'\n")

    ran = script("import random, math\nprint(random.seed, math.pi > 3)\nget_ipython().magic('ls')\n")

    assert ran.output == "its own True\n"
    assert ran.end.clean


def test_a_notebook_runs_cell_by_cell(notebook: Script) -> None:
    ran = notebook(
        "%matplotlib inline\nimport nowhere.plot as plt\nfrom __future__ import annotations\nimport math",
        LECTURE,
        "a = Value(math.pi)\na.tanh().backward()",
        "!ls\nplt.show()",
        "class Value(Value):\n    def tanh(self):\n        return self.cube()",
        "%%bash\nexit 1",
        "def f(x: Unknown): return x",
        "b = Value(2.0)\nb.tanh().backward()\ndisplay(b.grad)\nb.data",
    )
    recording = recorded(ran)

    assert [(row.cell, row.line) for row in ran.listener.rows] == [(3, 2), (8, 2)]
    assert [graph.ops[-1] for graph in recording.graphs] == ["tanh", "cube"]
    assert [trouble.words for trouble in ran.listener.troubles] == [
        "cell 1 line 2: there is no package nowhere",
        "cell 4 line 2: NameError: name 'plt' is not defined",
    ]
    assert ran.output == "12.0\n2.0\n"
    assert ran.end.clean
    assert complaints(ran, "book")[0] == "book: cell 1 line 2: there is no package nowhere"


def test_what_was_recorded_of_one_that_never_ends_can_be_opened(tmp_path: Path) -> None:
    text = LECTURE + "a = Value(1.0)\n(a + a).backward()\nwhile True: pass\n"
    file = written(tmp_path / "script.py", text)
    child, listener = child_of(file, limits=Limits(seconds=0.7)), Listener(file)
    for message in messages(child):
        listener.hear(message)

    recording = listener.recording(ended="stopped")
    assert recording is not None
    assert listing(recording) == ["a = leaf @ 1", "#1 = add(a, a) @ 2"]
    assert child.end is not None
    assert child.end.cause == "time"


def test_an_engine_that_raises_shows_how_far_it_came(script: Script) -> None:
    ran = script(LECTURE + "a = Value(0.0)\ntry:\n    (a ** 0).backward()\nexcept ZeroDivisionError: pass\n")

    assert [trouble.words for trouble in ran.listener.troubles] == [
        f"line {LENGTH + 3}: backward() raised ZeroDivisionError: 0.0 cannot be raised to a negative power"
    ]
    (row,) = ran.listener.rows
    assert (row.differs, row.error) == (None, "ZeroDivisionError: 0.0 cannot be raised to a negative power")
    assert recorded(ran).graphs[0].ops == ["", "", "powc"]
    assert ran.ended == ""


def test_a_status_that_says_failure_is_told_with_the_last_word(script: Script) -> None:
    ran = script("import sys\nprint('usage: …', file=sys.stderr)\nsys.exit('no such option')\n")

    assert complaints(ran, "s.py") == ["s.py: left with status 1: no such option"]


PAIRS = """
import math
from dataclasses import dataclass, field

@dataclass(eq=False)
class Scalar:
    value: float
    gradient: float = 0.0
    parents: list = field(default_factory=list)

    def __add__(self, other):
        return Scalar(self.value + other.value, 0.0, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.value * other.value, 0.0, [(self, other.value), (other, self.value)])

    __rmul__ = __mul__

def tanh(v):
    t = math.tanh(v.value)
    return Scalar(t, 0.0, [(v, 1 - t * t)])

def square(v):
    return Scalar(v.value ** 2, 0.0, [(v, 2 * v.value)])

Scalar.square = square

def backward(v):
    for parent, derivative in v.parents:
        parent.gradient += derivative * v.gradient
        backward(parent)

a, c = Scalar(0.5), tanh(2 * Scalar(1.0)).square()
d = a * c + a
d.gradient = 1.0
backward(d)
"""


def test_an_engine_of_another_shape_is_read_as_well(script: Script) -> None:
    recording = recorded(script(PAIRS))

    assert [line.partition(" @")[0] for line in listing(recording)] == [
        "a = leaf",
        "#1 = leaf",
        "#2 = leaf",
        "#3 = mul(#1, #2)",
        "#4 = tanh(#3)",
        "c = square(#4)",
        "#6 = mul(a, c)",
        "d = add(#6, a)",
    ]
    (moment,) = recording.moments
    assert moment.differs == 0


def test_a_script_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="no such file"):
        child_of(tmp_path / "nowhere.py")
