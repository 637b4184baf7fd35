"""The generated function trains with the bits of the replay, whatever is compiled. Knows programs and the stepper, its
oracle.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets import EXAMPLES
from chainstep.engine.autograd.ops import OPS
from chainstep.engine.autograd.value import Value, apply
from chainstep.engine.compiler.compile import Numbers, Piece, Plan, code, compiled, function, source
from chainstep.engine.nn.optimizers import NAMESPACE, OPTIMIZERS
from chainstep.engine.training.setup.data import Rows
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.step.state import State
from chainstep.engine.training.step.stepper import Stepper
from chainstep.engine.training.step.tracing import Traced

Bits = tuple[object, ...]


@dataclass(frozen=True)
class Data:
    """A data set of these numbers."""

    train_inputs: Rows
    train_targets: tuple[float, ...]
    classes: tuple[str, ...]
    name: str = "numbers"
    target: str = "y"
    test_inputs: Rows = ()
    test_targets: tuple[float, ...] = ()

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(f"x{i}" for i in range(len(self.train_inputs[0])))


def plan_of(program: Program, settings: Settings) -> Plan:
    optimizer = OPTIMIZERS[settings.optimizer]
    mean, l1, l2 = program.reduced
    return Plan(
        tape=program.tape,
        parameters=program.parameters,
        inputs=program.inputs,
        targets=program.targets,
        constants={slot: program.slots.values[slot].data for slot in program.tape.constants},
        outputs=program.outputs,
        root=program.root,
        mean=mean,
        l1=l1,
        l2=l2,
        lines=optimizer.lines,
        state=optimizer.state,
        knobs=optimizer.knobs,
        functions=NAMESPACE,
        classes=program.coding.classes > 0,
        threshold=program.coding.threshold,
        largest=max((abs(x) for sample in program.samples for row in sample for x in row), default=0.0),
        frozen=Stepper(program, settings).frozen,
    )


def pieces_of(stepper: Stepper, steps: int) -> list[Piece]:
    """The first steps, each in one piece."""
    program, state = stepper.program, State(stepper.program, (), stepper.settings)
    pieces: list[Piece] = []
    rows = [(*inputs, *targets) for inputs, targets in program.samples]
    for k in range(steps):
        batch = stepper.batch(state)
        lr = stepper.lr(k) * (-1.0 if stepper.climbs else 1.0)
        pieces.append(([rows[i] for i in batch], len(batch), lr))
        state.cursor += len(batch)
        if state.cursor == len(rows):
            state.cursor, state.epoch = 0, state.epoch + 1
    return pieces


def hexed(floats: Sequence[float]) -> tuple[str, ...]:
    """So that == means the same bits."""
    return tuple("nan" if x != x else (x + 0.0).hex() for x in floats)


def replayed(stepper: Stepper, first: Sequence[float], steps: int) -> Bits:
    """What the op by op replay makes of it."""
    program, state = stepper.program, State(stepper.program, first, stepper.settings)
    losses, rights = [], []
    for _ in range(steps):
        batch, timeline = stepper.batch(state), stepper.timeline(state)
        stepper.run(state, timeline.loss_end)
        losses.append(state.memory.data[program.batch(len(batch)).root])
        rights.append(
            sum(program.coding.is_right(state.outputs[i], program.samples[s][1]) for i, s in enumerate(batch))
        )
        stepper.run(state, timeline.total)
    p, memory = len(first), state.memory
    numbers = (memory.data[:p], memory.grad[:p], state.previous, *state.moments)
    return (
        hexed(losses),
        tuple(rights) if program.coding.classes else (),
        tuple(map(hexed, numbers)),
        state.updates + 1,
    )


def bits(plan: Plan, numbers: Numbers, losses: Sequence[float], rights: Sequence[int]) -> Bits:
    every = (numbers.parameters, numbers.gradients, numbers.previous, *numbers.moments)
    return hexed(losses), tuple(rights) if plan.classes else (), tuple(map(hexed, every)), numbers.t


def begun(stepper: Stepper, first: Sequence[float]) -> Numbers:
    return Numbers(first, State(stepper.program, first, stepper.settings).moments, 1)


def trained(stepper: Stepper, first: Sequence[float], pieces: Sequence[Piece]) -> tuple[Bits, int]:
    """What the generated functions make of it: the fast one as far as it goes, then the dense one; and how many pieces
    the fast one did.
    """
    plan, numbers = plan_of(stepper.program, stepper.settings), begun(stepper, first)
    done, losses, rights = compiled(plan, dense=False)(numbers, pieces, stepper.knobs)
    rest = compiled(plan, dense=True)(numbers, pieces[done:], stepper.knobs)
    assert done + rest[0] == len(pieces)
    return bits(plan, numbers, [*losses, *rest[1]], [*rights, *rest[2]]), done


def example(name: str, **knobs: object) -> tuple[Stepper, tuple[float, ...]]:
    chosen = EXAMPLES[name]
    settings = Settings.of({**chosen.settings, **knobs})
    if chosen.load is None:
        program = Program.of_expression(chosen.expression, chosen.leaves, settings)
    else:
        program = Program.of_network(chosen.load(), settings)
    return Stepper(program, settings), chosen.parameters or program.first


# --- the same bits

weights = st.floats(-2.0, 2.0)
odd = st.sampled_from([0.0, -0.0, 1e200, -1e200, 1e-200, math.inf, -math.inf, math.nan, 1e19, -1e21, 30.0])
inputs = st.floats(-3.0, 3.0) | st.sampled_from([0.0, -0.0, 1.0, 1e150, -1e150, 1e-300])
tame = st.floats(-3.0, 3.0)


@st.composite
def networks(draw: st.DrawFn, *, wild: bool) -> tuple[Stepper, tuple[float, ...], int]:
    """A network on a few samples, its first weights, and a number of steps."""
    loss = draw(st.sampled_from(["sse", "mse", "hinge", "bce", "softmax", "perceptron"]))
    classes = draw(st.sampled_from([2, 3] if loss not in ("sse", "mse") else [0, 2, 3]))
    perceptron = loss == "perceptron"
    n = draw(st.integers(1, 5))
    width = draw(st.integers(1, 3))
    number = inputs if wild else tame
    rows = tuple(tuple(draw(number) for _ in range(width)) for _ in range(n))
    targets = tuple(float(draw(st.integers(0, classes - 1))) if classes else draw(number) for _ in range(n))
    data = Data(rows, targets, tuple("abc"[:classes]))
    settings = Settings(
        hidden=() if perceptron else tuple(draw(st.lists(st.integers(1, 4), max_size=3))),
        activation="step"
        if perceptron
        else draw(st.sampled_from(["relu", "relu", "tanh", "sigmoid", "linear", "step"])),
        loss=loss,
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        schedule=draw(st.sampled_from(["constant", "linear", "cosine", "step"])),
        horizon=draw(st.integers(1, 4)),
        lr=draw(st.sampled_from([0.01, 0.5, 3.0])),
        momentum=draw(st.sampled_from([0.0, 0.9])),
        beta1=draw(st.sampled_from([0.0, 0.9, 0.3])),
        beta2=draw(st.sampled_from([0.0, 0.999, 0.7])),
        eps=draw(st.sampled_from([1e-8, 0.1, 5e-324])),
        l1=0.0 if perceptron else draw(st.sampled_from([0.0, 0.01, 1.0])),
        l2=0.0 if perceptron else draw(st.sampled_from([0.0, 1e-4, 1e308])),
        batch_size=draw(st.none() | st.integers(1, n)),
        maximise=draw(st.booleans()),
        frozen=tuple(draw(st.lists(st.integers(0, 12), max_size=3))),
        mistakes=tuple(draw(st.sets(st.sampled_from(["flipped", "no_bias", "no_nonlinearity"]), max_size=1))),
        seed=draw(st.integers(0, 9)),
    )
    program = Program.of_network(data, settings)
    first = list(program.first)
    count = len(first)
    if wild:
        for place in draw(st.lists(st.integers(0, count - 1), max_size=4)):
            first[place] = draw(odd)
    elif draw(st.booleans()):
        first = [draw(weights) for _ in range(count)]
    return Stepper(program, settings), tuple(first), draw(st.integers(1, 6))


@given(networks(wild=False))
def test_a_network_trains_with_the_bits_of_the_replay(case: tuple[Stepper, tuple[float, ...], int]) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps))[0] == replayed(stepper, first, steps)


@given(networks(wild=True))
def test_a_network_of_odd_numbers_does_too(case: tuple[Stepper, tuple[float, ...], int]) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps))[0] == replayed(stepper, first, steps)


CONSTANTS = (2.0, -0.5, 3.0, -2.0, 1.0, 0.0)
GATED = ("relu", "mul", "add", "mul", "add", "relu", "sub", "max", "abs", "powc", "neg")


@st.composite
def graphs(
    draw: st.DrawFn, rows: Sequence[str], leaf: st.SearchStrategy[float]
) -> tuple[Stepper, tuple[float, ...], int]:
    """A random graph of ops on a few samples: parameters and results are used again anywhere."""
    first = draw(st.lists(leaf, min_size=1, max_size=4))
    parameters = [Value(number, f"p{i}") for i, number in enumerate(first)]
    row = [Value(0.0, f"x{i}") for i in range(draw(st.integers(0, 2)))]
    nodes = [*row, *map(Value, CONSTANTS), *parameters]
    for name, i, j in draw(
        st.lists(st.tuples(st.sampled_from(rows), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=20)
    ):
        # From the end, so that most of the graph hangs together.
        a, b = nodes[-1 - i % len(nodes)], nodes[-1 - j % len(nodes)]
        if name == "powc":
            nodes.append(a ** CONSTANTS[j % len(CONSTANTS)])
        else:
            nodes.append(apply(OPS[name], a, b if OPS[name].arity == 2 else None))
    settings = Settings(
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        batch_size=draw(st.none() | st.just(1)),
        l1=draw(st.sampled_from([0.0, 0.5])),
        l2=draw(st.sampled_from([0.0, 0.5])),
        lr=0.03,
    )
    samples = draw(st.lists(st.tuples(*[tame] * len(row)), min_size=1, max_size=3))
    return Stepper(_program(parameters, row, nodes[-1], samples, settings), settings), tuple(first), 3


def _program(
    parameters: list[Value], row: list[Value], root: Value, samples: Sequence[tuple[float, ...]], settings: Settings
) -> Program:
    traced = Traced(parameters, outputs=[root], loss=root, inputs=row)
    return Program(traced, settings, samples=tuple((sample, ()) for sample in samples))


@given(graphs(list(OPS), weights | odd))
def test_any_graph_of_ops_trains_with_the_bits_of_the_replay(case: tuple[Stepper, tuple[float, ...], int]) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps))[0] == replayed(stepper, first, steps)


@given(graphs(GATED, weights))
def test_gates_anywhere_are_skipped_without_a_trace(case: tuple[Stepper, tuple[float, ...], int]) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps))[0] == replayed(stepper, first, steps)


@st.composite
def gated_sums(draw: st.DrawFn) -> tuple[Stepper, tuple[float, ...], int]:
    """Layers of ReLUs that feed sums irregularly: some gates, some parameters twice, other terms between them."""
    first = draw(st.lists(weights, min_size=3, max_size=12))
    parameters = [Value(number, f"p{i}") for i, number in enumerate(first)]
    row = [Value(0.0, "x0"), Value(0.0, "x1")]
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
    return Stepper(_program(parameters, row, root, samples, settings), settings), tuple(first), 3


@given(gated_sums())
def test_irregular_sums_of_gates(case: tuple[Stepper, tuple[float, ...], int]) -> None:
    stepper, first, steps = case
    plan = plan_of(stepper.program, stepper.settings)
    assert plan.skips
    got, done = trained(stepper, first, pieces_of(stepper, steps))
    assert got == replayed(stepper, first, steps)
    assert done == steps or not all(abs(p) < plan.limit for p in replayed_parameters(stepper, first, done))


def test_a_parameter_in_several_sums_keeps_its_order() -> None:
    """Its contributions come sum by sum, though the gates' own come gate by gate."""
    first = (0.3, 0.7, 0.1, 0.9)
    p, q, u, v = parameters = [Value(number, name) for name, number in zip("pquv", first, strict=True)]
    x, y = row = [Value(0.0, "x"), Value(0.0, "y")]
    a, b = (x * u + v).relu(), (y * v + u).relu()
    left, right = (b * p + a * q).relu(), (a * p + b * q).relu()
    samples = [(0.1 * n, 0.37 / n) for n in range(1, 20)]
    settings = Settings(lr=1e-3, optimizer="sgd")
    stepper = Stepper(_program(parameters, row, left * u + right * v, samples, settings), settings)
    assert trained(stepper, first, pieces_of(stepper, 5)) == (replayed(stepper, first, 5), 5)


