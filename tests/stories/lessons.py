"""A lesson as a story: the keys that its page names are pressed, and its questions answered as a learner beside it
finds them right. Must not know what any lesson teaches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import cast

from chainstep.datasets.lessons.bundled import files
from chainstep.datasets.lessons.reading import read
from chainstep.engine.lessons.commands import NextBeat, Reveal
from chainstep.engine.lessons.plan.reading import lesson
from chainstep.engine.lessons.view import LessonView
from chainstep.engine.training.session import Session
from support.lessons.walking import Learner
from support.screen.terminal import DOWN, ENTER, ESCAPE, RIGHT, UP

from .script import LONGEST, Act, Acts, Seen, Story, gone

_ON, _ANSWER, _SHOW = "5", "z", "\x19"

_KEYS = {
    "finer_h": "}}}",
    "fire": f"x{UP}!",
    "gradcheck": "a",
    "lr_down": "--",
    "toggle_1": "1",
}
"""What is typed for a command that a lesson waits for, to all that it waits for."""

_PRESSED = {"forward": RIGHT, "phase": ENTER, "play": " "}
"""What is typed until it has come about."""

_OPENED = {
    "losses": ("\x1bOR", "A loss, large and small"),
    "nudge": ("K", "Nudge one parameter"),
    "range_test": ("T", "suggested lr"),
}
"""What is typed for a command that only opens something, and what is to be seen once that is there."""

_SEEN = 20
"""Characters of a text that are looked for: never broken over two rows."""


class Taught(Learner):
    """A learner in the twin's place: where the lesson has led it."""

    def snapshot(self, parts: tuple[()]) -> object:
        """Of its session."""
        return self.session.snapshot(parts)


@dataclass(frozen=True)
class LessonStory(Story):
    """The story of a lesson's file."""

    path: Path = Path()

    def twin(self) -> Session:
        """A learner, who is asked for no more than a session's position."""
        return cast(Session, Taught(lesson(read(self.path).data)))


def lesson_story(path: Path, size: tuple[int, int] = (80, 24)) -> LessonStory:
    """The story of a lesson's file."""
    data = read(path).data
    return LessonStory(str(data["id"]), f"Lesson: {data['title']}", ("learn", str(data["id"])), _acts, size, path)


def _acts(twin: Session) -> Acts:
    learner = cast(Taught, twin)
    yield _begun(learner, "")
    while learner.view.stage != "end":
        if learner.view.stage == "ask":
            yield from _answered(learner)
        elif learner.view.stage == "do":
            yield from _done(learner)
        learner.tells(NextBeat())
        yield _begun(learner, _ON)


def _begun(learner: Taught, keys: str) -> Act:
    """A beat, or a question anew."""
    view = learner.view
    sentence = shorten(view.say or (view.question.text if view.question else view.can), LONGEST, placeholder=" …")
    return Act(sentence, keys, list(_page(view)), headed="pane header" not in view.covered)


def _page(view: LessonView) -> Iterator[Seen]:
    """What its page has to show; other numbers are drawn in the app."""
    if view.stage == "end":
        yield "This lesson is over."
    elif view.question is not None and view.question.again:
        yield "Again, with other"
    else:
        yield view.say[:_SEEN]
        yield view.question.text[:_SEEN] if view.question is not None else ""


def _answered(learner: Taught) -> Acts:
    """The right answer or, of numbers that are drawn by the clock, the one that is shown."""
    view = learner.view
    assert view.question is not None
    if view.question.again:
        learner.tells(Reveal())
        yield Act("", _SHOW, ["5 go on"])
        return
    yield Act("", _ANSWER, ["escape leaves"], headed="pane header" not in view.covered)
    right = learner.answers_rightly()
    texts = [choice.text for choice in view.question.choices]
    typed = str(texts.index(right) + 1) if isinstance(right, str) else f"{right!r}{ENTER}"
    yield Act("", typed, ["✓ Right"])


def _done(learner: Taught) -> Acts:
    action = learner.view.key.action if learner.view.key else ""
    if action == "mistakes":
        yield Act("", "m", ["What if it were wrong?"])
        learner.does_what_is_asked()
        yield Act("", f"{DOWN} ", ["gone with the next step"])
        yield Act("", ESCAPE, [gone("What if it were wrong?")])
    elif action in _OPENED:
        keys, seen = _OPENED[action]
        yield Act("", keys, [seen], headed=False)
        learner.does_what_is_asked()
        yield Act("", ESCAPE, [gone(seen), "✓ ▷ 5 go on"])
    elif action in _KEYS:
        learner.does_what_is_asked()
        yield Act("", _KEYS[action])
    while learner.view.stage == "do":
        learner.presses(action)
        yield Act("", _PRESSED[action])


LESSONS = {found.name: found for found in map(lesson_story, files())}
"""By the lesson's id, in their order."""
