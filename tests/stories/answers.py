"""The answers: every prediction creeps to its target, and the network is shown on any of them. Knows no widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward
from chainstep.engine.training.session import Session
from chainstep.tui.render.canvas.numbers import signed
from support.screen.terminal import DOWN, ESCAPE, RIGHT

from .script import Act, Acts, Seen, gone, row, story

TAB = "\t"


def predicted(twin: Session) -> list[Seen]:
    """ŷ beside y, a row a sample."""
    samples = twin.snapshot({"samples"}).samples
    assert samples is not None
    return [
        row(f"{it.row + 1} {signed(it.prediction.outputs[0], 7)} {signed(it.targets[0], 5)}") for it in samples.rows
    ]


@story("Watch ypred creep to ys", "lecture", size=(120, 36))
def answers(twin: Session) -> Acts:
    yield Act("Beside each target y stands what the network says: ŷ.", "", [*predicted(twin), "right 2/4"])
    first = ["Network on sample #1", "looked at"]
    yield Act("tab goes on to them, and down looks at the first sample.", TAB + TAB + DOWN, first)
    yield Act("The next one, and the network is shown on it.", DOWN, ["Network on sample #2", "looked at", "y -1.00"])

    twin.apply(Forward("step", 20))
    yield Act(
        "space trains: every ŷ creeps to its y, and each one's own loss goes.",
        " ",
        [*predicted(twin), "right 4/4", "Network on sample #2", "looked at"],
    )
    yield Act("escape returns to the sample in hand.", ESCAPE, ["Network on sample 4", gone("looked at")])
    yield Act("Any other can be looked at again,", DOWN, ["looked at"])
    twin.apply(Forward("op"))
    yield Act("until one steps on.", RIGHT, ["Network on sample 1", gone("looked at")])