def replayed_parameters(stepper: Stepper, first: Sequence[float], steps: int) -> tuple[float, ...]:
    state = State(stepper.program, first, stepper.settings)
    for _ in range(steps):
        stepper.run(state, stepper.timeline(state).total)
    return tuple(state.memory.data[: len(first)])


def leaves_of(formula: str) -> list[str]:
    return re.findall(r"\b[abcf]\b", formula)


FORMULAS = (
    "(a*b + c)*f", "a/b", "a**b", "relu(a)*b + relu(c)*b + f", "relu(a)", "relu(a*b)*a", "a*a*a", "a + a", "log(a)*b",
    "1/(relu(a)*b + relu(c)*f)", "max(a, b)", "exp(a*1e3) - exp(b)", "relu(a)*b + relu(a)*c", "2*3 + 0*a", "1e999*a",
    "a - (b - c)", "-(a - b)", "-(-a)", "(a + b) + (c + a)", "a**2 - a**3.5 + a**-1 + a**0 + a**1", "abs(a)*relu(-b)",
    "softplus(a) + sigmoid(b) - step(c)", "a**3*b - (a + b)**2", "relu(relu(a)*b + c)*f + relu(relu(a)*f + c)*b",
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
@given(st.lists(weights | odd.filter(math.isfinite), min_size=4, max_size=4), st.booleans(), st.booleans())
def test_an_expression_climbs_or_descends_with_the_same_bits(
    formula: str, numbers: list[float], maximise: bool, l2: bool
) -> None:
    leaves = {name: number for name, number in zip("abcf", numbers, strict=True) if name in leaves_of(formula)}
    settings = Settings(lr=0.01, maximise=maximise, l2=0.1 if l2 else 0.0)
    program = Program.of_expression(formula, leaves, settings)
    stepper, first = Stepper(program, settings), program.first
    assert trained(stepper, first, pieces_of(stepper, 4))[0] == replayed(stepper, first, 4)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example(name: str) -> None:
    stepper, first = example(name)
    assert trained(stepper, first, pieces_of(stepper, 3))[0] == replayed(stepper, first, 3)


# --- the worked numbers


def test_the_worked_losses(golden: dict[str, Any]) -> None:
    for name in ("lecture", "moons"):
        stepper, first = example(name)
        pieces = pieces_of(stepper, golden[name]["steps"])
        plan, numbers = plan_of(stepper.program, stepper.settings), begun(stepper, first)
        _, losses, rights = compiled(plan, dense=False)(numbers, pieces, 0.9)
        expected = {int(step): loss for step, loss in golden[name]["loss_before_update"].items()}
        assert {step: losses[step] for step in expected} == pytest.approx(expected, rel=1e-9)
    fractions = {int(step): fraction for step, fraction in golden["moons"]["accuracy_before_update"].items()}
    assert {step: rights[step] / 100 for step in fractions} == fractions


# --- the bound


def test_the_fast_variant_stops_before_a_parameter_could_matter() -> None:
    stepper, first = example("moons", hidden=(3,), lr=1e3, l2=0.1, schedule="constant")
    plan, pieces = plan_of(stepper.program, stepper.settings), pieces_of(stepper, 200)
    assert plan.skips
    numbers = begun(stepper, first)
    done, losses, _ = compiled(plan, dense=False)(numbers, pieces, 0.9)
    assert 0 < done < 200
    assert len(losses) == done
    assert math.hypot(*numbers.parameters) > plan.limit
    assert math.hypot(*numbers.previous) <= plan.limit
    assert not numbers.begun
    assert trained(stepper, first, pieces)[0] == replayed(stepper, first, 200)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e200, -1e21])
