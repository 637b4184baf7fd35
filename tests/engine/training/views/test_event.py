"""An op in words: what a sentence says is what the op does. Must not know how it is drawn."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import Goto
from support.sessions import Begin

FORGOTTEN = "zero_grad is forgotten: a step against the sum of all gradients so far."


@pytest.mark.parametrize(
    ("name", "mistakes", "words"),
    [
        ("lecture", (), "Gradient descent: a step against the gradient, as long as the learning rate says."),
        ("lecture", ("no_zero_grad",), FORGOTTEN),
        ("expression", ("no_zero_grad",), FORGOTTEN.replace("against", "along")),
        (
            "lecture",
            ("no_zero_grad", "flipped"),
            f"{FORGOTTEN.replace('against', 'along')} Here its sign is flipped, on purpose.",
        ),
    ],
)
def test_an_update_says_what_it_follows(name: str, mistakes: tuple[str, ...], words: str, begin: Begin) -> None:
    session = begin(name, mistakes=mistakes)
    session.apply(Goto(0, session.snapshot(()).position.total - 1))
    event = session.snapshot({"next"}).next
    assert event is not None
    assert (event.phase, event.words) == ("update", words)
