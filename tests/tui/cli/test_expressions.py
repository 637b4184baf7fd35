"""`chainstep expr … --json`: a typed expression's value and gradients. Must not know the app."""

from __future__ import annotations

from support.cases import each
from support.command_line import Run, close
from support.figures.golden import GOLDEN


def test_an_expression_as_json(run: Run) -> None:
    golden = GOLDEN["expression"]
    ran = run("expr", golden["expr"], "a=2", "b=-3", "c=10", "f=-2", "--json")
    (record,) = ran.records
    nodes = {node["name"]: node for node in record["nodes"]}

    assert (ran.status, ran.err, record["value"]) == (0, "", golden["value"])
    assert {name: nodes[name]["grad"] for name in "abcf"} == golden["grad"]
    assert [nodes[name]["op"] for name in "abcf"] == [""] * 4
    assert [(node["op"], node["data"], node["grad"]) for node in record["nodes"] if node["op"]] == [
        ("*", -6.0, -2.0),
        ("+", 4.0, -2.0),
        ("*", -8.0, 1.0),
    ]


def test_every_golden_expression(run: Run) -> None:
    for golden in (GOLDEN["neuron"], *GOLDEN["reuse"]):
        (record,) = run("expr", golden["expr"], *(f"{n}={v}" for n, v in golden["leaves"].items()), "--json").records
        grads = {node["name"]: node["grad"] for node in record["nodes"]}
        assert record["value"] == close(golden["value"])
        assert {name: grads[name] for name in golden["grad"]} == {n: close(g) for n, g in golden["grad"].items()}


@each(
    ("text", "leaves", "ops"),
    [
        ("-a - 2", ["a=1"], ["", "neg", "", "-"]),
        ("-h*2", ["h=3"], ["", "neg", "", "*"]),
        ("a**2 / b", ["a=1", "b=2"], ["", "", "**", "", "/"]),
        ("tanh(a) + relu(a)", ["a=1"], ["", "tanh", "relu", "+"]),
    ],
)
def test_names_of_operations(run: Run, text: str, leaves: list[str], ops: list[str]) -> None:
    ran = run("expr", text, *leaves, "--json")

    assert ran.status == 0
    assert [node["op"] for node in ran.records[0]["nodes"]] == ops


def test_named_steps_are_nodes_with_their_names(run: Run) -> None:
    (record,) = run("expr", "e = a*b; d = e + c; L = d*f", "a=2", "b=-3", "c=10", "f=-2", "--json").records
    golden = GOLDEN["expression"]
    named = {node["name"]: (node["op"], node["data"], node["grad"]) for node in record["nodes"]}
    assert record["value"] == golden["value"]
    assert {name: named[name][2] for name in "abcf"} == golden["grad"]
    assert {name: named[name] for name in "edL"} == {
        "e": ("*", -6.0, -2.0),
        "d": ("+", 4.0, -2.0),
        "L": ("*", -8.0, 1.0),
    }
    assert len(named) == 7


def test_the_lectures_parabola_as_it_is_written(run: Run) -> None:
    (record,) = run("expr", "3x^2 - 4x + 5", "x=3", "--json").records
    (slope,) = [node["grad"] for node in record["nodes"] if node["name"] == "x"]
    assert (record["value"], slope) == (20.0, 14.0)


def test_an_expression_whose_backward_is_broken_on_purpose(run: Run) -> None:
    def grad(text: str, leaf: str, mistake: str) -> object:
        (record,) = run("expr", text, f"{leaf}=1", "--json", "--mistake", mistake).records
        return {node["name"]: node["grad"] for node in record["nodes"]}[leaf]

    # a + a with = in place of +=, and x = 2v fired before y = 3x has told it its part.
    assert grad("a+a", "a", "overwrite") == 1.0
    assert grad("x = 2*v; y = 3*x; L = x + y", "v", "unordered") == 2.0


def test_an_expression_that_overflows(run: Run) -> None:
    (record,) = run("expr", "exp(a) - exp(a)", "a=1000", "--json").records

    assert record["value"] == "nan"
    assert record["nodes"][1]["data"] == "inf"
