"""A lesson as the screen may see it: one beat of it, in words and numbers. Must not know sessions, or how an answer is
judged.
"""

from __future__ import annotations

from ..records import record


@record
class Lit:
    """Something that the beat wants looked at."""

    kind: str
    """`pane`, `phase`, `parameter`, `node`, `wire` or `number`."""
    name: str
    """The pane's id; the phase; the parameter's label; the node's name (`a*b`, `L1.n2`); the label of the weight that
    the wire is (`L1.n2.w0`) or, in a graph, `a -> a*b`; what the number is called in an answer (`loss`, `a.grad`).
    """


@record
class NextKey:
    """What to press: named by its command, so that the key is the one of the footer."""

    action: str
    """Id of an entry of the registry of commands."""
    words: str
    """What pressing it is for; may be empty: then the entry's own label says it."""


@record
class Choice:
    """One answer of several."""

    text: str
    right: bool | None = None
    """None until the answer is shown."""
    chosen: bool = False
    """It was chosen last."""


@record
class Question:
    """What is asked."""

    text: str
    choices: tuple[Choice, ...] = ()
    """Empty where a number is to be typed, or a calculation."""
    drawn: tuple[tuple[str, float], ...] = ()
    """The numbers that were drawn anew, by name; empty the first time."""

    @property
    def kind(self) -> str:
        """`typed` or `chosen`."""
        return "chosen" if self.choices else "typed"

    @property
    def again(self) -> bool:
        """It is asked a second time, with other numbers."""
        return bool(self.drawn)


@record
class Verdict:
    """What the last answer is worth."""

    right: bool
    given: str
    """The answer: the number as it was read, or the text of the choice."""
    words: str
    """What it means: of a wrong answer its cause, where the lesson knows it."""


@record
class Revealed:
    """The right answer, once it is shown."""

    right: float | None
    """The number; None where the answer is a choice."""
    text: str
    """The number in digits, or the text of the choice."""
    words: str
    """Why it is so, in the lesson's words; may be empty."""
    rule: str
    """The rule that gives it, in symbols (`a.grad += ∂(a*b)/∂a · (a*b).grad`); empty where no op does."""
    numbers: str
    """The same in numbers (`b · (a*b).grad = -3 · 1 = -3`); empty with `rule`."""


@record
class LessonView:
    """Where a lesson is."""

    id: str
    title: str
    number: int
    """Of the lesson among all, from 1; 0 for somebody's own."""
    total: int
    """Lessons there are."""
    beat: int
    """From 1."""
    beats: int
    stage: str
    """`say`: there is only something to read or look at; `ask`: an answer is waited for; `answered`: it is judged right
    or shown; `do`: something is waited for, on the session or to be opened; `done`: it is there, or was open; `end`:
    behind the last beat.
    """
    say: str
    lit: tuple[Lit, ...] = ()
    covered: tuple[str, ...] = ()
    """While an answer is waited for, what would give it away: numbers as they are called in an answer (`loss`,
    `a.grad`, `L1.n2`, `a*b.grad` for a node by its formula), and whole panes (`pane network`).
    """
    screen: str = ""
    """`train` or `trace`: where the beat is best seen; empty where that does not matter."""
    key: NextKey | None = None
    """The key of the program that the beat wants pressed; None where going on in the lesson is all there is."""
    question: Question | None = None
    hints: tuple[str, ...] = ()
    """Those shown so far."""
    more_hints: bool = False
    """There is one that is not shown yet."""
    tells: bool = True
    """What is right is shown to whoever asks for it."""
    verdict: Verdict | None = None
    revealed: Revealed | None = None
    attempts: int = 0
    """Answers to this question so far."""
    mastered: int = 0
    """Questions of this lesson that were answered without help, each on as many numbers as it asks for."""
    questions: int = 0
    """Questions that the lesson asks."""
    at_lesson: bool = True
    """The session stands where the beat wants it: otherwise `BackToLesson` leads there."""
    review: bool = False
    """It is an old question, from another lesson: `title` is that one's."""
    working: bool = False
    """The right answer is still being computed: an answer given now is judged as soon as it is there."""
    complaint: str = ""
    """What is wrong with what was typed; nothing was counted."""
    can: str = ""
    """At the end: what one can now do."""
    next_title: str = ""
    """At the end: the lesson that comes next, where there is one."""
