"""Breakpoints: what people type, what the model does not have, and the list of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.commands import CommandError
from chainstep.engine.training.debugger.breakpoints import Breakpoints
from chainstep.engine.training.debugger.conditions import Condition
from chainstep.engine.training.debugger.places import Place
from chainstep.engine.training.debugger.targets import Rising, Trouble, parse
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.step.timeline import Timeline
from support.cases import each
from support.sessions import Begin


@pytest.fixture(scope="module")
def program(begin: Begin) -> Program:
    """The lecture's 3-4-4-1 on four samples."""
    return begin("lecture").run.stepper.program


@each(
    ("text", "expected"),
    [
        ("step 40", Place(step=40)),
        ("Backward", Place(phase="backward")),
        ("loss", Place(phase="loss")),
        ("layer 2", Place(layer=2)),
        ("l1.N3", Place(layer=1, neuron=3)),
        ("layer 1 neuron 3", Place(layer=1, neuron=3)),
        ("sample 2 backward L1.n3", Place(phase="backward", sample=2, layer=1, neuron=3)),
        ("backward  layer 1", Place(phase="backward", layer=1)),
        ("step 3 update", Place(step=3, phase="update")),
        ("line 17", Place(line=17, section="sample")),
        ("batch line 3", Place(line=3, section="batch")),
        ("parameter L1.n1.w0", Place(parameter="L1.n1.w0")),
        ("update parameter L1.n1.w0", Place(phase="update", parameter="L1.n1.w0")),
        ("op 37", Place(op=37)),
        ("NaN", Trouble("nan")),
        ("dead", Trouble("dead")),
        ("saturated", Trouble("saturated")),
        ("rising 3", Rising(3)),
        ("loss < 0.1", Condition("loss < 0.1", (("loss", 1),))),
        ("step > 3", Condition("step > 3", (("step", 1),))),
    ],
)
def test_what_is_typed_is_understood(text: str, expected: object) -> None:
    assert parse(text) == expected


@each(
    ("text", "part"),
    [
        ("", "a breakpoint is"),
        ("   ", "a breakpoint is"),
        ("foo", "'foo' is no place"),
        ("backwrd", "did you mean backward?"),
        ("step", "step needs a number, as in step 3"),
        ("step x", "step needs a number"),
        ("step ٣", "step needs a number"),
        ("layer 0", "there is no layer 0: the model has 3"),
        ("layer 4", "there is no layer 4: the model has 3"),
        ("L1.n5", "there is no neuron 5: layer 1 has 4"),
        ("sample 5", "there is no sample 5: a batch has 4"),
        ("line 9999", "there is no line 9999: the sample's tape has"),
        ("batch line 99", "there is no line 99: the batch's tape has"),
        ("neuron 2", "of which layer"),
        ("op 999999", "there is no op 999999"),
        ("op 3 backward", "op counts through the whole step"),
        ("parameter", "parameter needs a name"),
        ("parameter L1.n1.w7", "there is no parameter L1.n1.w7: did you mean L1.n1.w"),
        ("parameter L1.n1.w0 sample 2", "a parameter has a zero_grad"),
        ("L1.n1.w0", "L1.n1.w0.grad > 5"),
        ("L1.n1.w0.grad", "L1.n1.w0.grad > 5"),
        ("backward forward", "two phases"),
        ("update sample 2", "no op of a step"),
        ("loss L1.n1", "no op of a step"),
        ("rising", "rising needs a number"),
        ("rising 0", "rising needs a number"),
        ("rising many", "rising needs a number"),
        ("loss < ", "cannot be read"),
        ("L9.n1.w0 > 3", "there is no L9.n1.w0"),
        ("dead", "the model has none"),
    ],
)
def test_nonsense_is_one_line_and_adds_nothing(text: str, part: str, program: Program) -> None:
    breakpoints = Breakpoints()
    with pytest.raises(CommandError) as caught:
        breakpoints.add(text, program)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not breakpoints.views


