"""The knobs dialog: every hyperparameter, when it acts, what a notch does, and what is of no use. Keys to session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Input, OptionList, Static

from chainstep.engine.nn.losses import LOSSES
from chainstep.engine.nn.mlp import INITS
from chainstep.engine.nn.optimizers import SCHEDULES
from chainstep.engine.training.commands import Forward, SetKnob, Undo
from chainstep.engine.training.setup.features import FEATURES
from chainstep.engine.training.setup.settings import KNOBS as SETTINGS
from chainstep.engine.training.setup.settings import Settings
from chainstep.tui.dialogs.knobs.knob_table import KNOBS, Knob, idle, notch, read, shown
from chainstep.tui.files.subjects.opening import open_subject
from support.cases import each
from support.sessions import numbers_of

Opened = Callable[..., Any]

ELSEWHERE = {"activations", "frozen", "mistakes", "order"}
"""Settings with keys and dialogs of their own, and what the row of the activation shows."""


async def choose(ui: Any, name: str) -> None:
    """Put the cursor of the dialog on a knob."""
    ui.app.screen.query_one(OptionList).highlighted = [knob.name for knob in KNOBS].index(name)
    await ui.pilot.pause()


def prompt(ui: Any, name: str) -> str:
    """The row of a knob."""
    options = ui.app.screen.query_one(OptionList)
    return " ".join(str(options.get_option_at_index([knob.name for knob in KNOBS].index(name)).prompt).split())


def test_every_setting_is_a_knob_in_one_of_the_groups() -> None:
    assert {knob.name for knob in KNOBS} == SETTINGS - ELSEWHERE
    groups = [knob.group for knob in KNOBS]
    assert list(dict.fromkeys(groups)) == ["training", "optimiser", "loss", "network", "data"]
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index)


async def test_a_row_says_the_value_its_notches_and_when_it_acts(opened: Opened) -> None:
    async with opened("circles") as ui:
        await ui.press("k")
        assert prompt(ui, "lr") == "training learning rate 0.1 ← 0.03 → 0.3 at once"
        assert prompt(ui, "l1") == "L1 penalty 0 → 1e-05 next step"
        assert prompt(ui, "noise") == "data noise own 0.1 ← 0.05 → 0.15 restarts"
        assert prompt(ui, "beta1") == "β1 0.9 not used: momentum has none"
        assert prompt(ui, "horizon") == "horizon 100 not used: a constant schedule"


async def test_a_turn_that_waits_is_shown_and_marked(opened: Opened) -> None:
    async with opened("circles") as ui:
        await ui.press("right", "right", "k")
        await choose(ui, "batch_size")
        await ui.press("left", "left")
        assert ui.session.settings.batch_size is None
        assert prompt(ui, "batch_size").startswith("batch size 64* ← 32 → 128")
        assert ui.told("#story").endswith("* from the next step on")
        await ui.press("u")
        assert prompt(ui, "batch_size").startswith("batch size 128*")
        await ui.press("u")
        assert prompt(ui, "batch_size").startswith("batch size all ← 128")


@each("what", ["circles", "iris", "expression", "wonderland"])
@each("knob", KNOBS)
def test_every_knob_acts_when_it_says_leaves_a_mark_and_can_be_undone(what: str, knob: Knob) -> None:
    session, _ = open_subject(what, overrides={"schedule": "linear", "optimizer": "adam", "steps": 50})
    subject = session.snapshot(()).subject
    if idle(knob.name, session.settings, subject) or (knob.name == "hidden" and not session.settings.hidden):
        return
    session.apply(Forward("step", 2))
    session.apply(Forward("op", 3))
    settings, before = session.settings, numbers_of(session)
    now = getattr(settings, knob.name)
    turns = [notch(settings, knob.name, direction, subject) for direction in (1, -1)]
    # To the softmax of two classes belong two outputs, and so other weights.
    named = {"features": ("x1", "x2", "x1^2"), "loss": "mse"}
    value = named.get(knob.name) or next(turn for turn in turns if turn != now)
    session.apply(SetKnob(knob.name, value))
    assert session.step == (0 if knob.acts == "restarts" else 2)
    assert (getattr(session.settings, knob.name) == value) is (knob.acts != "next step")
    session.apply(Forward("step"))
    assert getattr(session.settings, knob.name) == value
    curve = session.snapshot({"curve"}).curve
    assert curve is not None
    assert [at for at, words in curve.marks if words] == [{"restarts": 0, "at once": 2, "next step": 3}[knob.acts]]
    session.apply(Undo())
    assert (session.settings, numbers_of(session)) == (settings, before)


async def test_what_is_chosen_is_explained_below_the_list(opened: Opened) -> None:
    for rows in (SCHEDULES, INITS, LOSSES):
        for name, row in rows.items():
            assert row.words
            assert len(f"{name}: {row.words}") <= 70
    async with opened() as ui:
        await ui.press("k")
        await choose(ui, "schedule")
        assert ui.told("#story") == "constant: the base rate throughout"
        await ui.press("left", "left")
        assert ui.told("#story") == "cosine: down to a tenth along half a cosine (Loshchilov & Hutter 2017)"
        await choose(ui, "init")
        assert ui.told("#story") == "lecture: uniform in ±1, biases too"
        await choose(ui, "l2")
        assert ui.told("#story") == "L2 penalty: Σp² times this, biases too; half of torch's weight_decay"


async def test_a_switch_has_two_ends(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("k")
        await choose(ui, "maximise")
        assert prompt(ui, "maximise") == "maximise no → yes next step"
        await ui.press("left")
        assert not ui.session.next_settings.maximise
        await ui.press("right")
        assert prompt(ui, "maximise").startswith("maximise yes ← no")


async def test_a_bad_value_is_one_line_and_changes_nothing(opened: Opened) -> None:
    bad = (
        ("lr", "nan", "lr must be finite and above 0, not nan"),
        ("lr", "fast", "lr takes numbers, not 'fast'"),
        ("momentum", "1", "momentum must be at least 0 and below 1, not 1.0"),
        ("eps", "0", "eps must be finite and above 0, not 0.0"),
        ("batch_size", "0", "batch_size must be at least 1, not 0"),
        ("batch_size", "1.5", "batch_size takes whole numbers, not '1.5'"),
        ("steps", "-1", "steps must be at least 0, not -1"),
        ("seed", "-1", "seed must be at least 0, not -1"),
        ("maximise", "perhaps", "maximise takes yes or no, not 'perhaps'"),
        ("hidden", "4,0", "hidden layers need at least 1 neuron, not 4,0"),
        ("activation", "swish", "activation 'swish' is none of"),
        ("split", "1", "split must be at least 0 and below 1, not 1.0"),
        ("features", "x9", "there is no input feature 'x9'"),
    )
    async with opened("circles") as ui:
        await ui.press("right", "k")
        before, log = numbers_of(ui.session), list(ui.session.log)
        for name, text, complaint in bad:
            await choose(ui, name)
            await ui.press("enter")
            ui.app.screen.query_one(Input).value = text
            await ui.press("enter")
            said = ui.told(".error")
            assert said.startswith(complaint)
            assert "\n" not in said
            assert (numbers_of(ui.session), list(ui.session.log)) == (before, log), (name, text)
            await ui.press("escape")


# --- layers


async def test_layers_and_neurons_come_and_go(opened: Opened) -> None:
    steps: tuple[tuple[str, tuple[int, ...]], ...] = (
        ("right", (4, 5)),
        ("i", (4, 5, 5)),
        ("left", (4, 5, 4)),
        ("<", (4, 5, 4)),
        ("left", (4, 4, 4)),
        (",", (4, 4, 4)),
        ("right", (5, 4, 4)),
        ("d", (4, 4)),
        ("d", (4,)),
        ("d", ()),
        ("d", ()),
        ("right", ()),
        ("i", (4,)),
        (">", (4,)),
        ("i", (4, 4)),
    )
    async with opened() as ui:
        await ui.press("k")
        await choose(ui, "hidden")
        for key, hidden in steps:
            await ui.press(key)
            assert ui.session.settings.hidden == hidden, key
        assert "[4]" in prompt(ui, "hidden")
        await ui.press("u", "escape")
        assert ui.session.settings.hidden == (4,)


async def test_letters_for_layers_do_nothing_elsewhere(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("k", "i", "d", "<", ">")
        assert list(ui.session.log) == []


async def test_a_giant_is_refused(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("k")
        await choose(ui, "hidden")
        await ui.press("enter")
        ui.app.screen.query_one(Input).value = "100000,100000"
        await ui.press("enter")
        assert "parameters are too many" in ui.told(".error")
        assert ui.session.settings.hidden == (4, 4)


# --- inputs


async def test_digits_switch_inputs_on_and_off(opened: Opened) -> None:
    async with opened("circles") as ui:
        await ui.press("k", "3", "5")
        assert ui.session.settings.features == ("x1", "x2", "x1^2", "x1*x2")
        assert prompt(ui, "features") == "inputs 1●x0 2●x1 3●x0² 4○x1² 5●x0·x1 6○sin(x0) 7○sin(x1)"
        assert "is x0" not in ui.told("#story"), "x0 is called so"
        await ui.press("1", "2", "3")
        assert ui.session.settings.features == ("x1*x2",)
        await ui.press("u")
        assert ui.session.settings.features == ("x1^2", "x1*x2")
        await ui.press("0")
        assert ui.session.settings.features == ()
        await ui.press("7", "escape")
        assert ui.snapshot.subject.features == ("x0", "x1", "sin(x1)")


async def test_the_network_pane_the_input_and_the_sample_follow(opened: Opened) -> None:
    async with opened("circles") as ui:
        await ui.press("k", "3", "escape", "right", "i")
        await ui.type("0.5 -0.5")
        assert ui.session.inspector.probe == (0.5, -0.5)
        assert ui.snapshot.network.input_names == ("x0", "x1", "x0²")
        await ui.press("E")
        ui.app.screen.query_one(Input).value = "1: x0² = 0.25"
        await ui.press("enter")
        assert ui.session.run.stepper.program.samples[0][0][2] == 0.25


@each(
    ("text", "features"),
    [
        ("1 2 4", ("x1", "x2", "x2^2")),
        ("67", ("sin x1", "sin x2")),
        ("x0², x0*x1", ("x1^2", "x1*x2")),
        ("own", ()),
        ("x0^2, sin x1", ("x1^2", "sin x2")),
    ],
)
def test_features_are_typed_by_number_or_name(text: str, features: tuple[str, ...]) -> None:
    assert Settings(features=read("features", text)).features == features  # type: ignore[arg-type]


# --- what cannot be


@pytest.mark.parametrize(
    ("what", "key", "complaint"),
    [
        ("lecture", "3", "input features are made of two numbers, and this data has 3"),
        ("expression", "3", "an expression has no data: noise, split and input features are for networks"),
    ],
)
async def test_what_cannot_be_is_one_line_and_changes_nothing(
    opened: Opened, what: str, key: str, complaint: str
) -> None:
    async with opened(what) as ui:
        await ui.press("right", "k")
        before, log = numbers_of(ui.session), list(ui.session.log)
        await ui.press(key)
        assert ui.told(".error") == complaint
        assert (numbers_of(ui.session), list(ui.session.log)) == (before, log)


async def test_noise_and_split_restart_and_can_be_typed(opened: Opened) -> None:
    async with opened("moons") as ui:
        await ui.press("k")
        await choose(ui, "noise")
        await ui.press("right")
        assert ui.session.settings.noise == 0.15
        await choose(ui, "split")
        await ui.press("enter")
        ui.app.screen.query_one(Input).value = "0.25"
        await ui.press("enter")
        assert (ui.session.settings.noise, ui.session.settings.split) == (0.15, 0.25)
        assert ui.snapshot.subject.train_size == 150
        await ui.press("enter")
        ui.app.screen.query_one(Input).value = "own"
        await ui.press("enter")
        assert ui.session.settings.split is None
        await choose(ui, "validation")
        await ui.press("right", "right", "escape")
        assert ui.session.settings.validation == 0.1
        assert ui.session.validation_size == 10


def test_what_is_of_no_use_says_why() -> None:
    expected = {
        "lecture": {"horizon", "momentum", "beta1", "beta2", "eps", "noise", "split", "features"},
        "moons": {"momentum", "beta1", "beta2", "eps"},
        "iris": {"horizon", "momentum", "noise", "features"},
        "circles": {"horizon", "beta1", "beta2", "eps"},
        "expression": {
            *("horizon", "momentum", "beta1", "beta2", "eps", "batch_size", "loss", "class_weights"),
            *("hidden", "activation", "init", "gain", "seed", "noise", "split", "validation", "features"),
        },
    }
    for what, names in expected.items():
        session, _ = open_subject(what)
        subject = session.snapshot(()).subject
        assert {knob.name for knob in KNOBS if idle(knob.name, session.settings, subject)} == names
    rule, _ = open_subject("wonderland")
    assert idle("l2", rule.settings, rule.snapshot(()).subject) == "the perceptron has none"


@each("what", ["circles", "iris", "lecture", "expression"])
def test_every_notch_is_a_value_that_settings_take_and_leads_back(what: str) -> None:
    session, _ = open_subject(what)
    settings, subject = session.settings, session.snapshot(()).subject
    for knob in KNOBS:
        for direction in (-1, 1):
            there = settings
            for _ in range(30):
                there = there.replace(**{knob.name: notch(there, knob.name, direction, subject)})
                assert shown(there, knob.name, subject)
    assert len(FEATURES) == 7


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
async def test_the_dialog_is_whole_at_every_size(opened: Opened, size: tuple[int, int]) -> None:
    async with opened("circles", size=size) as ui:
        await ui.press("k")
        for name in ("lr", "hidden", "features"):
            await choose(ui, name)
            dialog = ui.app.screen.query_one(".dialog")
            for widget in dialog.query("Static, OptionList"):
                assert dialog.region.contains_region(widget.region)
            keys = ui.app.screen.query_one(".keys", Static)
            lines = str(keys.content).split("\n")
            assert keys.region.height >= len(lines)
            assert keys.region.width >= max(map(len, lines))
