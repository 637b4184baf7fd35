"""What is sent of a long training stays within bounds. Must not know processes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chainstep.tui.scripts.child import moments
from chainstep.tui.scripts.child.moments import Moments
from chainstep.tui.scripts.child.packing import unpack
from chainstep.tui.scripts.child.places import Places
from chainstep.tui.scripts.child.watching import Watch

from ..conftest import LECTURE


class Watched:
    """An engine that is watched in this very process, and what was sent."""

    def __init__(self, source: str = LECTURE) -> None:
        self.sent: list[Mapping[str, Any]] = []
        self.moments = Moments(self.sent.append)
        self.watch = self.moments.watch = Watch(
            Places(Path("/nowhere"), {}, lambda *place: None), self.moments.backward
        )
        module = ModuleType("engine")
        exec(compile(source, "engine.py", "exec"), vars(module))
        self.value: Any = self.watch.look_at(module.Value)

    def of(self, event: str) -> list[Mapping[str, Any]]:
        return [message for message in self.sent if message["event"] == event]


def train(watched: Watched, steps: int) -> list[float]:
    """The weight before each step."""
    w, weights = watched.value(0.5), []
    for _ in range(steps):
        weights.append(w.data)
        loss = (w * 2.0 - 1.0).tanh()
        w.grad = 0.0
        loss.backward()
        w.data -= 0.1 * w.grad
    watched.moments.finish()
    return weights


def test_a_long_loop_is_sent_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "OF_NUMBERS", 1500)
    monkeypatch.setattr(moments, "OF_LEAVES", 1500)
    watched = Watched()
    weights = train(watched, 200)

    rows = watched.of("moment")
    whole = [row["index"] for row in rows if "numbers" in row]
    leaves = [row for row in rows if "leaves" in row]
    assert [row["index"] for row in rows] == [*range(200), 199]
    assert whole[0] == 0
    assert whole[-1] == 199
    assert 15 < len(whole) < 60
    assert 10 < len(leaves) < 60
    assert sum(len(row.get("numbers", row.get("leaves", ""))) for row in rows) < 10_000
    assert list(unpack(leaves[0]["leaves"], "d", (3,))[0]) == [weights[leaves[0]["index"]], 2.0, -1.0]
    assert len(watched.of("graph")) == 1


def test_graphs_for_which_there_is_no_room_have_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "OF_NODES", 100)
    watched = Watched()
    total = watched.value(1.0)
    for _ in range(20):
        total = total + 1.0
        total.backward()

    assert 5 < len(watched.of("graph")) < 12
    assert [row["loss"] for row in watched.of("moment")] == [float(k) for k in range(2, 22)]
    assert watched.of("moment")[-1]["graph"] is None


def test_what_cannot_be_read_is_told_once_and_runs_all_the_same() -> None:
    watched = Watched(
        "class Value:\n"
        "    def __init__(self, rows): self.data, self.grad = rows, [0.0, 0.0]\n"
        "    def __add__(self, other): return Value([a + b for a, b in zip(self.data, other.data)])\n"
        "    __mul__ = __add__\n"
        "    def backward(self): self.grad = [1.0, 1.0]\n"
    )
    for _ in range(2):
        both = watched.value([1.0, 2.0]) + watched.value([3.0, 4.0])
        both.backward()

    assert both.grad == [1.0, 1.0]
    assert watched.sent == [{"event": "unread", "why": "list is not one number"}]


def test_inputs_are_those_of_the_node_even_where_another_lay_there_before() -> None:
    watched = Watched()
    value = watched.value
    for _ in range(50):  # many lie where those before them did
        a, b = value(2.0), value(3.0)
        ((a - b) * (b + b) - a).backward()

    (graph,) = watched.of("graph")
    kinds, counts, _, _, flat = unpack(graph["packed"], "iiiii", (graph["nodes"],) * 4 + (graph["edges"],))
    ops = [graph["ops"][kind] for kind in kinds]
    assert list(counts) == [0 if not op else 2 for op in ops]
    inputs = iter(flat)
    spelt: list[str] = []
    for op, count in zip(ops, counts, strict=True):
        spelt.append(f"{op}({', '.join(spelt[next(inputs)] for _ in range(count))})" if op else f"{len(spelt)}")
    # The class writes a − b as a + b·−1: 0 is b, 3 is a.
    assert spelt[-1] == "add(mul(add(3, mul(0, 1)), add(0, 0)), mul(3, 7))"
