"""A sweep around the settings of now, and its best run in the debugger. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Goto, SetKnob
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.playback.straight import train_to_end
from chainstep.tui.render.canvas.numbers import loss as told
from support.screen.terminal import ENTER, ESCAPE

from .script import CLEAR, Act, Acts, Seen, gone, loss, row, story

F4 = "\x1bOS"


def ended(lr: float) -> Seen:
    """The row of a run: its final loss is that of the same settings, trained without a sweep."""
    session, _ = open_subject("lecture", overrides={"lr": lr, "steps": 20})
    train_to_end(session, lambda _: None)
    return row(f"{lr:g}", told(session.final_loss()[0]), "20")


@story("Which rate is best? Many runs, and the best one opened", "lecture")
def many_runs(twin: Session) -> Acts:
    yield Act("F4 proposes a sweep around the settings of now.", F4, ["Sweep around the settings", "--lr 0.01..1"])
    yield Act("What it cannot sweep it says at once.", f"--lr 0..1{ENTER}", ["it begins above 0"])
    yield Act("", CLEAR, [gone("--lr 0..1")])
    yield Act(
        "Two rates, 20 steps each: every run starts from the first weights.",
        f"--lr 0.001,0.1 --steps 20{ENTER}",
        ["Sweep of lecture   2 of 2 runs", ended(0.001), ended(0.1), "◆"],
    )
    yield Act("enter opens the best one, at any step of it.", ENTER, [gone("Sweep of lecture"), "Go to step"])
    twin.apply(SetKnob("steps", 20))
    twin.apply(Goto(12))
    yield Act("", f"12{ENTER}", [loss(twin), "F4 leads back to the sweep"])
    yield Act("F4 is the sweep again.", F4, ["2 of 2 runs", row("»", "0.1")])
    yield Act("", ESCAPE, [gone("2 of 2 runs")])
