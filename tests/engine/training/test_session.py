"""What commands do to a session: knobs, weights, restarts, errors, and what the perceptron rule learns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chainstep.engine.training.archive.load import load
from chainstep.engine.training.commands import (
    Back,
    Command,
    CommandError,
    Forward,
    Goto,
    Reseed,
    Restart,
    SetGradcheck,
    SetGranularity,
    SetKnob,
    SetParameter,
    SetProbe,
    from_json,
    to_json,
)
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings, SettingsError
from chainstep.engine.training.views.told.event import event
from support.archives import reopened, save
from support.cases import each
from support.sessions import Begin, Bits


def test_behind_the_last_op_of_a_step_the_next_one_begins(begin: Begin, bits: Bits) -> None:
    session, straight = begin("moons", batch_size=2), begin("moons", batch_size=2)
    total = session.snapshot(()).position.total
    session.apply(Goto(0, total))
    straight.apply(Forward("step"))
    assert bits(session) == bits(straight)


# --- errors

WRONG: list[Command] = [
    Forward("banana"), Back("banana"), SetGranularity("ops"), Goto(-1), Goto(0, -1), Goto(0, 689), Goto(3, 10**6),
    SetKnob("lr", 0.0), SetKnob("lr", float("nan")), SetKnob("lr", float("inf")), SetKnob("l2", -1.0),
    SetKnob("momentum", 1.0), SetKnob("hidden", (0,)), SetKnob("batch_size", 0), SetKnob("activation", "sine"),
    SetKnob("optimizer", "adagrad"), SetKnob("colour", "blue"), SetKnob("loss", "perceptron"), SetKnob("steps", -1),
    SetKnob("seed", -1), Reseed(-1),
    SetKnob("horizon", 0), SetParameter(-1, 1.0), SetParameter(41, 1.0), SetParameter(0, float("inf")),
    SetParameter(0, float("nan")), SetProbe((1.0,)), SetProbe((1.0, 2.0, float("nan"))),
    SetKnob("beta1", 1.0), SetKnob("beta2", -0.1), SetKnob("eps", 0.0), SetKnob("eps", float("inf")),
    SetKnob("noise", -0.1), SetKnob("noise", 0.1), SetKnob("split", 1.0), SetKnob("split", 0.2),
    SetKnob("features", ("x3",)), SetKnob("features", ("x1^2",)),
]  # fmt: skip


@each("at", [(0, 0), (2, 0), (2, 100), (2, 400)])
@each("command", WRONG)
def test_an_error_leaves_everything_as_it_was(command: Command, at: tuple[int, int], begin: Begin, bits: Bits) -> None:
    session = begin("lecture")
    session.apply(Goto(*at))
    before = bits(session), session.settings, session.granularity, session.inspector.probe, list(session.log)
    with pytest.raises(CommandError) as caught:
        session.apply(command)
    assert str(caught.value).isprintable()
    assert (bits(session), session.settings, session.granularity, session.inspector.probe, list(session.log)) == before


@each("value", ["banana", [1], (0.5,), True])
@each("name", ["lr", "l2", "hidden", "batch_size", "momentum", "steps", "seed", "loss"])
def test_a_knob_of_another_type_is_a_command_error(name: str, value: object, begin: Begin) -> None:
    with pytest.raises(CommandError):
        begin("lecture").apply(SetKnob(name, value))


def test_settings_that_do_not_fit_are_one_line(begin: Begin) -> None:
    for name, knobs in (
        ("plane", {"loss": "hinge"}),
        ("xor", {"loss": "perceptron"}),
        ("wonderland", {"l2": 0.1}),
        ("wonderland", {"hidden": (2,)}),
    ):
        with pytest.raises(SettingsError) as caught:
            begin(name, **knobs)
        assert str(caught.value).isprintable()
    with pytest.raises(SettingsError, match="2 first weights were given for 1 parameters"):
        Session(Formula("x**2", {"x": 1.0}), Settings(), (1.0, 2.0))


# --- weights


def test_restart_brings_the_same_weights_and_reseed_others(begin: Begin) -> None:
    session = begin("lecture")
    first = session.parameters
    session.apply(Forward("step", 5))
    session.apply(SetKnob("lr", 0.5))
    session.apply(Restart())
    assert (session.parameters, session.step, session.op, session.settings.lr) == (first, 0, 0, 0.5)
    session.apply(Reseed())
    assert session.settings.seed == 1338
    assert session.parameters == begin("lecture", seed=1338).parameters != first
    session.apply(Reseed(1337))
    assert session.parameters == first


def test_a_run_that_was_saved_with_a_negative_seed_still_opens(begin: Begin, bits: Bits) -> None:
    session = begin("moons", batch_size=9, hidden=(3,), seed=-2)
    session.apply(Forward("step", 3))
    opened = reopened(session)
    assert (opened.settings.seed, bits(opened)) == (-2, bits(session))
    opened.apply(Reseed())
    assert opened.settings.seed == 0


def test_a_run_that_was_saved_without_a_horizon_has_100(begin: Begin) -> None:
    session = begin("lecture", horizon=20, schedule="cosine")
    saved = save(session)
    assert load(session.subject, saved).settings.horizon == 20
    del saved["forks"][0]["settings"]["horizon"]
    assert load(session.subject, saved).settings.horizon == 100


def test_restart_brings_given_weights_back_too(begin: Begin) -> None:
    session = begin("wonderland")
    session.apply(SetParameter(0, -5.0))
    session.apply(Forward("step", 2))
    session.apply(Restart())
    assert session.parameters == (5.0, 2.0, 4.0, -3.0)


@each(("name", "value"), [("hidden", (5,)), ("init", "xavier"), ("seed", 4)])
def test_some_knobs_draw_new_weights(name: str, value: object, begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("op", 1000))
    session.apply(SetKnob(name, value))
    assert (session.step, session.op) == (0, 0)
    assert session.parameters == begin("lecture", **{name: value}).parameters


def test_a_restart_keeps_the_old_curve_as_a_ghost(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("step", 4))
    losses = session.losses
    session.apply(Restart())
    curve = session.snapshot({"curve"}).curve
    assert curve is not None
    assert curve.ghost is not None
    assert (curve.length, curve.ghost[:]) == (0, losses[:])


# --- knobs


@each(
    ("name", "value"), [("optimizer", "adam"), ("l2", 0.5), ("activation", "relu"), ("loss", "mse"), ("batch_size", 2)]
)
def test_a_knob_turned_in_the_middle_waits_for_the_next_step(
    name: str, value: object, begin: Begin, bits: Bits
) -> None:
    session, untouched, early = begin("lecture"), begin("lecture"), begin("lecture")
    for one in (session, untouched, early):
        one.apply(Goto(2, 100))
    session.apply(SetKnob(name, value))
    assert session.snapshot(()).pending == {name: value}
    assert getattr(session.settings, name) == getattr(untouched.settings, name)
    for one in (session, untouched):
        one.apply(Forward("phase", 4))
    assert bits(session) == bits(untouched)
    for one in (session, untouched):
        one.apply(Forward("step"))
    assert session.parameters == untouched.parameters
    assert session.snapshot(()).pending == {}
    assert getattr(session.settings, name) == value
    untouched.apply(SetKnob(name, value))
    for one in (session, untouched):
        one.apply(Forward("step", 2))
    assert bits(session) == bits(untouched)
    assert session.settings == untouched.settings


def test_the_learning_rate_acts_at_once(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Goto(0, 647 + 20))
    before, gradients = session.parameters, session.run.gradients
    session.apply(SetKnob("lr", 0.5))
    assert session.snapshot(()).lr == 0.5
    session.apply(Forward("step"))
    assert session.parameters[20:] == tuple(p - 0.5 * g for p, g in zip(before[20:], gradients[20:], strict=True))
    assert session.parameters[:20] == before[:20]


def test_a_new_command_in_the_past_makes_another_future(begin: Begin, bits: Bits) -> None:
    session, fresh = begin("lecture"), begin("lecture")
    session.apply(Forward("step", 3))
    session.apply(SetKnob("lr", 0.5))
    session.apply(Forward("step", 3))
    session.apply(Goto(2))
    fresh.apply(Goto(2))
    for one in (session, fresh):
        one.apply(SetParameter(3, 0.25))
        one.apply(Forward("step", 4))
    assert bits(session) == bits(fresh)
    assert session.settings.lr == 0.1


def test_weights_may_be_edited_in_the_middle_of_a_step(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("op", 10))
    session.apply(SetParameter(7, 2.5))
    assert session.parameters[7] == 2.5
    assert session.op == 10


def test_waiting_knobs_that_do_not_fit_each_other_are_refused_when_given(begin: Begin) -> None:
    session = begin("wonderland", activation="sigmoid", loss="sse", maximise=False)
    session.apply(Forward("op", 5))
    session.apply(SetKnob("l2", 0.1))
    with pytest.raises(CommandError):
        session.apply(SetKnob("loss", "perceptron"))
    session.apply(Forward("step", 2))
    assert session.step == 2


def test_a_waiting_knob_survives_one_that_restarts(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("op", 5))
    session.apply(SetKnob("momentum", 0.5))
    session.apply(SetKnob("loss", "softmax"))  # two outputs instead of one: it begins again
    assert session.settings.momentum == 0.5


# --- commands as data


def test_commands_survive_json() -> None:
    commands: list[Command] = [
        Forward("op", 2), Back(), Goto(3, 4), SetKnob("hidden", (3, 4)), SetParameter(0, 0.1), SetProbe(None),
        SetProbe((1.0, 2.0)), Restart(), Reseed(5), SetGranularity("layer"),
    ]  # fmt: skip
    assert [from_json(to_json(command)) for command in commands] == commands
    saved = {"command": "SetGradcheck", "on": True, "h": 1e-3}  # of before there were forward differences
    assert from_json(saved) == SetGradcheck(True, 1e-3, central=True)
    for record in ({}, {"command": "Explode"}, {"command": "Goto"}, {"command": "Goto", "step": 1, "stop": 2}):
        with pytest.raises(CommandError):
            from_json(record)


def test_the_log_keeps_where_movements_led(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("op", 3))
    session.apply(Back("op"))
    while session.train(3, 2):
        pass
    session.apply(SetKnob("lr", 0.3))
    session.apply(Forward("step"))
    assert list(session.log) == [Goto(2), SetKnob("lr", 0.3), Goto(3)]


def test_the_newest_loss_is_that_of_where_it_stands(begin: Begin) -> None:
    session = begin("moons", batch_size=2)
    assert session.loss is None
    session.apply(Goto(3))
    assert session.loss == session.losses[2]
    session.apply(Goto(1, 1))
    assert session.loss == session.losses[0]
    session.apply(Forward("phase", 2))
    assert (session.op > 0, session.loss) == (True, session.losses[1])


def test_training_stops_where_it_is_told(begin: Begin) -> None:
    session = begin("lecture")
    assert session.train(4) == 4
    assert (session.step, session.op) == (1, 0)
    assert session.train(2) == 4, "a step at least"
    assert (session.step, session.op) == (2, 0)
    while session.train(3, 3):
        pass
    assert (session.step, session.op) == (3, 0)
    assert session.train(100, 3) == 0
    assert len(session.losses) == 3


@each(
    ("name", "knobs"),
    [
        ("lecture", {"schedule": "linear", "optimizer": "momentum"}),
        ("moons", {"batch_size": 30, "optimizer": "adam", "schedule": "cosine"}),
        ("expression", {"maximise": True}),
    ],
)
def test_compiled_steps_leave_the_same_record(name: str, knobs: dict[str, object], begin: Begin, bits: Bits) -> None:
    leaping, stepping = begin(name, **knobs), begin(name, **knobs)
    stepping.compiles_here = False
    while leaping.train(250, 7):
        pass
    while stepping.train(250, 7):
        pass
    assert leaping.run.compilation.ready
    assert not stepping.run.compilation.ready
    for one, other in zip(_told(leaping), _told(stepping), strict=True):
        assert bits(one) == bits(other)


def _told(session: Session) -> Iterator[tuple[object, ...]]:
    """What a session has recorded, and its last op."""
    history, last = session.run.history, session.run.last
    yield from (
        tuple(history.loss),
        tuple(history.accuracy),
        tuple(map(history.rates.__getitem__, range(session.step))),
        tuple(history.epochs),
    )
    assert last is not None
    for line in event(last).assignments:
        yield line.target, line.before, line.after, *line.values.values()


def test_back_at_the_start_stays_there(begin: Begin, bits: Bits) -> None:
    session = begin("lecture")
    before = bits(session)
    for granularity in ("op", "phase", "step", "epoch"):
        session.apply(Back(granularity))
    assert bits(session) == before


# --- what is learnt


def answers(session: Session) -> list[int | None]:
    samples = session.snapshot({"samples"}).samples
    assert samples is not None
    return [row.prediction.decision for row in samples.rows]


RIGHT = [0, 1, 0, 1, 1, 1, 1, 1]


@each("seed", range(40))
def test_the_perceptron_rule_finds_the_table_again(seed: int, begin: Begin) -> None:
    session = begin("wonderland")
    session.apply(Reseed(seed))
    for _ in range(100):
        if session.snapshot().solved:
            break
        session.apply(Forward("step"))
    assert session.snapshot().solved
    assert answers(session) == RIGHT
    still = session.parameters
    session.apply(Forward("step"))
    assert session.parameters == still
    assert session.losses[-1] == 0.0


def test_the_rule_adds_target_minus_output_times_input(begin: Begin) -> None:
    session = begin("wonderland")
    session.apply(Reseed(3))
    weights = session.parameters
    meant = list(weights)
    data = session.subject
    assert not isinstance(data, Formula)
    wrong = 0
    for x, target in zip(data.train_inputs, data.train_targets, strict=True):
        output = float(sum(w * xi for w, xi in zip(weights, x, strict=False)) + weights[3] > 0)
        wrong += output != target
        for i, xi in enumerate((*x, 1.0)):
            meant[i] += (target - output) * xi
    session.apply(Forward("step"))
    assert session.parameters == pytest.approx(meant, rel=1e-12)
    assert session.losses[0] == wrong > 0


@each("seed", range(5))
def test_sigmoid_and_gradient_descent_learn_the_same_table(seed: int, begin: Begin) -> None:
    session = begin("wonderland")
    session.apply(Reseed(seed))
    session.apply(SetKnob("activation", "sigmoid"))
    assert (session.settings.loss, session.settings.maximise) == ("sse", False)
    session.apply(Forward("step", 500))
    assert answers(session) == RIGHT


def test_a_step_function_never_moves_by_its_gradient(begin: Begin) -> None:
    session = begin("wonderland", loss="sse", maximise=False)
    session.apply(SetParameter(0, -5.0))
    before = session.parameters
    session.apply(Forward("step", 10))
    assert session.losses[0] > 0
    assert session.parameters == before
    assert set(session.run.gradients) == {0.0}


def test_back_to_the_step_function_is_back_to_the_rule(begin: Begin) -> None:
    session = begin("wonderland")
    session.apply(SetKnob("activation", "sigmoid"))
    session.apply(SetKnob("activation", "step"))
    settings = session.settings
    assert (settings.loss, settings.maximise, settings.activation) == ("perceptron", True, "step")
