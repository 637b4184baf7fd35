"""The op to blame where a value is used several times. Must not know runs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.recorded.recorder import Recorder
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Recorded
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.views.script.culprit import Wrong, first_wrong
from support.scripts.recordings import SHARES, Node, Shares, graph_of, numbers


def program(
    nodes: Sequence[Node], leaves: Sequence[float], assigns: str = "", shares: dict[str, Shares] | None = None
) -> Program:
    recorder = Recorder("mine.py")
    graph = recorder.graph(graph_of(nodes, [-1] * len(nodes)))
    recorder.moment(graph, -1, *numbers(nodes, leaves, assigns=assigns, shares=shares))
    return Program.of_script(Recorded(recorder.recording(), (0,)), Settings(loss="sse"))


LEAF: Node = ("", (), "a")
SHARED: list[Node] = [
    LEAF,
    ("", (), "c"),
    ("mul", (0, 1), "e"),
    ("add", (2, 1), "d"),
    ("mul", (2, 2), "g"),
    ("add", (3, 4), "h"),
]
"""e = a*c; d = e + c; g = e*e; h = d + g: backward comes to g, then to d."""

TWO: list[Node] = [LEAF, ("", (), "b"), ("mul", (0, 1), ""), ("tanh", (0,), ""), ("add", (2, 3), "y")]
"""y = a*b + tanh(a)"""


def test_what_is_right_blames_nothing() -> None:
    assert first_wrong(program(SHARED, [2.0, 3.0]), 0) is None


def test_the_op_that_assigns_is_blamed_though_others_add_after_it() -> None:
    assert first_wrong(program(SHARED, [2.0, 3.0], assigns="mul"), 0) == Wrong(2, backward=True, slot=2)


@pytest.mark.parametrize("sign", [-1.0, 2.0])
def test_of_two_uses_that_is_blamed_whose_op_is_right_nowhere_else(sign: float) -> None:
    """a is used by * and by tanh; * is right for b."""

    def wrong(x: Sequence[float], y: float, g: float) -> Sequence[float]:
        return [sign * share for share in SHARES["tanh"](x, y, g)]

    assert first_wrong(program(TWO, [0.5, 3.0], shares={"tanh": wrong}), 0) == Wrong(1, backward=True, slot=0)


def test_the_next_difference_lies_behind_its_op_and_after_the_last_comes_the_first() -> None:
    recorder = Recorder("mine.py")
    graph = recorder.graph(graph_of(SHARED, [-1] * len(SHARED)))
    for assigns in ("mul", "", "mul"):
        recorder.moment(graph, -1, *numbers(SHARED, [2.0, 3.0], assigns=assigns))
    session = Session(Recorded(recorder.recording(), (0, 1, 2)), Settings(loss="sse", steps=3))
    found = []
    for _ in range(3):
        script = session.snapshot(()).script
        assert script is not None
        assert script.difference is not None
        session.apply(Goto(*script.difference))
        event = session.snapshot({"event"}).event
        assert event is not None
        assert "e.grad ends as 7 where 13 is right" in event.words
        found.append((session.step, event.expression))
    assert found == [(0, "e*e"), (2, "e*e"), (0, "e*e")]