@given(text=st.text(max_size=30) | st.lists(st.sampled_from(
    ["step", "layer", "L1.n1", "3", "0", "backward", "batch", "line", "parameter", "rising", "nan", "<", "loss"]
), max_size=6).map(" ".join))  # fmt: skip
def test_whatever_is_typed_is_added_or_refused(text: str, program: Program) -> None:
    breakpoints = Breakpoints()
    try:
        breakpoints.add(text, program)
    except CommandError as error:
        assert "\n" not in str(error)  # noqa: PT017
        assert not len(breakpoints)
    else:
        assert breakpoints.views[0].words


@each(
    ("text", "count"),
    [("backward", 1), ("sample 2", 3), ("forward layer 2", 4), ("backward L1.n3", 4), ("update L1.n3", 1),
     ("parameter L1.n1.w0", 2), ("line 1", 8), ("batch line 1", 2), ("step 7", 1), ("op 5", 1)],
)  # fmt: skip
def test_a_place_is_hit_once_a_stretch(text: str, count: int, program: Program) -> None:
    place = parse(text)
    assert isinstance(place, Place)
    timeline = Timeline(program, 4)
    ops = place.check(program).ops(timeline, program)
    assert len(ops) == count
    assert list(ops) == sorted(set(ops))
    for op in ops:
        spot = timeline.spot(op)
        assert place.phase in (None, spot.phase)
        assert place.layer in (None, timeline.scope(spot).layer)


def test_the_list(program: Program) -> None:
    breakpoints = Breakpoints()
    for text in ("loss <  0.1", "sample 2 backward L1.n3", "rising 3"):
        breakpoints.add(text, program)
    breakpoints.toggle(2)
    breakpoints.drop(1)
    breakpoints.add("step 4", program)
    assert [(v.number, v.text, v.enabled) for v in breakpoints.views] == [
        (2, "sample 2 backward L1.n3", False),
        (3, "rising 3", True),
        (4, "step 4", True),
    ]
    assert breakpoints.views[0].words == "before backward › sample 2 › L1.n3"
    assert [b.number for b in breakpoints.enabled] == [3, 4]
    for act in (breakpoints.toggle, breakpoints.drop):
        with pytest.raises(CommandError, match="there is no breakpoint 1: there is 2, 3, 4"):
            act(1)


def test_the_list_survives_json(program: Program) -> None:
    breakpoints = Breakpoints()
    for text in ("abs(L1.n1.w0.grad) > 5", "Layer 2", "parameter l1.n1.W0", "nan"):
        breakpoints.add(text, program).hits = 3
    breakpoints.toggle(2)
    again = Breakpoints.of(json.loads(json.dumps(breakpoints.records())))
    assert again.views == breakpoints.views
    assert [b.target for b in again] == [b.target for b in breakpoints]
    with pytest.raises(CommandError):
        Breakpoints.of([{"text": "nan"}])


@each(
    ("first", "again"),
    [("nan", "NaN"), ("loss < 1", "LOSS<1"), ("loss < 1 and step > 2", "loss < 1 AND Step > 2"),
     ("rising 3", "rising  3"),
     ("layer 1 neuron 3", "l1.N3"), ("parameter L1.n1.w0", "parameter l1.n1.W0")],
)  # fmt: skip
def test_the_same_is_not_added_twice(first: str, again: str, program: Program) -> None:
    breakpoints = Breakpoints()
    breakpoints.add(first, program)
    with pytest.raises(CommandError, match=r"^breakpoint 1 is that already$"):
        breakpoints.add(again, program)
    breakpoints.add("loss < 11", program)
    assert [b.number for b in breakpoints] == [1, 2]


@each(
    ("text", "part"),
    [
        ("x" * 5000, "a place may have 300 characters, this one has 5000"),
        ("L1.n1." + "w" * 5000, "a place may have 300"),
        ("accuracy", "compare it, as in accuracy == 1"),
        ("LR", "lr is a number: compare it"),
        ("epoch", "compare it, as in epoch == 10"),
    ],
)
def test_what_is_refused_is_told_shortly(text: str, part: str, program: Program) -> None:
    with pytest.raises(CommandError) as caught:
        Breakpoints().add(text, program)
    assert part in str(caught.value)
    assert len(str(caught.value)) < 400
