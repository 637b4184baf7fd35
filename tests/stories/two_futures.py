"""Fork a run, turn a knob in the fork, and compare both. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import DropFork, Fork, Forward, RenameFork, SetGranularity, SetKnob, SwitchFork
from chainstep.engine.training.session import Session
from support.screen.terminal import DOWN, ENTER, ESCAPE, RIGHT, UP

from .script import CLOSED, OPEN, Act, Acts, gone, loss, moves, row, story


@story("Two futures of one network", "lecture", size=(120, 36))
def two_futures(twin: Session) -> Acts:
    twin.apply(SetGranularity("step"))
    yield Act("Three steps.", "]]]]]")
    yield from moves(twin, RIGHT, Forward(), 3)
    twin.apply(Fork())
    yield Act("w forks: from here on there are two futures.", "w", ["this is fork 1 now"])
    twin.apply(SetKnob("lr", 0.3))
    yield Act("The fork goes on with a bolder step; both curves are drawn.", "+", ["lr 0.3 "])
    yield from moves(twin, RIGHT, Forward(), 4)
    bold = twin.losses[-1]
    yield Act("", shows=[loss(twin)])

    yield Act(
        "W compares them: what differs has a column.",
        "W",
        [row("fork", "best", "lr"), row("fork 1", f"{bold:#.4g}"), OPEN],
    )
    yield Act("n names the fork.", "n", ["Rename fork 1"])
    twin.apply(RenameFork("fork 1", "bold"))
    yield Act("", "bold" + ENTER, [row("▶", "bold", "0.3"), gone("Rename")])
    twin.apply(SwitchFork("main"))
    yield Act("enter goes over to the other, where it stands.", UP + ENTER, [CLOSED, loss(twin), "lr 0.1 "])

    yield Act("The same four steps with the rate that it had.")
    yield from moves(twin, RIGHT, Forward(), 4)
    timid = twin.losses[-1]
    yield Act("", shows=[loss(twin)])
    yield Act(
        "Side by side: the same past, two results.",
        "W",
        [row("▶", "main", f"{timid:#.4g}", "0.1"), row("bold", f"{bold:#.4g}", "0.3"), OPEN],
    )
    twin.apply(DropFork("bold"))
    yield Act("d drops the one that is not needed.", DOWN + "d", [gone("bold")])
    yield Act("", ESCAPE, [CLOSED])
