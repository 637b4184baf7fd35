"""What a lesson's page is made of: what is said or asked, how much it is needed, and what a click on it does. Must not
know where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.style import Style

from chainstep.engine.lessons.view import Choice, LessonView
from chainstep.engine.records import record, replace

from ..canvas import numbers
from ..canvas.pieces import Piece, cells
from ..style.look import Look
from .standing import Standing

GAP = 3
"""Cells between what stands side by side."""

NEXT, ASKED, JUDGED, HELP, WHY, SAID, AROUND = range(7)
"""What is needed most, and then ever less: what to do next, what is asked, what an answer is worth, …"""


@record
class Part:
    """A text that is broken into rows."""

    text: str
    style: Style | None = None
    need: int = AROUND
    mark: Sequence[Piece] = ()
    """What stands before its first row; the others are as far in."""
    action: str = ""
    """What a click on it does, as an action of the screen."""
    whole: bool = False
    """It is cut behind a sentence alone: half of one would be in the way of what stands around it."""
    parted: bool = True
    """A blank row may follow."""
    beside: Sequence[Part] = ()
    """Others in the same row."""
    typed: bool = False
    """It is the line in which an answer is typed."""


def parts(view: LessonView, standing: Standing, look: Look, row: int = 0) -> Iterator[Part]:
    """The parts of a page, from its top; what fits side by side in so many cells of a `row` stands so."""
    say, palette = look.glyphs.say, look.palette
    asking = view.question is not None and view.stage in ("ask", "answered")
    if view.stage == "end":
        yield from _ending(view, look)
    elif view.say:
        need = SAID if asking else ASKED
        yield Part(say(view.say), palette.text, need, whole=view.stage == "answered")
    elif view.working:
        yield Part(say("one moment…"), palette.quiet, ASKED)
    if view.complaint and not asking:
        yield Part(say(view.complaint), palette.alarm, JUDGED)
    if asking:
        yield from _question(view, standing, look, row)
        yield from _judged(view, look, row)
    yield (ahead := _next(view, standing, look))
    if standing.elsewhere and ahead.action != standing.leads:
        key, word = standing.keys[standing.leads]
        yield Part(say(f"{word}: best seen there"), palette.quiet, HELP, [(f"{key} ", palette.key)], standing.leads)
    if not view.at_lesson:
        key, word = standing.keys["to_lesson"]
        word = "begin this again" if view.stage == "do" else word
        yield Part(say(word), palette.quiet, HELP, [(f"{key} ", palette.key)], "to_lesson")


def title(view: LessonView) -> str:
    """`Lesson 8 of 16: Why +=`."""
    if view.review:
        return f"From an earlier lesson: {view.title}"
    if not view.number:
        return view.title
    return f"Lesson {view.number} of {view.total}: {view.title}"


def progress(view: LessonView, look: Look) -> Sequence[Sequence[Piece]]:
    """How far it is and how much of it is mastered, in fewer and fewer words."""
    quiet, text, right = look.palette.quiet, look.palette.text, look.palette.key
    if not view.beats:
        return ((),)
    beat, mastered = (f"{view.beat}", text), f"{view.mastered} of {view.questions}"
    mark = (look.glyphs.right, right if view.mastered else quiet)
    full: list[Piece] = [("beat ", quiet), beat, (f" of {view.beats}", quiet)]
    known: list[Piece] = [("   ", quiet), mark, (f" {mastered} mastered", quiet)] if view.questions else []
    brief: list[Piece] = [beat, (f"/{view.beats}", quiet)]
    least: list[Piece] = [("  ", quiet), mark, (f" {view.mastered}/{view.questions}", quiet)] if view.questions else []
    return [*full, *known], [*brief, *least], brief


# --- what is asked, and what an answer is worth


def _question(view: LessonView, standing: Standing, look: Look, row: int) -> Iterator[Part]:
    question, palette, say = view.question, look.palette, look.glyphs.say
    assert question is not None
    if question.again:
        drawn = ", ".join(f"{name} = {numbers.plain(number)}" for name, number in question.drawn)
        yield Part(say(f"Again, with other numbers: {drawn}."), palette.quiet, HELP, parted=False)
    yield Part(say(question.text), palette.strong, ASKED, parted=bool(not question.choices or view.revealed))
    open_ = view.revealed is None
    choices = [_choice(k, choice, standing, look, open_=open_) for k, choice in enumerate(question.choices)]
    yield from _side_by_side(choices, row)
    if open_ and not question.choices and standing.answering:
        yield Part("", palette.text, NEXT, [(f"{look.glyphs.cursor} ", palette.key)], parted=False, typed=True)


def _side_by_side(choices: Sequence[Part], row: int) -> Iterator[Part]:
    """As many in a row as fit in so many cells: all of them, or those that are needed as much."""
    widths = [cells(choice.mark) + cell_len(choice.text) + GAP for choice in choices]
    if choices and sum(widths) - GAP <= row:
        yield replace(choices[0], need=ASKED, beside=choices[1:])
        return
    beside: list[Part] = []
    left = 0
    for choice, width in zip(choices, widths, strict=True):
        if beside and (width > left or choice.need != beside[0].need):
            yield replace(beside[0], beside=beside[1:])
            beside = []
        left = (left if beside else row + GAP) - width
        beside.append(choice)
    if beside:
        yield replace(beside[0], beside=beside[1:])


def _choice(k: int, choice: Choice, standing: Standing, look: Look, *, open_: bool) -> Part:
    """One of several answers: the digit that chooses it while that is asked for, or what it was worth."""
    palette, glyphs = look.palette, look.glyphs
    under = open_ and standing.answering and standing.chosen == k
    # Before that the digit is another command's, and would be pressed.
    digit = f"{k + 1} " if standing.answering or not open_ else f"{glyphs.say('·')} "
    number: Piece = (digit, palette.key if open_ else palette.quiet)
    mark: Piece = (f"{glyphs.cursor if under else ' '} ", palette.chosen)
    style = palette.chosen if under else palette.text
    if choice.right:
        mark, style = (f"{glyphs.right} ", palette.key), palette.strong
    elif choice.chosen and not under:
        mark, style = (f"{glyphs.wrong} ", palette.alarm), palette.quiet
    elif not open_:
        style = palette.quiet
    action = f"choose({k})" if open_ else ""
    # Where it is known which one is right, what that means is needed more than the others.
    need = ASKED if open_ or choice.right or choice.chosen else AROUND
    return Part(glyphs.say(choice.text), style, need, [mark, number], action, parted=False)


def _judged(view: LessonView, look: Look, row: int) -> Iterator[Part]:
    """What is wrong with what was typed, what an answer means, hints, and the right one with the rule that gives it."""
    palette, glyphs, say = look.palette, look.glyphs, look.glyphs.say
    verdict, revealed = view.verdict, view.revealed
    right = verdict is not None and verdict.right
    if view.complaint:
        yield Part(say(view.complaint), palette.alarm, JUDGED)
    elif verdict is not None and not right:
        text = " ".join(filter(None, (f"Not {verdict.given}.", verdict.words)))
        yield Part(say(text), palette.text, JUDGED, [(f"{glyphs.wrong} ", palette.alarm)])
    if revealed is not None:
        if view.question is not None and view.question.choices:
            said = "Right." * right  # which one it is stands above
        else:
            said = f"{'Right:' if right else 'It is'} {revealed.text}."
        text = " ".join(filter(None, (said, revealed.words)))
        yield Part(say(text), palette.strong, JUDGED, [(f"{glyphs.right} ", palette.key)] if right else ())
        if revealed.rule:
            both = f"{revealed.rule} = {revealed.numbers}"
            lines = [both] if cell_len(both) <= row else [revealed.rule, f"= {revealed.numbers}"]
            # In numbers it says more than in letters.
            needs = (WHY,) if len(lines) == 1 else (SAID, WHY)
            yield from (
                Part(say(line), palette.text, need, parted=need == WHY) for line, need in zip(lines, needs, strict=True)
            )
    else:
        for hint in view.hints:
            yield Part(say(hint), palette.text, HELP, [("hint ", palette.key)])


# --- what to do next


def _next(view: LessonView, standing: Standing, look: Look) -> Part:
    """The key to press, and what for."""
    palette, glyphs, keys = look.palette, look.glyphs, standing.keys
    sign: Piece = (f"{glyphs.coming_forward} ", palette.coming_line)

    def pressed(name: str, words: str = "") -> Part:
        key, word = keys[name]
        return Part(glyphs.say(words or word), palette.strong, NEXT, [sign, (f"{key} ", palette.key)], name)

    if view.stage == "ask":
        chosen = view.question is not None and view.question.choices
        if standing.answering:
            text = "its number, or ↑ ↓ and enter" if chosen else "enter answers"
            return Part(glyphs.say(f"{text}   escape leaves"), palette.quiet, AROUND, [("  ", palette.quiet)])
        return pressed("answer", "choose" if chosen else "type what you predict")
    if view.stage in ("do", "answered") and view.key is not None:
        if view.key.action not in keys and standing.leads:
            return pressed(standing.leads)  # the other screen has it
        return pressed(view.key.action, view.key.words)
    if view.stage == "end":
        return pressed("next_beat", f"next lesson: {view.next_title}") if view.next_title else pressed("lessons")
    part = pressed("next_beat")
    return part if view.stage != "done" else _done(part, look)


def _done(part: Part, look: Look) -> Part:
    """What was waited for is there."""
    return Part(
        part.text, part.style, part.need, [(f"{look.glyphs.right} ", look.palette.key), *part.mark], part.action
    )


def _ending(view: LessonView, look: Look) -> Iterator[Part]:
    palette, say = look.palette, look.glyphs.say
    yield Part("This lesson is over.", palette.strong, SAID)
    if view.can:
        yield Part(say(view.can), palette.text, ASKED, [(f"{look.glyphs.right} ", palette.key)])
    if view.questions:
        known = f"{view.mastered} of {view.questions} questions mastered: right without help."
        again = " The others come again." if view.mastered < view.questions else ""
        yield Part(known + again, palette.quiet, HELP)
