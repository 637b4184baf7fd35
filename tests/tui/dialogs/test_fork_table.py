"""The table of forks: columns that line up, and what gives way in a narrow one. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Fork, Forward, Goto, Restart
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.curve import ForkView
from chainstep.engine.training.snapshot.series.series import Series
from chainstep.tui.dialogs.forks.fork_table import differing, table
from chainstep.tui.files.subjects.opening import open_subject
from support.cases import each


def fork(name: str, parent: str | None = None, *, current: bool = False, **knobs: object) -> ForkView:
    settings = Settings().replace(**knobs)
    return ForkView(name, current, parent, 12, settings, 40, 0.5, 0.25, 0.75, Series([0.5]), 1)


MANY = (
    fork("main"),
    fork("a name that is long", "main", current=True, lr=0.3, mistakes=("no_zero_grad",), hidden=(4, 4)),
    fork("fork 2", "main", optimizer="adam", batch_size=4),
)


def test_the_settings_that_differ_are_columns() -> None:
    assert differing(MANY) == ["hidden", "optimizer", "lr", "batch_size", "mistakes"]
    assert differing(MANY[:1]) == []
    made = table(MANY, 200, ">")
    headings = "fork step loss best accuracy left hidden optimiser lr batch mistakes"
    assert made.heading.split() == headings.split()
    assert made.rows[1].split()[-5:] == ["sgd", "0.3", "all", "zero_grad", "forgotten"]
    assert " ".join(made.rows[2].split()) == "fork 2 40 0.5000 0.2500 75% main at 12 16,16 adam 0.1 4 none"
    assert made.hidden == ["", "", ""]


@each("width", [60, 70, 90, 106])
def test_what_has_no_room_is_named_apart(width: int) -> None:
    made = table(MANY, width, ">")
    assert all(len(row) <= width for row in (made.heading, *made.rows))
    shown = f"{made.heading} {made.hidden[1]}"
    for name in ("step", "loss", "best", "accuracy", "left", "hidden", "optimiser", "lr", "batch", "mistakes"):
        assert name in shown
    for value in ("0.3", "zero_grad forgotten", "4,4", "main at 12", "75%"):
        assert value in f"{made.rows[1]} {made.hidden[1]}"


def test_numbers_line_up_under_their_headings() -> None:
    made = table(MANY, 120, ">")
    for name in ("step", "loss", "best"):
        end = made.heading.index(name) + len(name)
        assert all(row[end - 1] != " " and row[end] == " " for row in made.rows)
    start = made.heading.index("fork")
    assert [row[:start].strip() for row in made.rows] == ["", ">", ""]


def test_a_fork_without_a_loss_has_a_blank() -> None:
    empty = ForkView("main", True, None, 0, Settings(), 0, None, None, None, Series(), 0)
    made = table((empty,), 80, ">")
    assert made.heading.split() == ["fork", "step", "loss", "best"]
    assert made.rows[0].split() == [">", "main", "0"]


def test_frozen_parameters_are_named_by_their_labels() -> None:
    made = table((fork("a", frozen=(0, 9)), fork("b", frozen=())), 120, ">", ("L1.n1.w0",))
    assert "L1.n1.w0,9" in made.rows[0]
    assert made.rows[1].endswith("none")


def test_a_fork_that_began_anew_says_so() -> None:
    session, _ = open_subject("lecture")
    for command in (Goto(200), Fork(), Restart(), Forward("step", 3)):
        session.apply(command)
    made = table(session.snapshot(()).forks, 120, ">")
    assert "main at 200, anew from 0" in made.rows[1]
