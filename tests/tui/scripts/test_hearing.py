"""Messages of a script are believed where they can be. Must not know how a script is run."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import pytest

from chainstep.tui.scripts.child.packing import PackingError, pack, unpack
from chainstep.tui.scripts.hearing import Listener
from support.cases import each

PLACE = {"event": "place", "line": 3, "text": "(a * b).backward()", "cell": None, "file": "/s.py"}
GRAPH = {
    "event": "graph",
    "id": 0,
    "nodes": 3,
    "ops": ["", "mul"],
    "names": {"0": "a", "2": "\x1b[31m"},
    "parameters": [0],
    "units": [[0, ""]],
    "edges": 2,
    "packed": pack([array("i", row) for row in ([0, 0, 1], [0, 0, 2], [-1, -1, 0], [0, 0, 0], [0, 1])]),
}
MOMENT = {
    "event": "moment",
    "index": 0,
    "nodes": 3,
    "loss": 6.0,
    "line": 3,
    "cell": None,
    "graph": 0,
    "place": 0,
    "error": "",
    "numbers": pack([array("d", row) for row in ([2.0, 3.0, 6.0], [0.0] * 3, [3.0, 2.0, 1.0])]),
}
FINALS = {"event": "finals", "graph": 0, "numbers": pack([array("d", [1.5])])}


def heard(*messages: dict[str, Any]) -> Listener:
    listener = Listener(Path("/s.py"))
    for message in messages:
        listener.hear(message)
    return listener


def test_messages_make_a_recording() -> None:
    later = {**MOMENT, "index": 1, "leaves": pack([array("d", [1.0, 3.0])])}
    del later["numbers"]
    listener = heard(PLACE, GRAPH, MOMENT, later, later, FINALS)
    recording = listener.recording("printed\x1b[31m", "stopped")

    assert listener.refused == 0
    assert recording is not None
    assert [moment.loss for moment in recording.moments] == [6.0, 3.0]
    assert recording.graphs[0].names == ["a", "", "\\x1b[31m"]
    assert recording.finals == [array("d", [1.5])]
    assert recording.output.isprintable()
    assert [(row.index, row.differs, row.agreement) for row in listener.rows] == [
        (0, 0, "right to the bit"),
        (1, None, ""),
    ]


@each(
    "wrong",
    [
        {**GRAPH, "nodes": 10**9},
        {**GRAPH, "nodes": True},
        {**GRAPH, "edges": 3},
        {**GRAPH, "packed": "no"},
        {**GRAPH, "packed": pack([array("i", [9] * 14)])},
        {**GRAPH, "packed": pack([array("i", row) for row in ([0, 0, 1], [0, 0, 2], [7, 7, 7], [0, 0, 0], [0, 1])])},
        {**GRAPH, "packed": pack([array("i", row) for row in ([0, 0, 1], [0, 0, 2], [0, 0, 0], [0, 0, 0], [0, 2])])},
        {**GRAPH, "names": {"9": "a"}},
        {**GRAPH, "names": ["a"]},
        {**GRAPH, "parameters": [2]},
        {**GRAPH, "units": [[0]]},
        {"event": "graph"},
        {**MOMENT, "graph": 1},
        {**MOMENT, "graph": []},
        {**MOMENT, "loss": "much"},
        {**MOMENT, "place": 5},
        {**MOMENT, "numbers": FINALS["numbers"]},
        {**FINALS, "numbers": MOMENT["numbers"]},
        {"event": "error", "what": 3, "place": 0},
        {"event": "recording"},
        {"event": "__init__"},
        {},
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    listener = heard(PLACE, GRAPH, wrong, MOMENT)

    assert listener.refused == 1
    assert listener.recording() is not None


def test_no_more_is_unpacked_than_is_asked_for() -> None:
    large = pack([array("d", [0.0] * 1_000_000)])

    with pytest.raises(PackingError):
        unpack(large, "d", [10])
