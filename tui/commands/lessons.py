"""Commands of lessons and of the quiz. Must not know how they are carried out."""

from .entry import SESSION, Entry, group

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
    Entry("next_beat", "5", "go on", "Go on in the lesson, or to the next one.", panes=_LESSON),
    Entry("previous_beat", "4", "back", "Go back in the lesson, to where that began.", panes=_LESSON),
    Entry(
        "to_lesson",
        "backspace",
        "back to the lesson",
        "Back to the lesson: stand again exactly where it is, wherever you have gone.",
    ),
    Entry(
        "lessons",
        "ctrl+n",
        "lessons",
        "List the lessons, with what you have done and mastered, and open one.",
        "app.lessons",
        panes=_LESSON,
    ),
    reaches=SESSION,
)
