"""What is shown of a script: its own numbers, what is right beside them, and where they first part. Must not know the
screen.
"""

from __future__ import annotations

from chainstep.engine.training.commands import Forward, SetWatch
from chainstep.engine.training.recorded.recorder import Recorder
from chainstep.engine.training.recorded.recording import Recording
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Recorded
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.event import Event
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.tape import RightView, TraceView
from support.scripts.recordings import Node, graph_of, numbers, trained

PARTS: frozenset[Part] = frozenset({"event", "next", "trace", "graph", "parameters"})
TWICE: list[Node] = [("", (), "a"), ("mul", (0, 0), "q"), ("add", (1, 0), "y")]
"""y = a*a + a"""


def recorded(nodes: list[Node], leaves: list[float], **wrong: str) -> Recording:
    recorder = Recorder("mine.py")
    places = [recorder.place(line, f"line of {name}") for line, (_, _, name) in enumerate(nodes, 1)]
    graph = recorder.graph(graph_of(nodes, places))
    recorder.moment(graph, recorder.place(9, "y.backward()"), *numbers(nodes, leaves, **wrong))  # type: ignore[arg-type]
    return recorder.recording()


def session_on(recording: Recording) -> Session:
    return Session(Recorded(recording, recording.runs()[0]), Settings(loss="sse", steps=1))


def trace(session: Session) -> tuple[TraceView, RightView]:
    view = session.snapshot(PARTS).trace
    assert view is not None
    assert view.right is not None
    return view, view.right


def event(session: Session) -> Event:
    found = session.snapshot(PARTS).event
    assert found is not None
    return found


def test_lines_have_the_scripts_names_and_places() -> None:
    view, right = trace(session_on(recorded(TWICE, [3.0])))
    assert [(line.name, line.formula, line.place, line.source) for line in view.lines] == [
        ("q", "a*a", "2", "line of q"),
        ("y", "q + a", "3", "line of y"),
    ]
    assert (right.data, right.grad, right.wrong) == ({}, {}, None)


def test_an_own_gradient_that_is_wrong_is_shown_with_what_is_right_beside_it() -> None:
    """`=` for `+=` in *: a.grad is 3, the last share alone, where 7 is right."""
    session = session_on(recorded(TWICE, [3.0], assigns="mul"))
    session.apply(SetWatch("a", True))
    while session.op < 4:
        session.apply(Forward("op"))  # y, q, zero_grad, and the chain rule of y
    assert trace(session)[1].wrong == 0
    assert session.snapshot(PARTS).watches[0].grad == 1.0  # more comes
    assert [each.own for each in event(session).assignments] == [None, None, None]

    session.apply(Forward("op"))

    assert [(each.target, each.after, each.own) for each in event(session).assignments] == [
        ("a.grad", 4.0, None),
        ("a.grad", 7.0, 3.0),
    ]
    assert event(session).words.startswith("Here your numbers first leave what is right.")
    assert (event(session).place, event(session).source) == ("line 2", "line of q")
    snapshot = session.snapshot(PARTS)
    assert (snapshot.watches[0].grad, snapshot.watches[0].right_grad) == (3.0, 7.0)
    assert snapshot.parameters is not None
    assert (snapshot.parameters.grad, snapshot.parameters.right) == ((3.0,), {0: 7.0})
    assert snapshot.graph is not None
    assert [node.wrong_grad for node in snapshot.graph.nodes] == [True, False, False]
    assert snapshot.script is not None
    assert (snapshot.script.place, snapshot.script.agreement) == ("line 9", "1 node differs")


def test_an_own_number_that_is_wrong_is_shown_as_soon_as_its_op_was_run() -> None:
    rows = numbers(TWICE, [3.0])
    recorder = Recorder("mine.py")
    graph = recorder.graph(graph_of(TWICE, [-1] * 3))
    recorder.moment(graph, -1, [3.0, 10.0, 13.0], *rows[1:])
    session = session_on(recorder.recording())
    assert trace(session)[1].data == {}

    session.apply(Forward("op"))

    view, right = trace(session)
    assert (view.data[0], right.data, right.wrong) == (10.0, {0: 9.0}, 0)
    assert view.leaf_data[1] == (10.0, 3.0)
    assert [(each.after, each.own) for each in event(session).assignments] == [(9.0, 10.0)]


def test_behind_the_last_moment_its_numbers_stay() -> None:
    session = session_on(recorded(TWICE, [3.0], assigns="mul"))
    session.apply(Forward("step"))
    snapshot = session.snapshot(PARTS)
    view, _ = trace(session)
    assert (view.ended, view.data, view.computed, snapshot.next) == (True, (9.0, 12.0), 2, None)
    assert snapshot.parameters is not None
    assert snapshot.parameters.right == {0: 7.0}


def test_an_update_says_how_the_script_changed_the_number() -> None:
    recording = trained(2)
    session = Session(Recorded(recording, recording.runs()[0]), Settings(loss="sse", steps=2))
    while event_phase(session) != "update":
        session.apply(Forward("op"))
    assert event(session).words == "Your script changed it by -0.1 times its gradient."


def event_phase(session: Session) -> str:
    found = session.snapshot(PARTS).event
    return found.phase if found else ""


def test_an_unknown_operation_shows_what_it_reads_and_its_own_name() -> None:
    nodes: list[Node] = [("", (), "x"), ("relu6", (0,), "r"), ("mul", (1, 0), "y")]
    view, _ = trace(session_on(recorded(nodes, [1.5])))
    assert (view.lines[0].formula, view.lines[0].symbol, view.lines[0].leaves) == ("relu6(x)", "relu6", ("x",))
    assert view.lines[0].opaque
    assert view.leaf_data[0] == (1.5,)
