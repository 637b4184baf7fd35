"""A lesson's page: what stays where there is little room, and what a click does. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.lessons.view import Choice, LessonView, NextKey, Question, Revealed, Verdict
from chainstep.engine.records import replace
from chainstep.tui.render.lesson.page import Page, page
from chainstep.tui.render.lesson.parts import progress, title
from chainstep.tui.render.lesson.standing import Standing
from support.cases import each
from support.screen.looks import IN_ASCII, IN_COLOUR

KEYS = {
    "answer": ("z", "answer"),
    "next_beat": ("5", "go on"),
    "to_lesson": ("backspace", "back to the lesson"),
    "lessons": ("K", "lessons"),
    "phase": ("enter", "phase"),
}

SAID = "Here a feeds one sum twice. Run to the backward pass, and look at what happens to a.grad on its way."
SAYS = LessonView("plus-equals", "Why +=", number=8, total=16, beat=2, beats=7, stage="say", say=SAID, questions=3)
DOES = replace(SAYS, stage="do", key=NextKey("phase", "forward is done, backward is next"))
ASKS = replace(SAYS, stage="ask", question=Question("What will a.grad be?"))
WRONG = replace(
    ASKS,
    question=Question("What will a.grad be?", drawn=(("a", 4.0),)),
    verdict=Verdict(False, "1", "You let the second wire overwrite the first."),
    hints=("Count the wires that leave a.",),
    at_lesson=False,
)
KNOWN = replace(
    ASKS,
    stage="answered",
    verdict=Verdict(True, "2", ""),
    revealed=Revealed(2.0, "2", "The paths add up.", "a.grad += ∂(a + a)/∂a · (a + a).grad", "1 · 1 = 1"),
)
CHOOSES = replace(ASKS, question=Question("With = a keeps", (Choice("the last"), Choice("the sum"), Choice("none"))))
ENDED = replace(SAYS, stage="end", say="", can="You can say why it is +=.", next_title="Order")


def rows(drawn: Page) -> list[str]:
    return [strip.text.strip() for strip in drawn.strips]


def drawn(view: LessonView, size: tuple[int, int] = (78, 5), **standing: object) -> Page:
    return page(view, replace(Standing(KEYS), **standing), *size, IN_COLOUR)


@each(
    ("view", "text"),
    [
        (SAYS, ["Here a feeds one sum twice. Run to the backward pass, and look at what", "…", "▷ 5 go on"]),
        (DOES, ["…", "…", "▷ enter forward is done, backward is next"]),
        (replace(DOES, stage="done"), ["…", "…", "✓ ▷ 5 go on"]),
        (ASKS, ["…", "…", "What will a.grad be?", "▷ z type what you predict"]),
        (
            WRONG,
            [
                "Again, with other numbers: a = 4.0.",
                "What will a.grad be?",
                "✗ Not 1. You let the second wire overwrite the first.",
                "hint Count the wires that leave a.",
                "▷ z type what you predict",
            ],
        ),
        (
            KNOWN,
            [
                "…",
                "What will a.grad be?",
                "✓ Right: 2. The paths add up.",
                "a.grad += ∂(a + a)/∂a · (a + a).grad = 1 · 1 = 1",
                "▷ 5 go on",
            ],
        ),
        (CHOOSES, ["…", "…", "With = a keeps", "· the last     · the sum     · none", "▷ z choose"]),
        (ENDED, ["This lesson is over.", "✓ You can say why it is +=.", "…", "▷ 5 next lesson: Order"]),
    ],
)
def test_five_rows_have_what_is_needed_most(view: LessonView, text: list[str]) -> None:
    seen = [row for row in rows(drawn(view)) if row]
    assert len(seen) == len(text)
    assert [row for row, wanted in zip(seen, text, strict=True) if wanted != "…"] == [row for row in text if row != "…"]
    assert all(strip.text.isascii() for strip in page(view, Standing(KEYS), 78, 5, IN_ASCII).strips)


@each("size", [(38, 31), (48, 54), (76, 3), (58, 2), (10, 5), (1, 1), (38, 16)])
@each("view", [SAYS, DOES, ASKS, WRONG, KNOWN, CHOOSES, ENDED])
def test_a_page_has_any_size_and_what_comes_next_stays(view: LessonView, size: tuple[int, int]) -> None:
    seen = drawn(view, size)
    assert [strip.cell_length for strip in seen.strips] == [size[0]] * size[1]
    assert size[0] < 20 or any("▷" in row for row in rows(seen))


def test_once_it_is_answered_what_was_said_is_cut_behind_a_sentence_alone() -> None:
    first = "Here a feeds one sum twice."
    wide, narrow = rows(drawn(KNOWN)), rows(drawn(KNOWN, (36, 6)))
    assert wide[0] == narrow[0] == first
    assert not any("…" in row for row in wide)
    assert rows(drawn(replace(KNOWN, say=SAID.replace(". ", ", "))))[0] == "What will a.grad be?"


def test_a_column_has_it_all_with_how_far_it_is() -> None:
    text = rows(drawn(WRONG, (38, 31)))
    assert text[0] == "━" * 5 + "─" * 31
    assert "backspace back to the lesson" in text
    assert " ".join(" ".join(text).split()).count(SAID) == 1


def test_a_question_that_is_of_no_lesson_has_no_bar() -> None:
    text = rows(drawn(replace(ASKS, number=0, total=0, beat=0, beats=0), (38, 31)))
    assert text[0].startswith("Here a feeds")
    assert "─" not in "".join(text)


def test_an_answer_is_typed_below_what_is_asked() -> None:
    seen = drawn(ASKS, answering=True)
    assert seen.answer == (3, 3, 74)
    assert rows(seen)[3:] == ["▸", "enter answers   escape leaves"]
    assert drawn(ASKS).answer is drawn(KNOWN, answering=True).answer is None


def test_a_choice_is_marked_while_it_is_made_and_when_it_was() -> None:
    assert "▸ 2 the sum" in rows(drawn(CHOOSES, answering=True, chosen=1))[3]
    judged = replace(
        CHOOSES,
        stage="answered",
        question=Question("With = a keeps", (Choice("the last", right=True), Choice("the sum", False, chosen=True))),
        verdict=Verdict(False, "the sum", "Nothing adds the two."),
        revealed=Revealed(None, "the last", "", "", ""),
    )
    assert [row for row in rows(drawn(judged, (38, 20))) if row][4:] == [
        "With = a keeps",
        "✓ 1 the last",
        "✗ 2 the sum",
        "✗ Not the sum. Nothing adds the two.",
        "▷ 5 go on",
    ]


def test_choices_stand_in_as_few_rows_as_there_is_room_for() -> None:
    choices = tuple(Choice("so many words that only two are in a row"[:width], False) for width in (28, 36, 20))
    seen = drawn(replace(CHOOSES, question=Question("Which?", choices)), (78, 7))
    one, two, three = (choice.text for choice in choices)
    assert rows(seen)[3:5] == [f"· {one}     · {two}", f"· {three.rstrip()}"]
    assert {hit.y for hit in seen.hits if hit.action.startswith("choose")} == {3, 4}


def test_what_the_right_choice_means_is_said_before_the_wrong_ones() -> None:
    known = replace(
        CHOOSES,
        stage="answered",
        question=Question("With = a keeps", tuple(Choice(f"{n} ways that take a row", n == 2) for n in range(1, 4))),
        verdict=Verdict(True, "2", ""),
        revealed=Revealed(None, "2", "The others are lost.", "", ""),
    )
    assert rows(drawn(known, (40, 4))) == [
        "With = a keeps",
        "✓ 2 2 ways that take a row",
        "✓ Right. The others are lost.",
        "▷ 5 go on",
    ]


def test_a_click_on_a_choice_or_a_key_does_it() -> None:
    hits = {hit.action: hit for hit in drawn(CHOOSES).hits}
    assert set(hits) == {"choose(0)", "choose(1)", "choose(2)", "answer"}
    first, second = hits["choose(0)"], hits["choose(1)"]
    assert (first.y, first.right) < (second.y, second.left)
    assert {hit.action for hit in drawn(DOES).hits} == {"phase"}
    assert "to_lesson" in {hit.action for hit in drawn(WRONG, (38, 31)).hits}


def test_its_title_and_how_far_it_is() -> None:
    assert title(SAYS) == "Lesson 8 of 16: Why +="
    assert title(replace(SAYS, review=True)) == "From an earlier lesson: Why +="
    assert title(replace(SAYS, number=0)) == "Why +="
    texts = ["".join(text for text, _ in line) for line in progress(replace(SAYS, mastered=1), IN_COLOUR)]
    assert texts == ["beat 2 of 7   ✓ 1 of 3 mastered", "2/7  ✓ 1/3", "2/7"]
