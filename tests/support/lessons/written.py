"""Lessons as a teacher writes them, and what an expression of one comes to. Must not know any test."""

from __future__ import annotations

import tomllib

from chainstep.engine.lessons.language import evaluation, reading
from chainstep.engine.lessons.language.evaluation import Place
from chainstep.engine.lessons.language.numbers import Value
from chainstep.engine.lessons.plan.lesson import Lesson
from chainstep.engine.lessons.plan.reading import lesson
from chainstep.engine.training.moves import result
from chainstep.engine.training.session import Session
from chainstep.tui.cli.learning.setups import Setups

PLUS_EQUALS = """
id = "plus-equals"
title = "Why +="
idea = "Gradients add up where a value is used more than once."
setup = ["expr", "a+a", "a=3"]
can = "You can say why backward writes +=."

[[beat]]
say = "Here a = {a} feeds one sum twice. Run it forward."
show = ["node a"]
do = "phase"
words = "forward"
until = 'phase == "backward"'

[[beat]]
ask = "What will a.grad be?"
show = ["number a.grad"]
answer = "a.grad"
then = ["update"]
hint = ["Count the wires that leave a.", "There are two."]
tell = "Each use adds 1: {a.grad} in all."
[[beat.wrong]]
answer = 'mistake("overwrite", a.grad)'
words = "You let the second wire overwrite the first."
[[beat.wrong]]
answer = "a + a"
words = "That is the data of the sum."

[[beat]]
setup = ["expr", "(a*b)*(a+b)", "a=-2", "b=3"]
go = ["backward"]
ask = "Two paths now. What is a.grad?"
answer = "a.grad"
then = ["update"]
draw = { a = [-5, -2], b = [2, 7] }
[[beat.wrong]]
answer = "(a + b) * b"
words = "That is the path through the product alone."

[[beat]]
ask = "With = in place of +=, what is a.grad then?"
[[beat.choice]]
text = "what the last use writes"
right = 'mistake("overwrite", a.grad) != a.grad'
[[beat.choice]]
text = "the sum all the same"
right = 'mistake("overwrite", a.grad) == a.grad'
words = "Nothing adds the two."
"""

OPENING = PLUS_EQUALS.replace('do = "phase"', 'do = "losses"', 1).replace("until = 'phase == \"backward\"'", "", 1)
"""The same, but what its first beat wants is only to be opened."""


def of_text(text: str) -> Lesson:
    """The lesson of a file's text."""
    return lesson(tomllib.loads(text))


def quantum() -> int:
    """Samples' worth of a piece: not many, so that there are several."""
    return 50


def value_of(text: str, session: Session) -> Value:
    """What an expression comes to on a session."""
    place = Place(session, session, Setups().open, quantum, {})
    return result(evaluation.value(reading.parse(text), place))
