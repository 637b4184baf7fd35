"""Any graph of ops trains with the bits of the replay: gates anywhere, irregular sums, great depth."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.autograd.ops.table import OPS
from chainstep.engine.autograd.value import Value
from chainstep.engine.nn.optimizers import OPTIMIZERS
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.state import State
from chainstep.engine.training.step.stepper import Stepper
from support.cases import each
from support.compiled import Case, example, of_graph, pieces_of, replayed, trained
from support.graphs import grown, recipes
from support.networks import odd, tame, weights

CONSTANTS = (2.0, -0.5, 3.0, -2.0, 1.0, 0.0)
GATED = ("relu", "mul", "add", "mul", "add", "relu", "sub", "max", "abs", "powc", "neg")


@st.composite
def graphs(draw: st.DrawFn, ops: Sequence[str], leaf: st.SearchStrategy[float]) -> Case:
    """A random graph of ops on a few samples: parameters and results are used again anywhere."""
    first = draw(st.lists(leaf, min_size=1, max_size=4))
    parameters = [Value(number, label=f"p{i}") for i, number in enumerate(first)]
    row = [Value(0.0, label=f"x{i}") for i in range(draw(st.integers(0, 2)))]
    nodes = grown([*row, *map(Value, CONSTANTS), *parameters], draw(recipes(ops, 20)), CONSTANTS)
    settings = Settings(
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        batch_size=draw(st.none() | st.just(1)),
        l1=draw(st.sampled_from([0.0, 0.5])),
        l2=draw(st.sampled_from([0.0, 0.5])),
        lr=0.03,
    )
    samples = draw(st.lists(st.tuples(*[tame] * len(row)), min_size=1, max_size=3))
    return of_graph(parameters, row, nodes[-1], samples, settings), tuple(first), 3


@given(graphs(list(OPS), weights | odd))
def test_any_graph_of_ops_trains_with_the_bits_of_the_replay(case: Case) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps))[0] == replayed(stepper, first, steps)


@given(graphs(GATED, weights))
def test_gates_anywhere_are_skipped_without_a_trace(case: Case) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps))[0] == replayed(stepper, first, steps)


@st.composite
def gated_sums(draw: st.DrawFn) -> Case:
    """Layers of ReLUs that feed sums irregularly: some gates, some parameters twice, other terms between them."""
    first = draw(st.lists(weights, min_size=3, max_size=12))
    parameters = [Value(number, label=f"p{i}") for i, number in enumerate(first)]
    row = [Value(0.0, label="x0"), Value(0.0, label="x1")]
    anywhere = st.integers(0, 99)

    def one(nodes: Sequence[Value]) -> Value:
        return nodes[draw(anywhere) % len(nodes)]

    gates = [(x * one(parameters) + one(parameters)).relu() for x in row]
    for _ in range(draw(st.integers(1, 3))):
        shared = [one(gates) for _ in range(draw(st.integers(1, 3)))]
        total = []
        for _ in range(draw(st.integers(1, 3))):
            terms = [gate * one(parameters) if draw(st.booleans()) else one(parameters) * gate for gate in shared]
            if draw(st.integers(0, 3)) == 0:
                terms.insert(draw(anywhere) % (len(terms) + 1), one([*gates, *parameters, *row]))
            made = terms[0]
            for term in terms[1:]:
                made = made + term
            total.append((made + one(parameters)).relu())
        gates = total
    root = one(gates) * one(parameters)
    for gate in gates:
        root = root + (gate if draw(st.booleans()) else gate * one(parameters))
    if draw(st.booleans()):
        root = (1.0 - root).relu()
    if draw(st.booleans()):
        root = root + one(gates) * one(parameters)
    samples = draw(st.lists(st.tuples(tame, tame), min_size=1, max_size=3))
    settings = Settings(lr=0.1, optimizer="sgd")
    return of_graph(parameters, row, root, samples, settings), tuple(first), 3


@given(gated_sums())
def test_irregular_sums_of_gates(case: Case) -> None:
    stepper, first, steps = case
    plan = stepper.compilation.plan
    assert plan.has_fast_variant
    got, done = trained(stepper, first, pieces_of(stepper, steps))
    assert got == replayed(stepper, first, steps)
    assert done == steps or not all(abs(p) < plan.limit for p in replayed_parameters(stepper, first, done))


def test_a_parameter_in_several_sums_keeps_its_order() -> None:
    """Its contributions come sum by sum, though the gates' own come gate by gate."""
    first = (0.3, 0.7, 0.1, 0.9)
    p, q, u, v = parameters = [Value(number, label=name) for name, number in zip("pquv", first, strict=True)]
    x, y = row = [Value(0.0, label="x"), Value(0.0, label="y")]
    a, b = (x * u + v).relu(), (y * v + u).relu()
    left, right = (b * p + a * q).relu(), (a * p + b * q).relu()
    samples = [(0.1 * n, 0.37 / n) for n in range(1, 20)]
    settings = Settings(lr=1e-3, optimizer="sgd")
    stepper = of_graph(parameters, row, left * u + right * v, samples, settings)
    assert trained(stepper, first, pieces_of(stepper, 5)) == (replayed(stepper, first, 5), 5)


def replayed_parameters(stepper: Stepper, first: Sequence[float], steps: int) -> tuple[float, ...]:
    state = State(stepper.program, first, stepper.settings)
    for _ in range(steps):
        stepper.run(state, stepper.timeline(state).total)
    return tuple(state.memory.data[: len(first)])


@each("constant", [math.inf, -math.inf, math.nan, 0.0, -0.0, -2.5, 5e-324])
def test_constants_of_any_kind(constant: float) -> None:
    """They are literals of the source: 1.5/(2.0*-0.0) is -inf, and not inf."""
    a, b = parameters = [Value(1.5, label="a"), Value(2.0, label="b")]
    stepper = of_graph(parameters, [], a / (b * Value(constant)), [()], Settings(lr=0.01))
    assert trained(stepper, (1.5, 2.0), pieces_of(stepper, 2))[0] == replayed(stepper, (1.5, 2.0), 2)


def test_a_deep_expression_compiles() -> None:
    """Neither a long sum nor deep nesting meets a limit of CPython's compiler."""
    parameters = [Value(0.5, label="a"), Value(0.25, label="b")]
    settings = Settings(lr=1e-3)
    left = right = nested = parameters[0]
    for _ in range(3000):
        left = left + parameters[1]
        right = parameters[1] - right
        nested = (nested * parameters[1]).tanh()
    stepper = of_graph(parameters, [], left + right * nested, [()], settings)
    assert trained(stepper, (0.5, 0.25), pieces_of(stepper, 2))[0] == replayed(stepper, (0.5, 0.25), 2)
    assert len(stepper.program.tape) > 9000


def test_gates_behind_gates_do_not_indent_for_ever() -> None:
    stepper, first = example("moons", hidden=(1,) * 120, lr=1e-3)
    ones = tuple(1.0 if p == 0.0 else abs(p) for p in first)
    plan = stepper.compilation.plan
    assert plan.has_fast_variant
    assert trained(stepper, ones, pieces_of(stepper, 2))[0] == replayed(stepper, ones, 2)
