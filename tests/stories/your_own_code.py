"""An engine of one's own, with = for += in its product: the line, yours and what is right. Must not know widgets."""

from __future__ import annotations

from pathlib import Path

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.session import Session

from .script import Act, Acts, row, story

SCRIPT = Path(__file__).parents[1] / "data" / "my_micrograd.py"


@story("Which line of my own engine is wrong?", str(SCRIPT))
def your_own_code(twin: Session) -> Acts:
    script = twin.snapshot(()).script
    assert script is not None
    assert script.difference is not None
    yield Act("Your script ran. What it computed is here, and one gradient is not right.", shows=["1 node differs"])
    twin.apply(Goto(*script.difference))
    yield Act("6 goes to where it first parts from what is right: a is used twice.", "6", ["line 54", "yours"])
    yield Act("The trace has what is right beside your numbers.", "x", ["your grad", row("a", "-6.0", "✗", "-2.0")])
    right = twin.snapshot({"parameters"}).parameters
    assert right is not None
    assert right.right == {0: -2.0}
    assert right.grad[0] == -6.0
    yield Act("-6 is the last product's share alone: line 29 has = where += adds both.", shows=["line 54"])