def test_the_fast_variant_does_not_even_begin(number: float) -> None:
    stepper, first = example("moons", hidden=(3,))
    plan, numbers = plan_of(stepper.program, stepper.settings), begun(stepper, (*first[:-1], number))
    assert compiled(plan, dense=False)(numbers, pieces_of(stepper, 2), 0.9) == (0, [], [])
    assert numbers.t == 1


def test_where_no_bound_can_be_told_nothing_is_skipped() -> None:
    for formula in ("1/relu(a)", "log(relu(a))", "relu(a)**b", "relu(a)**0.5", "relu(a)**-1"):
        settings = Settings()
        leaves = dict.fromkeys(leaves_of(formula), 1.0)
        plan = plan_of(Program.of_expression(formula, leaves, settings), settings)
        assert (plan.limit, plan.skips) == (0.0, False), formula
        assert source(plan, dense=True) == source(plan, dense=False)


def test_softmax_has_a_bound() -> None:
    data = Data(((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)), (0.0, 1.0, 2.0), ("a", "b", "c"))
    settings = Settings(loss="softmax", hidden=(4, 4))
    assert plan_of(Program.of_network(data, settings), settings).skips


def test_huge_inputs_lower_the_bound() -> None:
    data = Data(((1e250,), (1.0,)), (0.0, 1.0), ("a", "b"))
    settings = Settings(hidden=(2,))
    assert 0.0 <= plan_of(Program.of_network(data, settings), settings).limit < 1e20
    far = Data(((1e299,), (1.0,)), (0.0, 1.0), ("a", "b"))
    assert not plan_of(Program.of_network(far, settings), settings).skips


