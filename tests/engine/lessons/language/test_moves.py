"""Moves are commands, read from what a teacher writes. Must not know beats."""

from __future__ import annotations

import pytest

from chainstep.engine.lessons.errors import LessonError
from chainstep.engine.lessons.language.moves import command, made, parse
from chainstep.engine.training.commands import (
    AddBreakpoint,
    Back,
    Command,
    Fork,
    Forward,
    Goto,
    LookAtSample,
    RunTo,
    SetGradcheck,
    SetGranularity,
    SetKnob,
    SetNeuron,
    SetParameter,
    SetProbe,
    SetQuotient,
    SetSample,
)
from chainstep.engine.training.moves import finish
from chainstep.tui.cli.learning.setups import Setups
from support.cases import each
from support.lessons.written import quantum


@each(
    ("text", "wanted"),
    [
        ("backward", RunTo("backward")),
        ("forward", None),
        ("step 3 backward L1.n2", RunTo("step 3 backward L1.n2")),
        ("back forward", RunTo("forward", backwards=True)),
        ("next", Forward()),
        ("next op 4", Forward("op", 4)),
        ("next sample", Forward("sample")),
        ("previous phase 2", Back("phase", 2)),
        ("train 20", Goto(20)),
        ("goto 3 12", Goto(3, 12)),
        ("knob lr 0.3", SetKnob("lr", 0.3)),
        ("knob hidden 8,8", SetKnob("hidden", (8, 8))),
        ("knob order 2,0", SetKnob("order", (2, 0))),
        ("mistake overwrite", SetKnob("mistakes", ("overwrite",))),
        ("mistake none", SetKnob("mistakes", ())),
        ("set L1.n1.w1 -2", SetParameter(1, -2.0)),
        ("sample 2 x1 0.5", SetSample(1, 1, 0.5)),
        ("sample 2 y 1", SetSample(1, None, 1.0)),
        ("sample 2", RunTo("sample 2")),
        ("input 1 0 0", SetProbe((1.0, 0.0, 0.0))),
        ("input none", SetProbe(None)),
        ("neuron L2.n4", SetNeuron((1, 3))),
        ("look 3", LookAtSample(2)),
        ("h 0.001 central", SetQuotient(0.001, central=True)),
        ("check", SetGradcheck(True)),
        ("check off", SetGradcheck(False)),
        ("break loss < 0.1", AddBreakpoint("loss < 0.1")),
        ("fork other", Fork("other")),
        ("step by layer", SetGranularity("layer")),
    ],
)
def test_a_move_is_a_command(text: str, wanted: Command | None) -> None:
    assert command(parse(text), Setups().open(["lecture"])) == wanted


@each(
    ("text", "message"),
    [
        ("", "a move is empty"),
        ("bakward", "'bakward' is no move: did you mean backward?"),
        ("train", "train takes 1 words, not 0"),
        ("train soon", "'soon' is no whole number"),
        ("set L9.n1.w0 1", "there is no parameter L9.n1.w0"),
        ("neuron L9.n1", "there is no neuron L9.n1"),
        ("knob speed 1", "there is no knob called 'speed'"),
        ("next page", "'page' is no granularity"),
        ("sample 2 x9 1", "a sample has x0, x1, x2 and y, no x9"),
        ("layer 9", "there is no layer 9"),
        ("goto 0 9999", "step 0 has no op 9999"),
        ("mistake nothing", "there is no mistake 'nothing'"),
    ],
)
def test_a_move_that_cannot_be_made_says_why(text: str, message: str) -> None:
    with pytest.raises(LessonError) as error:
        finish(made(parse(text), Setups().open(["lecture"]), quantum))

    assert message in str(error.value)
