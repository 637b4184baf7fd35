"""A lesson of plain data, as a file has it: every field is looked at, and every expression read. Must not know files,
nor how a lesson is played.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import LessonError
from ..language import moves, reading, templates
from ..language.moves import Move
from ..language.reading import Expression
from ..language.templates import Sentence
from ..view import Lit
from .fields import Table, items, listed, number, positive, text
from .lesson import Ask, Beat, Do, Lesson, Option, Range, Wrong

LIT = ("pane", "phase", "parameter", "node", "wire", "number")
"""What can be lit."""

_NOTHING = Sentence(())
_OF_ASKING = ("ask", "answer", "choice", "wrong", "close", "within", "then", "tell", "hint", "draw")
_OF_DOING = ("do", "words", "until", "way")

_SHORTEST_LIST, _LONGEST_LIST = 2, 6
"""Answers to choose from."""

_MOST_STEPS = 1e9
"""Of a range, from which a number is drawn."""


def lesson(data: object) -> Lesson:
    """A lesson.

    Raises:
        LessonError: a field is missing, not known, or not what it should be; it says where.
    """
    table = Table(data)
    made = Lesson(
        id=table.take("id", _id),
        title=table.take("title", text),
        idea=table.take("idea", text),
        needs=table.take("needs", listed(_id), ()),
        setup=table.take("setup", _command_line),
        can=table.take("can", text),
        named=table.take("let", _named, {}),
        beats=table.take("beat", listed(_beat)),
    )
    table.end()
    if not made.beats:
        raise LessonError("a lesson needs a beat", ("beat",))
    for place, beat in enumerate(made.beats):
        if beat.id and beat.id in [other.id for other in made.beats[:place]]:
            raise LessonError(f"another beat has the id {beat.id!r}", ("beat", place, "id"))
    return made


def _id(data: object) -> str:
    found = text(data)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found) or len(found) > 40:
        raise LessonError(f"an id is made of small letters, digits and hyphens, not {found!r}")
    return found


def _command_line(data: object) -> tuple[str, ...]:
    words = listed(text)(data)
    if not words:
        raise LessonError('needs what to open, as in ["parabola"]')
    return words


def _named(data: object) -> Mapping[str, Expression]:
    if not isinstance(data, Mapping):
        raise LessonError("has to be a table of names")
    found: dict[str, Expression] = {}
    extents: dict[str, reading.Extent] = {}
    for name, given in data.items():
        if not str(name).isidentifier() or name in reading.FUNCTIONS:
            raise LessonError(f"{name!r} cannot be a name", (str(name),))
        try:
            found[str(name)] = _expression(given)
            extents[str(name)] = reading.extent(found[str(name)], extents)
        except LessonError as error:
            raise error.inside(str(name)) from None
        # In the order of the file: so none can lead back to itself.
        if ahead := [other for other in reading.names(found[str(name)]) if other in data and other not in found]:
            raise LessonError(f"{name} asks for {ahead[0]}, which is named after it", (str(name),))
        if name in reading.names(found[str(name)]):
            raise LessonError(f"{name} asks for itself", (str(name),))
    return found


def _expression(data: object) -> Expression:
    if isinstance(data, int | float) and not isinstance(data, bool):
        data = repr(data)
    return reading.parse(text(data))


def _sentence(data: object) -> Sentence:
    return templates.sentence(text(data))


def _moves(data: object) -> tuple[Move, ...]:
    return listed(lambda item: moves.parse(text(item)))(data)


def _beat(data: object) -> Beat:
    table = Table(data)
    say = table.take("say", _sentence, _NOTHING)
    made = Beat(
        say=say,
        setup=table.maybe("setup", _command_line),
        go=table.take("go", _moves, ()),
        screen=table.take("screen", _screen, ""),
        lit=table.take("show", listed(_lit), ()),
        cover=table.take("cover", listed(_covered), ()),
        ask=_ask(table) if "ask" in table else None,
        do=_do(table) if "do" in table else None,
        id=table.take("id", _id, ""),
    )
    table.end(*_OF_ASKING, *_OF_DOING)
    if made.ask is not None and made.do is not None:
        raise LessonError("a beat asks something or has something done, not both", ("do",))
    if not say and made.ask is None:
        raise LessonError("a beat needs say or ask")
    return made


def _screen(data: object) -> str:
    found = text(data)
    if found not in ("train", "trace"):
        raise LessonError(f"a screen is train or trace, not {found!r}")
    return found


def _lit(data: object) -> Lit:
    kind, _, name = text(data).partition(" ")
    if kind not in LIT or not name:
        raise LessonError(f'what is shown is written as "parameter a": {", ".join(LIT)}, and a name')
    return Lit(kind, name)


def _covered(data: object) -> str:
    """A pane, or a number by its name; of a node by its formula."""
    return text(data).removeprefix("number ").removeprefix("node ")


def _do(table: Table) -> Do:
    made = Do(
        action=table.take("do", text),
        words=table.take("words", _sentence, _NOTHING),
        until=table.maybe("until", _expression),
        way=table.maybe("way", _moves),
    )
    if made.until is None and made.way is not None:
        raise LessonError("way leads to what until says, which is missing", ("way",))
    return made


def _ask(table: Table) -> Ask:
    made = Ask(
        text=table.take("ask", _sentence),
        answer=table.maybe("answer", _expression),
        options=table.take("choice", listed(_option), ()),
        wrong=table.take("wrong", listed(_wrong), ()),
        close=table.maybe("close", positive),
        within=table.maybe("within", positive),
        then=table.take("then", _moves, ()),
        tell=table.take("tell", _sentence, _NOTHING),
        hints=table.take("hint", _hints, ()),
        draw=table.take("draw", _ranges, {}),
    )
    if (made.answer is None) == (not made.options):
        raise LessonError("a question has an answer, or choices", ("ask",))
    if made.options and not _SHORTEST_LIST <= len(made.options) <= _LONGEST_LIST:
        count = len(made.options)
        raise LessonError(f"there are {_SHORTEST_LIST} to {_LONGEST_LIST} choices, not {count}", ("choice",))
    if made.options and made.wrong:
        raise LessonError("what a wrong choice means is said by its words", ("wrong",))
    return made


def _option(data: object) -> Option:
    table = Table(data)
    made = Option(
        table.take("text", _sentence), table.take("right", _expression), table.take("words", _sentence, _NOTHING)
    )
    table.end()
    return made


def _wrong(data: object) -> Wrong:
    table = Table(data)
    made = Wrong(table.take("answer", _expression), table.take("words", _sentence))
    table.end()
    return made


def _hints(data: object) -> tuple[Sentence, ...]:
    return listed(_sentence)(data) if isinstance(data, list) else (_sentence(data),)


def _ranges(data: object) -> Mapping[str, Range]:
    if not isinstance(data, Mapping) or not data:
        raise LessonError("has to be a table such as { a = [2, 9] }")
    found = {}
    for name, given in data.items():
        try:
            found[str(name)] = _range([number(item) for _, item in items(given)])
        except LessonError as error:
            raise error.inside(str(name)) from None
    return found


def _range(numbers: list[float]) -> Range:
    if len(numbers) not in (2, 3):
        raise LessonError("a range is least, most and, if it is not 1, the step")
    least, most, step = (*numbers, 1.0)[:3]
    if not least < most or not 0.0 < step <= most - least < _MOST_STEPS * step:
        raise LessonError("a range goes from the least to the most, in steps that fit")
    return Range(least, most, step)