# --- a step in pieces


@given(networks(wild=True), st.lists(st.integers(1, 4), min_size=1, max_size=8))
def test_a_step_may_be_cut_anywhere(case: tuple[Stepper, tuple[float, ...], int], cuts: list[int]) -> None:
    stepper, first, steps = case
    pieces: list[Piece] = []
    for n, (rows, size, lr) in enumerate(pieces_of(stepper, steps)):
        start = 0
        while len(rows) - start > (cut := cuts[(n + start) % len(cuts)]):
            pieces.append((rows[start : start + cut], size, None))
            start += cut
        pieces.append((rows[start:], size, lr))
    assert trained(stepper, first, pieces)[0] == replayed(stepper, first, steps)


def test_a_call_may_end_amid_a_step() -> None:
    stepper, first = example("moons", hidden=(3,), batch_size=40, optimizer="adam")
    plan, numbers = plan_of(stepper.program, stepper.settings), begun(stepper, first)
    train = compiled(plan, dense=False)
    losses: list[float] = []
    rights: list[int] = []
    for rows, size, lr in pieces_of(stepper, 5):
        for start, stop in pairwise((*range(0, len(rows), 7), len(rows))):
            last = stop == len(rows)
            before = numbers.parameters
            done, new, right = train(numbers, [(rows[start:stop], size, lr if last else None)], stepper.knobs)
            assert (done, len(new), numbers.begun) == (1, last, not last)
            assert last or numbers.parameters == before
            losses += new
            rights += right
    assert bits(plan, numbers, losses, rights) == replayed(stepper, first, 5)


