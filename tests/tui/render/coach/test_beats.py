"""The beats of the first minute: whoever presses what is asked gets through, and sees the session's own numbers. Must
not know how they are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chainstep.datasets.examples import EXAMPLES
from chainstep.engine.training.commands import Back, Forward, Goto, Restart, SetGranularity
from chainstep.engine.training.session import Session
from chainstep.engine.training.step.timeline import GRANULARITIES
from chainstep.tui.cli.expressions import read_leaves
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from chainstep.tui.render.coach.beats import Coach, course
from support.cases import each

MOST_PRESSES = 40
"""More would not be done in a minute by somebody who looks at each."""


def press(session: Session, key: str) -> None:
    """Do what a key does."""
    match key:
        case "→":
            session.apply(Forward())
        case "enter":
            session.apply(Forward("phase"))
        case "]":
            session.apply(SetGranularity(GRANULARITIES[GRANULARITIES.index(session.granularity) + 1]))
        case "space":
            session.train(1, session.step + 1)
        case _:
            raise AssertionError(f"{key} is no key of the coach's")


def led(session: Session) -> Iterator[tuple[str, Coach]]:
    """Each key that the coach asks for, pressed, and how far that is."""
    coach = Coach.of(session.snapshot())
    while not coach.finished:
        key = course(session.snapshot())[len(coach.told)].key
        press(session, key)
        coach = coach.after(session.snapshot())
        yield key, coach


@each("name", EXAMPLES)
def test_whoever_presses_what_is_asked_gets_through_every_example(name: str) -> None:
    session, _ = open_subject(name)
    presses = list(led(session))
    assert len(presses) <= MOST_PRESSES, [key for key, _ in presses]
    assert session.step == 1


def test_the_lecture_shows_a_prediction_its_error_and_a_gradient() -> None:
    session, _ = open_subject("lecture")
    told = list(led(session))[-2][1].told
    session, _ = open_subject("lecture")
    session.apply(Forward("neuron"))
    network = session.snapshot().network
    assert network is not None
    assert told[0] == (f"neuron 1 is {network.layers[0].data[0]:.4f}",)
    session.apply(Forward("phase"))
    samples = session.snapshot().samples
    assert samples is not None
    assert told[1][0] == f"sample 4: ŷ {samples.rows[3].prediction.outputs[0]:.4f}, y 1.0"
    session.apply(Forward("phase"))
    assert told[2][0] == f"loss {session.loss:.3f}: error of all 4"
    session.apply(Forward("phase"))
    session.apply(Forward("neuron", 3))
    gradient = session.run.gradients[session.labels.index("L3.n1.w0")]
    assert told[3:] == (
        ("every gradient is 0",),
        ("a press is a neuron now",),
        (f"L3.n1.w0.grad is {gradient:.4f}", f"grad {gradient:.4f}"),
    )


def test_an_expression_has_a_value_and_no_loss() -> None:
    session, _ = open_expression("3x^2 - 4x + 5", read_leaves(["x=3"]))
    *before, (last, _) = led(session)
    assert last == "space"
    assert [words[0] for words in before[-1][1].told] == [
        "x**2 = 9.0",
        "the value is 20",
        "every gradient is 0",
        "x.grad is -4.0",
    ]


def test_classes_are_told_by_their_names(tmp_path: Path) -> None:
    rows = "".join(f"{k % 3},{k % 5},{('rose', 'tulip', 'iris')[k % 3]}\n" for k in range(24))
    file = tmp_path / "flowers.csv"
    file.write_text(f"length,width,kind\n{rows}", encoding="utf-8")
    session, _ = open_subject(str(file), "kind")
    names = session.snapshot().subject.classes
    said = {coach.told[1][-1] for _, coach in led(session) if len(coach.told) > 1}
    assert said & {f"ŷ {says}, y {meant}" for says in names for meant in names}


def test_it_reads_where_the_session_stands_and_counts_no_keys() -> None:
    session, _ = open_subject("lecture")
    coach = Coach.of(session.snapshot()).after(session.snapshot())
    assert coach.told == ()
    session.apply(Goto(0, session.run.stepper.timeline(session.run.state).loss_end))
    coach = coach.after(session.snapshot())
    assert len(coach.told) == 3  # the neuron, the prediction and its error lie behind
    session.apply(Back("phase"))
    assert coach.after(session.snapshot()) == coach, "what was seen stays seen"


def test_training_that_goes_on_without_it_puts_it_aside() -> None:
    session, _ = open_subject("lecture")
    coach = Coach.of(session.snapshot()).after(session.snapshot())
    session.train(400)
    coach = coach.after(session.snapshot())
    assert (coach.aside, coach.finished) == (True, False)
    session.apply(Restart())
    assert coach.after(session.snapshot()).aside, "it waits to be called"
