"""A lesson and its beats, as records. Must not know how they are read, nor how they are played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b

from ...records import record
from ..language.moves import Move
from ..language.reading import Expression
from ..language.templates import Sentence
from ..view import Lit


@record
class Wrong:
    """A usual wrong answer."""

    answer: Expression
    words: Sentence
    """What it means."""


@record
class Option:
    """One of the answers to be chosen from."""

    text: Sentence
    right: Expression
    """What holds where it is the right one."""
    words: Sentence
    """What choosing it means where it is wrong; may be empty."""


@record
class Range:
    """Where a number is drawn from: `least`, `least` + `step` … `most`."""

    least: float
    most: float
    step: float


@record
class Ask:
    """A question with its answer: a number to be typed, or one of `options`."""

    text: Sentence
    answer: Expression | None
    """The right number; None where one of `options` is to be chosen."""
    options: tuple[Option, ...]
    wrong: tuple[Wrong, ...]
    close: float | None
    """How far off an answer may be, as a share of the right one; None for what is usual."""
    within: float | None
    """How far off it may be at all events."""
    then: tuple[Move, ...]
    """What is done once it is answered. All answers are those that hold there."""
    tell: Sentence
    """Why the right one is right."""
    hints: tuple[Sentence, ...]
    draw: Mapping[str, Range]
    """Numbers of the set-up that are drawn anew when it is asked again, by their names."""


@record
class Do:
    """Something that is waited for."""

    action: str
    """Id of the command whose key is named."""
    words: Sentence
    until: Expression | None
    """What has to hold of the session; None where it is enough that what the command opens was open."""
    way: tuple[Move, ...] | None
    """How it comes about; None where the action says it."""


@record
class Beat:
    """One thing of a lesson: something is said, and asked or done."""

    say: Sentence
    setup: tuple[str, ...] | None
    """Another subject from here on: the words of a command line."""
    go: tuple[Move, ...]
    """How the session comes to where the beat stands."""
    screen: str
    """Where it is best seen; empty where that does not matter."""
    lit: tuple[Lit, ...]
    cover: tuple[str, ...]
    """What else than the number that is asked for would give it away: numbers, and panes as `pane network`."""
    ask: Ask | None
    do: Do | None
    id: str = ""
    """What it is called where it is kept that it was done; empty where its words tell."""

    @property
    def key(self) -> str:
        """What it is known by wherever it stands: its id, or a digest of what it asks, says or has done."""
        if self.id:
            return self.id
        words = self.ask.text if self.ask is not None else self.say or (self.do.words if self.do is not None else "")
        return blake2b(str(words).encode(), digest_size=6).hexdigest()


@record(eq=False)
class Lesson:
    """A lesson."""

    id: str
    title: str
    idea: str
    """What it stands for, in a sentence."""
    needs: tuple[str, ...]
    """Ids of those that come before it."""
    setup: tuple[str, ...]
    can: str
    """What one can do when it is done."""
    named: Mapping[str, Expression]
    """What its expressions may call by a name of the lesson's own."""
    beats: tuple[Beat, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """What each beat is known by; of beats with the same words each later one has a number."""
        found: Counter[str] = Counter()
        keys = []
        for beat in self.beats:
            key = beat.key
            found[key] += 1
            keys.append(key if found[key] == 1 else f"{key}.{found[key]}")
        return tuple(keys)

    @property
    def questions(self) -> tuple[int, ...]:
        """The beats that ask something, from 0."""
        return tuple(place for place, beat in enumerate(self.beats) if beat.ask is not None)