# --- the source


def test_the_source_is_the_same_each_time_and_readable() -> None:
    for name in ("moons", "lecture", "wonderland", "expression"):
        for dense in (False, True):
            texts = {
                source(plan_of(stepper.program, stepper.settings), dense=dense)
                for stepper, _ in (example(name), example(name))
            }
            assert len(texts) == 1
            text = texts.pop()
            assert text.startswith('def train(numbers, work, knobs):\n    """')
            assert max(map(len, text.splitlines())) <= 120
            assert text.isascii()


def test_the_bytecode_can_be_made_elsewhere() -> None:
    stepper, first = example("lecture")
    plan, numbers = plan_of(stepper.program, stepper.settings), begun(stepper, first)
    made = code(source(plan, dense=False))
    done, _, _ = function(plan, made)(numbers, pieces_of(stepper, 2), 0.9)
    assert done == 2


def test_a_deep_expression_compiles() -> None:
    """Neither a long sum nor deep nesting meets a limit of CPython's compiler."""
    parameters = [Value(0.5, "a"), Value(0.25, "b")]
    settings = Settings(lr=1e-3)
    left = right = nested = parameters[0]
    for _ in range(3000):
        left = left + parameters[1]
        right = parameters[1] - right
        nested = (nested * parameters[1]).tanh()
    program = _program(parameters, [], left + right * nested, [()], settings)
    stepper = Stepper(program, settings)
    assert trained(stepper, (0.5, 0.25), pieces_of(stepper, 2))[0] == replayed(stepper, (0.5, 0.25), 2)
    assert len(program.tape) > 9000


def test_gates_behind_gates_do_not_indent_for_ever() -> None:
    stepper, first = example("moons", hidden=(1,) * 120, lr=1e-3)
    ones = tuple(1.0 if p == 0.0 else abs(p) for p in first)
    plan = plan_of(stepper.program, stepper.settings)
    assert plan.skips
    assert trained(stepper, ones, pieces_of(stepper, 2))[0] == replayed(stepper, ones, 2)


@pytest.mark.parametrize("python", ["python3.11", "python3.12", "python3.13"])
@pytest.mark.parametrize("dense", [False, True])
def test_other_versions_of_python_read_it(python: str, dense: bool) -> None:
    found = shutil.which(python)
    if found is None or subprocess.run([found, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"there is no {python}")
    stepper, _ = example("moons")
    text = source(plan_of(stepper.program, stepper.settings), dense=dense)
    subprocess.run(
        [found, "-c", "import sys; compile(sys.stdin.read(), 'it', 'exec')"], input=text.encode(), check=True
    )


def test_no_more_steps_no_change() -> None:
    stepper, first = example("lecture")
    numbers = begun(stepper, first)
    assert compiled(plan_of(stepper.program, stepper.settings), dense=False)(numbers, [], 0.9) == (0, [], [])
    assert (numbers.parameters, numbers.t) == (first, 1)
