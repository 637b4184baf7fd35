"""The card of a neuron that answers yes or no: what it says of its threshold. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import SetParameter, SetProbe
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.network.card import against_threshold
from support.cases import each
from support.screen.looks import IN_ASCII, IN_COLOUR


@each(
    ("bias", "room", "said"),
    [
        (-3.0, 26, "fires: 9 > 3, threshold −b"),
        (-3.0, 25, "fires: 9 > 3"),
        (-9.0, 26, "quiet: 9 ≤ 9, threshold −b"),
        (0.5, 40, "fires: 9 > −0.5, threshold −b"),
        (-3.0, 5, ""),
    ],
)
def test_it_fires_above_the_negative_of_its_bias(bias: float, room: int, said: str) -> None:
    """Wonderland's first answers: it does not rain and friends are excited, 5 + 4."""
    session, _ = open_subject("wonderland")
    session.apply(SetProbe((1.0, 0.0, 1.0)))
    session.apply(SetParameter(3, bias))
    assert against_threshold(session.snapshot(), room, IN_COLOUR) == said


def test_without_a_threshold_nothing_is_said_of_one() -> None:
    session, _ = open_subject("wonderland", overrides={"activation": "sigmoid", "loss": "mse"})
    session.apply(SetProbe((1.0, 0.0, 1.0)))
    assert against_threshold(session.snapshot(), 40, IN_ASCII) == ""
