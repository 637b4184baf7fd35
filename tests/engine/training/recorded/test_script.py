"""A session on what a script did: its moments are steps, replayed op by op, forwards and back. Must not know views."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import Back, CommandError, Forward, Goto, Restart, SetKnob, SetParameter
from chainstep.engine.training.recorded.recorder import Recorder
from chainstep.engine.training.recorded.recording import Recording
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Recorded
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.backends import replay
from support.cases import each
from support.scripts.recordings import Node, graph_of, numbers, trained


def session_on(recording: Recording, run: int = 0) -> Session:
    moments = recording.runs()[run]
    return Session(Recorded(recording, moments), Settings(loss="sse", steps=len(moments)))


def test_a_training_loop_is_a_run_with_the_scripts_losses_and_parameters() -> None:
    recording = trained(3)
    session = session_on(recording)

    session.train(10)
    session.train(10)
    session.train(10)

    assert session.ended
    assert session.losses[0:3].tolist() == [moment.loss for moment in recording.moments]
    assert session.parameters == tuple(recording.finals[0] or ())
    assert session.labels == ("w1", "b")


def test_every_op_is_undone_to_the_bit() -> None:
    session, seen = session_on(trained(2)), []
    while not session.ended:
        seen.append((session.step, session.op, session.parameters, session.run.gradients))
        session.apply(Forward("op"))
    while seen:
        session.apply(Back("op"))
        assert (session.step, session.op, session.parameters, session.run.gradients) == seen.pop()


@each("granularity", ["op", "phase", "step", "epoch"])
def test_there_is_nothing_behind_the_last_moment(granularity: str) -> None:
    session = session_on(trained(1))
    session.apply(Goto(1))
    with pytest.raises(CommandError, match="last backward"):
        session.apply(Forward(granularity))
    with pytest.raises(CommandError, match="no step 2"):
        session.apply(Goto(2))
    assert session.train(100) == 0
    session.apply(Restart())
    assert session.step == 0


@each("edit", [SetParameter(0, 1.0), SetKnob("lr", 0.5), SetKnob("l2", 0.5), SetKnob("seed", 3)])
def test_what_a_script_did_is_not_edited(edit: SetParameter | SetKnob) -> None:
    session = session_on(trained(1))
    with pytest.raises(CommandError, match="run it again"):
        session.apply(edit)


def test_where_it_pauses_may_be_set() -> None:
    session = session_on(trained(3))
    session.apply(SetKnob("steps", 2))
    assert session.limit == 2


def test_gradients_that_a_script_does_not_zero_add_up() -> None:
    nodes: list[Node] = [("", (), "a"), ("mul", (0, 0), "y")]
    recorder = Recorder("twice.py")
    graph = recorder.graph(graph_of(nodes, [-1, -1]))
    for before in ([0.0, 0.0], [6.0, 1.0]):
        recorder.moment(graph, -1, *numbers(nodes, [3.0], before=before))
    session = session_on(recorder.recording())

    session.apply(Goto(2))

    assert session.run.gradients == (12.0,)


def test_through_an_unknown_operation_goes_what_the_script_had() -> None:
    nodes: list[Node] = [("", (), "x"), ("add", (0, 0), "s"), ("relu6", (1,), "r"), ("mul", (2, 1), "y")]
    recorder = Recorder("six.py")
    graph = recorder.graph(graph_of(nodes, [-1] * 4))
    rows = numbers(nodes, [1.5])
    recorder.moment(graph, -1, *rows)
    session = session_on(recorder.recording())

    for _ in range(20):
        if session.ended:
            break
        session.apply(Forward("op"))

    assert session.losses[0] == 9.0
    assert session.run.gradients == (rows[2][0],)


def test_moments_of_another_line_or_graph_are_another_run() -> None:
    nodes: list[Node] = [("", (), "a"), ("mul", (0, 0), "y")]
    recorder = Recorder("two.py")
    first, second = (recorder.graph(graph_of(nodes, [-1, -1])) for _ in range(2))
    train, test = recorder.place(3, "train.backward()"), recorder.place(4, "test.backward()")
    for graph, place in ((first, train), (first, test), (first, train), (second, train)):
        recorder.moment(graph, place, *numbers(nodes, [3.0]))
    assert recorder.recording().runs() == [(0, 2), (1,), (3,)]
    assert recorder.recording().run_of(2) == (0, 2)


def test_a_long_moment_is_replayed_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MOST_AT_ONCE", 2)
    session, whole = session_on(trained(2)), session_on(trained(2))
    pieces = sum(1 for _ in session.move(Goto(2), lambda: 1))
    assert pieces >= 2 * 4
    whole.apply(Goto(2))
    assert (session.parameters, session.run.gradients) == (whole.parameters, whole.run.gradients)
    assert session.losses[0:2] == whole.losses[0:2]
