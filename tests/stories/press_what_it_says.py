"""Someone new presses what it says, and nothing else: a prediction, its error and a gradient. Must not know widgets."""

from __future__ import annotations

from collections.abc import Generator, Mapping

from chainstep.engine.training.commands import Command, Forward, SetGranularity
from chainstep.engine.training.session import Session
from chainstep.tui.render.canvas.numbers import plain
from chainstep.tui.render.coach.beats import Coach, course
from support.screen.terminal import ENTER, RIGHT

from .script import Act, Acts, Seen, gone, loss, row, story

KEYS: Mapping[str, tuple[str, Command]] = {
    "→": (RIGHT, Forward()),
    "enter": (ENTER, Forward("phase")),
    "]": ("]", SetGranularity("neuron")),
}


@story("The first minute: press what it says", "lecture")
def press_what_it_says(twin: Session) -> Acts:
    coach = Coach.of(twin.snapshot())
    aim = "should answer +1 -1 -1 +1."
    yield Act("It says what the network should answer, and what to press.", shows=[aim, _next(twin, coach)])

    coach = yield from _pressed(twin, coach, 1)
    network = twin.snapshot().network
    assert network is not None
    said = f"✓ →     neuron 1 is {plain(network.layers[0].data[0])}"
    yield Act("Three products, their sum, a tanh: the first neuron.", shows=[said, _next(twin, coach)])

    coach = yield from _pressed(twin, coach, 2)
    samples = twin.snapshot().samples
    assert samples is not None
    said = f"✓ enter sample 4: ŷ {plain(samples.rows[3].prediction.outputs[0])}, y 1.0"
    yield Act("A prediction, and what it should have been.", shows=[said, _next(twin, coach)])

    coach = yield from _pressed(twin, coach, 3)
    yield Act("How far off they are, in one number.", shows=[loss(twin), "error of all 4", _next(twin, coach)])

    coach = yield from _pressed(twin, coach, 6)
    gradient = plain(twin.run.gradients[twin.labels.index("L3.n1.w0")])
    yield Act("And a gradient.", shows=[f"✓ →     L3.n1.w0.grad is {gradient}", "the same five", _next(twin, coach)])

    twin.train(4 * twin.settings.steps, twin.settings.steps)
    yield Act("It trains, and the curve takes the coach's place: for good.", " ", [loss(twin), gone(aim)])


def _next(twin: Session, coach: Coach) -> Seen:
    """The key that is asked for."""
    return row("▷ " + course(twin.snapshot())[len(coach.told)].key)


def _pressed(twin: Session, coach: Coach, beats: int) -> Generator[Act, None, Coach]:
    """Press what it says until so many beats are over."""
    while len(coach.told) < beats:
        key, command = KEYS[course(twin.snapshot())[len(coach.told)].key]
        twin.apply(command)
        coach = coach.after(twin.snapshot())
        yield Act("", key, [_next(twin, coach)])
    return coach
