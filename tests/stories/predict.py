"""The quiz: the next gradient is yours to predict. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward, RunTo
from chainstep.engine.training.session import Session
from chainstep.tui.teaching.question import Question, question
from support.screen.terminal import ENTER, RIGHT

from .script import CLEAR, Act, Acts, gone, row, story


def asked(twin: Session) -> Question:
    """What the app asks about the twin's next op."""
    found = question(twin.snapshot({"next"}).next)
    assert found is not None
    return found


@story("Predict the next gradient", "neuron", size=(100, 30))
def predict(twin: Session) -> Acts:
    yield Act("z begins a quiz, beside the panes.", "z", ["Predict each gradient of backward"])
    twin.apply(RunTo("backward"))
    yield Act(
        "The next op's gradient is hidden: its rule and its inputs are not.",
        ENTER,
        [f"What will {asked(twin).target} be?", "where x1*w1 + x2*w2 + b = 0.8814", "z type what you predict"],
    )
    yield Act("z goes to the line of the answer, and the keys are text.", "z", ["enter answers"])
    yield Act("Nonsense is one clear line, and nothing runs.", "banana" + ENTER, ["'banana' is neither a number"])
    yield Act("", CLEAR, ["a number, or 2 * 0.5"])
    slope, after = asked(twin), asked(twin).after
    yield Act(
        "tanh's slope is 1 - tanh**2: a calculation will do for an answer.",
        "1 - 0.70711**2" + ENTER,
        [f"Right: {after:.4f}.", "1 of 1 right", f"= {after:.4f}"],
    )
    twin.apply(Forward("op"))
    yield Act(
        "The op is yours to run, and the next one is asked for.",
        RIGHT,
        [row(f"0.0 → {after:.4f}"), f"What will {asked(twin).target} be?", gone(f"What will {slope.target} be?")],
    )
    after = asked(twin).after
    yield Act(
        "A wrong answer is explained, with the chain rule's own numbers.",
        "z7" + ENTER,
        ["Not 7.0.", f"It is {after:.4f}.", "1 of 2 right"],
    )
    yield Act("G ends the quiz, and says how it went.", "G", ["quiz over: 1 of 2 right"])
