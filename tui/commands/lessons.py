"""Commands of lessons and of the quiz. Must not know how they are carried out."""

from .entry import Entry, group

_LESSON = ("lesson",)

LESSONS = group(
    "Lessons and the quiz",
    Entry(
        "answer",
        "z",
        "answer",
        "Answer what is asked: type it or choose. Where no lesson is, the quiz begins: predict gradients of backward.",
        "answer_question",
        panes=_LESSON,
    ),
    Entry("hint", "ctrl+t", "hint", "A hint to the question: it then counts as answered with help.", panes=_LESSON),
    Entry("reveal", "ctrl+y", "show it", "Show the right answer, and the rule that gives it.", panes=_LESSON),
)
