"""An expression that an engine gets wrong, recorded to be opened. Must not know how an engine is judged, or the app."""

from __future__ import annotations

import sys
from pathlib import Path

from chainstep.engine.verify.rows import Row
from chainstep.tui.cli.verify.failing import failing
from chainstep.tui.cli.verify.judged import Asked, Judged
from chainstep.tui.files.subjects.script import on_difference

ENGINE = Path(__file__).parents[3] / "data" / "my_micrograd.py"


def row(expression: str, verdict: str = "wrong") -> Row:
    return Row("a check", verdict, expression, {"a": 2.0, "b": 3.0}, why="= for +=")  # type: ignore[arg-type]


def test_the_shortest_expression_that_shows_it_is_recorded_and_opened_where_it_goes_wrong(tmp_path: Path) -> None:
    """a*b*a by an engine with = for +=: a.grad is the last share alone."""
    rows = [row("a * b * a + a * b"), row("a * b * a"), row("a + b"), row("a", "right")]
    judged = Judged(Asked("my_micrograd.py", str(ENGINE), True), rows=rows)

    found = failing([Judged(Asked("right.py", "/right.py", True)), judged], sys.executable, tmp_path)

    assert found is not None
    assert (len(found.recording.moments), found.why) == (1, "= for +=")
    session, source = on_difference(found.recording, str(found.script), found.how.to_json())
    event = session.snapshot({"event"}).event
    assert event is not None
    assert (event.phase, event.expression, event.source) == ("backward", "a*b", "y = a * b * a")
    assert [(each.target, each.after, each.own) for each in event.assignments] == [
        ("a.grad", 12.0, 6.0),
        ("b.grad", 4.0, None),
    ]
    assert source.title == "check_my_micrograd.py"
