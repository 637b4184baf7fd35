"""The quiz: the next gradient is yours to predict. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward, RunTo
from chainstep.engine.training.session import Session
from chainstep.tui.dialogs.quiz.question import Question, question
from support.screen.terminal import ENTER, RIGHT

from .script import CLEAR, Act, Acts, gone, row, story


def asked(twin: Session) -> Question:
    """What the app asks about the twin's next op."""
    found = question(twin.snapshot({"next"}).next)
    assert found is not None
    return found


@story("Predict the next gradient", "neuron", size=(100, 30))
def predict(twin: Session) -> Acts:
    yield Act("z begins a quiz.", "z", ["the quiz asks in backward: enter goes there"])
    twin.apply(RunTo("backward"))
    yield Act("", ENTER, ["the quiz asks for the gradient of each op"])

    yield Act(
        "The next op's gradient is hidden: its rule and its inputs are not.",
        RIGHT,
        [f"What will {asked(twin).target} be?"],
    )
    yield Act("Nonsense is one clear line, and nothing runs.", "banana" + ENTER, ["'banana' is neither a number"])
    yield Act("", CLEAR, ["a number, or a calculation"])
    slope, after = asked(twin), asked(twin).after
    twin.apply(Forward("op"))
    yield Act(
        "tanh's slope is 1 - tanh**2: a calculation will do for an answer.",
        "1 - 0.70711**2" + ENTER,
        [f"Right: {slope.target} is {after:.4f}.", "1 of 1 right", row(f"0.0 → {after:.4f}")],
    )
    yield Act("", ENTER, [gone("Predict the gradient")])

    yield Act("The next one.", RIGHT, [f"What will {asked(twin).target} be?"])
    target, after = asked(twin).target, asked(twin).after
    twin.apply(Forward("op"))
    yield Act(
        "A wrong answer is explained, with the chain rule's own numbers.",
        "7" + ENTER,
        [f"Not quite: {target} is {after:.4f}, not 7.0.", "1 of 2 right", row(f"0.0 → {after:.4f}")],
    )
    yield Act("", ENTER, [gone("Predict the gradient")])
    yield Act("z leaves the quiz, and says how it went.", "z", ["quiz over: 1 of 2 right"])
