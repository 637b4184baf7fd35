"""What is changed of a table's guesses, as choices: what was chosen before stays. Must not know keys."""

from __future__ import annotations

import pytest

from chainstep.datasets.columns.choices import Choices
from chainstep.datasets.columns.kinds import Kind
from chainstep.datasets.columns.selection import ColumnReport
from chainstep.tui.dialogs.data.guesses import Guesses

NAMES = ("a", "b", "y")
A, B, Y = (
    ColumnReport("a", "number", True, 0, "numbers"),
    ColumnReport("b", "identifier", False, 0, "each row has its own; left out"),
    ColumnReport("y", "target", True, 0, "2 classes"),
)
POSSIBLE: tuple[Kind, ...] = ("number", "category", "ordinal")


def guesses(choices: Choices | None = None) -> Guesses:
    return Guesses.of(choices or Choices(), 2, (A, B, Y))


def test_what_was_chosen_stays() -> None:
    choices = Choices(drop=("b",), kinds={"a": "ordinal"}, task="classes", missing="fill", scaled=False)
    assert guesses(choices).choices(NAMES) == choices
    assert guesses(Choices(only=("a",))).choices(NAMES) == Choices(drop=("b",), kinds={"a": "number"})


def test_a_column_is_left_out_and_taken_in_again() -> None:
    without = guesses().toggled(0, A, POSSIBLE)
    assert without.choices(NAMES).drop == ("a",)
    assert without.toggled(0, A._replace(used=False), POSSIBLE).choices(NAMES) == Choices()
    assert guesses().toggled(1, B, ("category", "ordinal")).choices(NAMES).kinds == {"b": "category"}
    constant = A._replace(used=False, why="numbers; left out: it is the same in every row")
    assert guesses().toggled(0, constant, POSSIBLE).choices(NAMES).kinds == {"a": "number"}


def test_kinds_go_round_in_both_directions() -> None:
    assert guesses().turned(0, A, POSSIBLE, 1).choices(NAMES).kinds == {"a": "category"}
    assert guesses().turned(0, A, POSSIBLE, -1).choices(NAMES).kinds == {"a": "ordinal"}
    assert guesses().turned(1, B, ("category",), 1).choices(NAMES).kinds == {"b": "category"}


def test_another_target_is_used_and_its_task_found_out() -> None:
    chosen = guesses(Choices(drop=("a",), task="classes")).predicting(0)
    assert (chosen.target, chosen.choices(NAMES)) == (0, Choices())


def test_what_cannot_be_is_said() -> None:
    for change in (
        lambda: guesses().toggled(2, Y, POSSIBLE),
        lambda: guesses().turned(2, Y, POSSIBLE, 1),
        lambda: guesses().turned(0, A, ("number",), 1),
        lambda: guesses().toggled(1, B, ()),
    ):
        with pytest.raises(ValueError, match=r"^(is the target|can be nothing but number|has nothing that can)"):
            change()
