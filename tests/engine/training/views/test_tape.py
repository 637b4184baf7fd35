"""The listing says what the next op is and what it works on, at every op, and looking changes nothing."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.commands import Back, Command, Forward, Goto, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.event import Event
from chainstep.engine.training.snapshot.tape import TraceView
from chainstep.engine.training.step.timeline import GRANULARITIES
from chainstep.engine.training.views.tape import names_of, trace, watches
from chainstep.engine.training.views.told.event import event, next_event
from support.cases import each
from support.sessions import Begin, Bits


def numbers(view: TraceView) -> tuple[object, ...]:
    """All that a picture shows: numbers that are there, and where it stands."""
    shown = slice(view.computed)
    place = (view.section, view.sample, view.current, view.computed, view.backward)
    return (*place, view.data[shown], view.grad[shown], view.leaf_data[shown])


def told(event: Event) -> dict[str, object]:
    return asdict(event)


def memory(session: Session) -> tuple[object, ...]:
    state = session.run.state
    return tuple(state.memory.data), tuple(state.memory.grad), state.op, state.step, state.reached


@pytest.mark.parametrize("name", ["lecture", "expression", "wonderland"])
def test_at_every_op_the_current_line_is_the_one_that_is_run(name: str, begin: Begin, bits: Bits) -> None:
    session = begin(name)
    seen = []
    while session.step < 1:
        before = memory(session)
        view, coming = trace(session.run), next_event(session.run)
        assert memory(session) == before
        seen.append(numbers(view))
        timeline = session.run.stepper.timeline(session.run.state)
        session.apply(Forward("op"))
        done = session.run.last
        assert done is not None
        assert timeline.instruction(done.spot) == view.current
        assert view.backward == (done.spot.phase == "backward")
        assert view.sample == (None if done.spot.sample is None else done.spot.sample + 1)
        assert bits(tuple(told(coming).items())) == bits(tuple(told(event(done)).items()))
        after = trace(session.run)
        if (after.section, after.sample, session.step) == (view.section, view.sample, 0):
            assert after.last == view.current
    for expected in reversed(seen):
        session.apply(Back("op"))
        assert numbers(trace(session.run)) == expected


def test_every_line_is_its_ops_result_of_its_inputs(begin: Begin) -> None:
    session = begin("lecture", l2=0.1, batch_size=3)
    while session.step < 2:
        view, program = trace(session.run), session.run.stepper.program
        if view.section != "parameters":
            size = session.run.stepper.timeline(session.run.state).size
            tape = program.tape if view.section == "sample" else program.batch(size).tape
            for k in range(view.computed):
                inputs = view.leaf_data[k]
                assert tape.ops[k].forward_function(inputs[0], inputs[-1]) == view.data[k]
                for source, value in zip(view.lines[k].inputs, inputs, strict=True):
                    assert source is None or (source < k and view.data[source] == value)
        session.apply(Forward("neuron"))


moves = st.builds(Forward, st.sampled_from(GRANULARITIES), st.integers(1, 3))
walks = st.lists(
    moves
    | st.builds(Back, st.sampled_from(GRANULARITIES), st.integers(1, 3))
    | st.builds(Goto, st.integers(0, 5), st.integers(0, 30)),
    max_size=8,
)


@given(walk=walks, batch_size=st.sampled_from([None, 1, 3]))
def test_a_position_has_its_listing_wherever_one_comes_from(
    walk: list[Command], batch_size: int | None, begin: Begin
) -> None:
    winding, straight = (begin("xor", batch_size=batch_size) for _ in range(2))
    for command in walk:
        winding.apply(command)
        trace(winding.run)
        next_event(winding.run)
    straight.apply(Goto(winding.step, winding.op))
    assert numbers(trace(winding.run)) == numbers(trace(straight.run))
    assert told(next_event(winding.run)) == told(next_event(straight.run))


def test_the_lines_stay_the_same_object(begin: Begin) -> None:
    session = begin("lecture")
    first = trace(session.run).lines
    session.apply(Forward("sample"))
    assert trace(session.run).lines is first
    session.apply(Goto(1, 3))
    assert trace(session.run).lines is first


def test_a_listing_has_the_sections_of_a_step(begin: Begin) -> None:
    session = begin("lecture")
    seen = []
    while session.step < 1:
        view = trace(session.run)
        if not seen or seen[-1] != (session.snapshot(()).position.phase, view.section):
            seen.append((session.snapshot(()).position.phase, view.section))
        session.apply(Forward("sample"))
    assert seen == [
        ("forward", "sample"),
        ("loss", "sample"),
        ("loss", "batch"),
        ("zero_grad", "parameters"),
        ("backward", "batch"),
        ("backward", "sample"),
        ("update", "parameters"),
    ]


def test_before_anything_is_computed_no_line_has_a_number(begin: Begin) -> None:
    view = trace(begin("lecture").run)
    assert (view.computed, view.current, view.last) == (0, 0, None)
    assert view.lines[0].formula == "x0*L1.n1.w0"
    assert view.lines[0].leaves == ("x0", "L1.n1.w0")
    assert view.leaf_data[0][0] == 2.0


def test_values_are_watched_by_their_names(begin: Begin) -> None:
    session = begin("lecture")
    names = ("L1.n1", "x0*L1.n1.w0", "L1.n1.w0", "x0", "y", "loss", "nothing")
    first = {watch.name: watch for watch in watches(session.run, names)}
    assert [first[name].data for name in ("L1.n1", "x0*L1.n1.w0", "loss", "nothing")] == [None] * 4
    assert (first["x0"].data, first["y"].data) == (2.0, 1.0)
    session.apply(SetParameter(0, 0.25))
    session.apply(Forward("op"))
    product, weight = watches(session.run, ("x0*L1.n1.w0", "L1.n1.w0"))
    assert (product.data, weight.data) == (0.5, 0.25)
    session.apply(Goto(1))
    (loss,) = watches(session.run, ("loss",))
    assert (loss.data, loss.grad) == (session.losses[0], 1.0)


@each("what", ["lecture", "iris", "expression"])
def test_a_name_that_is_looked_for_alone_is_that_of_all_names(begin: Begin, what: str) -> None:
    every = dict(names_of(begin(what).run.stepper.program))
    alone = names_of(begin(what).run.stepper.program)
    assert {name: alone[name] for name in every} == every
    assert all(name not in alone for name in ("L9.n1", "x0*L9.n1.w0", "x0 + L1.n1.w0", "L1.n1.w9", ""))


def older(session: Session) -> tuple[str, str]:
    """Names of the nodes whose numbers, and of those whose gradients, are of before the last update."""
    view = session.snapshot({"graph"}).graph
    assert view is not None
    nodes = [node for node in view.nodes if node.computed]
    return tuple("; ".join(node.name for node in nodes if is_old(node)) for is_old in (_OLD, _OLD_GRAD))  # type: ignore


_OLD, _OLD_GRAD = (lambda node: node.old), (lambda node: node.old_grad)


def test_what_an_update_has_overtaken_is_old_until_it_is_computed_again(begin: Begin) -> None:
    session = begin("parabola")
    while session.snapshot(()).position.phase != "update":
        assert older(session) == ("", "")
        session.apply(Forward("op"))
    results = ["x**2", "3*x**2", "4*x", "3*x**2 - 4*x", "3*x**2 - 4*x + 5"]
    session.apply(Forward("op"))
    behind = "; ".join(results)
    assert older(session) == (behind, f"x; {behind}")
    for done in range(1, len(results) + 1):
        session.apply(Forward("op"))
        behind = "; ".join(results[done:])
        assert older(session) == (behind, f"x; {behind}" if behind else "x")
    session.apply(Forward("op"))  # zero_grad
    assert older(session) == ("", "")
    session.apply(Back("op"))
    assert older(session) == ("", "x")


def test_what_no_update_has_changed_is_not_old(begin: Begin) -> None:
    session = begin("neuron", frozen=(0, 1, 2, 3))
    session.apply(Forward("step"))
    assert older(session)[0] == "x1*w1 + x2*w2 + b; tanh(x1*w1 + x2*w2 + b)"
    session = begin("neuron", frozen=(0, 1, 2, 3, 4))
    session.apply(Forward("step"))
    assert older(session) == ("", "")


def test_gradients_of_parameters_are_old_from_their_update_to_their_zero(begin: Begin) -> None:
    session, count = begin("lecture"), 41
    phases = ("forward", "loss", "zero_grad", "backward", "update", "forward")
    for phase, old in zip(phases, (0, 0, 0, 0, 0, count), strict=True):
        view = trace(session.run)
        assert (session.snapshot(()).position.phase, len(view.old_grads)) == (phase, old)
        session.apply(Forward("phase"))
    session.apply(Forward("phase"))
    session.apply(Forward("op", 3))
    assert trace(session.run).old_grads == range(3, count)
    session.apply(Forward("phase", 2))
    session.apply(Forward("op", 3))
    assert trace(session.run).old_grads == range(3)


def test_every_leaf_says_what_it_is(begin: Begin) -> None:
    kinds = {node.name: node.kind for node in begin("parabola").snapshot({"graph"}).graph.nodes if not node.op}
    assert kinds == {"x": "parameter", "3": "constant", "2": "constant", "4": "constant", "5": "constant"}
    lines = trace(begin("lecture").run).lines
    assert lines[0].kinds == ("input", "parameter")
    assert lines[2].kinds == ("op", "op")
    assert lines[-1].kinds == ("op", "constant")
    assert lines[-2].kinds == ("op", "target")
