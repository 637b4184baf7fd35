"""What an op just did, in words and in its real numbers -> strips. Must not know the app or the session."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from chainstep.engine.records import replace
from chainstep.engine.training.snapshot.event import Assignment, Event

from ..canvas import numbers
from ..canvas.pieces import cells
from ..canvas.sheet import Sheet
from ..canvas.text import in_lines, shorten
from ..style.glyphs import ASCII
from ..style.look import Look
from ..style.palette import Palette
from .formula import FIELD, named

_WIDEST = 120
"""Where there is more room than this, results stay within reach of their rules if these fit."""

_NEURON = re.compile(r"layer (\d+) › neuron (\d+)")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_TIMES = re.compile(r" ?(?:·|(?<!\*)\*(?!\*)) ?")
_TIMES_SIGN = " · "
_UPSTREAM = f"{_TIMES_SIGN}{{g}}"
"""With what a chain rule's formula ends: the gradient that comes from behind."""
_NAME = 24
"""A name longer than this is shortened before a part of the rule is left out."""

_SHORTEST_NAME = 6

YOURS = "yours"
"""The operator of what a script's own class wrote."""

_NOTHING = "·"
"""Where a number will be."""

_LIMITS = (0, _NAME, _NAME // 2, _SHORTEST_NAME)
"""How far names are shortened to keep one more part of a rule: not at all, somewhat, much."""


class _Span(NamedTuple):
    """A piece of a line in one style."""

    text: str
    style: Style


_Line = list[_Span]


def chain_rule(event: Event | None, width: int, height: int, look: Look, *, coming: bool = False) -> list[Strip]:
    """What an op did or will do, as `height` strips of `width` cells; blank ones where there is none.

    First where it belongs, then a line for each number that it wrote, `target operator rule = … before → after`, and if
    a line is left its words. Parts of a rule that do not fit are left out; names are shortened, numbers never.
    Assignments for which there is no line are named behind the first line.
    """
    sheet, unicode = Sheet(width, height), look.glyphs.unicode
    if event is not None and height > 0:
        op = look.palette.coming_line if coming else look.palette.lit_line
        _write(sheet, event if unicode else _written_in_ascii(event), look.palette, op)
    return sheet.strips() if unicode else [_in_ascii(strip) for strip in sheet.strips()]


def told(event: Event) -> str:
    """An op's sentences with its numbers in place."""
    return FIELD.sub(
        lambda field: numbers.plain(event.numbers[field[1]]) if field[1] in event.numbers else field[0], event.words
    )


def worked_out(event: Event, style: Style, look: Look) -> list[_Span]:
    """What an op writes, in numbers and in one line: `w0.grad += 2.0 × 0.5, x0.grad += 0.2 × 0.5`; names in `style`."""
    event = event if look.glyphs.unicode else _written_in_ascii(event)
    line: list[_Span] = []
    for each in event.assignments:
        target = _short_names(each.target, _NAME)
        line += [_Span(", ", look.palette.quiet)] * bool(line)
        line += [_Span(f"{target} {each.operator} ", style), *_substituted(each.formula, each.values, look.palette)]
    return line


def _write(sheet: Sheet, event: Event, palette: Palette, op: Style) -> None:
    """Heading, assignments and words, as far as there are lines."""
    width, height = sheet.width, sheet.height
    written = _with_own(event.assignments, height - 1)
    shown = written[: max(0, height - 1)]
    rest = [_outcome(a, palette, named=True) for a in written[len(shown) :]]
    _heading(sheet, event, rest, palette, op)
    if shown:
        neuron = _NEURON.search(event.scope)
        inside = f"L{neuron[1]}.n{neuron[2]}." if neuron else ""
        reach, lines = width, _aligned(shown, width, palette, inside)
        if width > _WIDEST:
            near = _aligned(shown, _WIDEST, palette, inside)
            if [rule for rule, _ in near] == [rule for rule, _ in lines]:
                reach, lines = _WIDEST, near
        for y, line in enumerate(lines, start=1):
            _put(sheet, 0, y, line[0])
            _put(sheet, reach - cells(line[1]), y, line[1])
    words = "   ".join(filter(None, (event.source, event.fed, told(event))))
    for y, text in enumerate(in_lines(words, width, height - 1 - len(shown)), start=1 + len(shown)):
        _put(sheet, 0, y, [_Span(text, palette.quiet)])


# --- the first line ---


def _heading(sheet: Sheet, event: Event, rest: list[_Line], palette: Palette, op: Style) -> None:
    """`backward › sample 2 › layer 1 › neuron 1 › x0*w0`, the op in its colour, and at the right what has no line of
    its own.
    """
    # An update is called `update w0`: the phase stands there already.
    expression = event.expression.removeprefix(f"{event.phase} ")
    levels = [level for level in (*event.scope.split(" › "), event.place) if level]
    least = min(_NAME, cell_len(expression or levels[-1] if levels else expression))
    right: _Line = []
    for outcome in rest:
        more = [*outcome] if not right else [*right, _Span("   ", palette.quiet), *outcome]
        if cells(more) <= sheet.width - least - len(event.phase) - 5:
            right = more
    room = sheet.width - (cells(right) + 2 if right else 0)
    colour = {"forward": palette.positive, "backward": palette.negative}.get(event.phase, palette.accent)
    phase = Style(color=colour.rich_color, bold=True)
    # What was computed matters more than where: the outer levels go first.
    for dropped in range(len(levels) + 2):
        path = ["…"] * (0 < dropped <= len(levels)) + levels[dropped:] + [expression] * bool(expression)
        if cell_len(" › ".join([event.phase, *path])) <= room:
            break
    line: _Line = [_Span(shorten(event.phase, room), phase)]
    for k, part in enumerate(path):
        last = k == len(path) - 1
        left = room - cells(line) - 3
        if left < 1:
            break
        line += [_Span(" › ", palette.quiet), _Span(shorten(part, left), op if last else palette.quiet)]
    _put(sheet, 0, 0, line)
    if right:
        _put(sheet, sheet.width - cells(right), 0, right)


def _with_own(assignments: tuple[Assignment, ...], lines: int) -> tuple[Assignment, ...]:
    """What was written, each with a line for what a script's own class wrote where there is room for them."""
    own = [each for each in assignments if each.own is not None]
    if not own or len(assignments) + len(own) > lines:
        return assignments
    both: list[Assignment] = []
    for each in assignments:
        both.append(replace(each, own=None))
        if each.own is not None:
            values = each.values if each.own_values is None else each.own_values
            yours = replace(each, operator=YOURS, symbols="", values=values)
            both.append(replace(yours, before=None, after=each.own, own=None))
    return tuple(both)


# --- one assignment ---


def _aligned(
    assignments: tuple[Assignment, ...], width: int, palette: Palette, inside: str
) -> list[tuple[_Line, _Line]]:
    """Each assignment as (left part, right part), with the operators below one another where that fits.

    `inside` is the neuron to which they belong, as parameters' names begin with it.
    """
    outcomes = [_outcome(a, palette, named=False) for a in assignments]
    before = max(cell_len(outcome[0].text) for outcome in outcomes)
    after = max(cell_len(outcome[2].text) for outcome in outcomes)
    lines = []
    for assignment, outcome in zip(assignments, outcomes, strict=True):
        wide = [
            outcome[0]._replace(text=outcome[0].text.rjust(before)),
            outcome[1],
            outcome[2]._replace(text=outcome[2].text.ljust(after)),
        ]
        wide += outcome[3:]
        right = wide if cells(wide) <= width else outcome if cells(outcome) <= width else outcome[2:]
        right = right if cells(right) <= width else []
        room = width - cells(right) - 2
        versions = _versions(assignment, palette, inside)
        lines.append((next((line for line in versions if cells(line) <= room), []), right))
    return lines


def _versions(assignment: Assignment, palette: Palette, inside: str) -> Iterator[_Line]:
    """The left part of an assignment, from everything in full to the bare target: the first that fits is taken.

    The symbols in general and the numbers are the two ends of the explanation, so the middle goes first.
    """
    symbols = assignment.symbols
    middle = named(assignment.formula, assignment.names)
    worked = _substituted(assignment.formula, assignment.values, palette)
    written = "".join(span.text for span in worked)
    middle = "" if middle in (symbols, written, assignment.target) else middle
    symbols = "" if symbols in (written, assignment.target) else symbols
    bold = Style(color=palette.foreground.rich_color, bold=True)
    operator = Style(color=palette.accent.rich_color, bold=True)
    for texts in ((symbols, middle), (symbols,), (middle,), ()):
        for limit in _LIMITS:
            for gap in ("   ", " "):
                target = _short_names(assignment.target, limit, inside)
                line = [_Span(target, bold), _Span(f" {assignment.operator} ", operator)]
                for text in filter(None, texts):
                    line += [*_factors(_short_names(text, limit, inside), assignment, palette)]
                    line.append(_Span(f"{gap}={gap}", palette.quiet))
                yield [*line, *worked]
    short = [_short_names(assignment.target, limit, inside) for limit in _LIMITS]
    names = [_Span(name, bold) for name in (*short, shorten(short[-1], _SHORTEST_NAME))]
    change = _changed(assignment, palette)
    if change:
        yield from ([name, _Span(f" {assignment.operator} ", operator), *change] for name in names)
    yield from ([name, _Span(f" {assignment.operator} …", palette.quiet)] for name in names)
    yield from ([name] for name in names)


def _changed(assignment: Assignment, palette: Palette) -> _Line:
    """`-0.0300 + 0.0201`: a rule that adds to what was there, with all that it adds as one number; else nothing."""
    start = re.match(r"\{(\w+)\} [+-] ", assignment.formula)
    before = assignment.before
    if before is None:
        return []
    change = assignment.after - before
    if start is None or assignment.values.get(start[1]) != before or not math.isfinite(change):
        return []
    return [
        _Span(numbers.plain(before), palette.number(before)),
        _Span(" - " if change < 0 else " + ", palette.quiet),
        _Span(numbers.plain(abs(change)), palette.number(change)),
    ]


def _factors(text: str, assignment: Assignment, palette: Palette) -> _Line:
    """The rule in letters; of a chain rule the local derivative and the gradient from behind in a colour each."""
    if not assignment.formula.endswith(_UPSTREAM) or _TIMES_SIGN not in text:
        return [_Span(text, palette.quiet)]
    local, upstream = text.rsplit(_TIMES_SIGN, 1)
    return [_Span(local, palette.local), _Span(_TIMES_SIGN, palette.quiet), _Span(upstream, palette.upstream)]


def _substituted(formula: str, values: Mapping[str, float], palette: Palette) -> _Line:
    """The formula with its numbers in place; a negative one in brackets, except where nothing stands around it."""
    line: _Line = []
    chained = formula.endswith(_UPSTREAM)
    for k, part in enumerate(FIELD.split(formula)):
        if not k % 2:
            line.append(_Span(_TIMES.sub(" × ", part), palette.local if chained else palette.quiet))
        elif part not in values:
            line.append(_Span(part, palette.quiet))
        else:
            style = palette.number(values[part])
            factor = palette.upstream if part == "g" else palette.local
            line.append(_Span(numbers.plain(values[part]), factor if chained and style is not palette.alarm else style))
    for k in range(1, len(line), 2):
        ahead, behind = line[k - 1].text.rstrip(), line[k + 1].text.lstrip()
        alone = (not ahead or ahead[-1] in "(,[|") and not behind.startswith(("**", "^", "²"))
        if line[k].text.startswith("-") and not alone:
            line[k] = line[k]._replace(text=f"({line[k].text})")
    if chained:
        before = line[-3].text
        line[-3:-2] = [_Span(before[:-3], palette.local), _Span(before[-3:], palette.quiet)]
    return [span for span in line if span.text]


def _outcome(assignment: Assignment, palette: Palette, *, named: bool) -> _Line:
    """`0.0 → 1.0`, or with its name before it `w0.grad  0.0 → 1.0`; `· → 1.0` where there was no number yet."""
    after = assignment.after
    ink = palette.foreground if math.isfinite(after) else palette.warning
    before = assignment.before
    line = [
        _Span(_NOTHING, palette.quiet) if before is None else _Span(numbers.plain(before), palette.number(before)),
        _Span(" → ", palette.quiet),
        _Span(numbers.plain(after), Style(color=ink.rich_color, bold=True)),
    ]
    if assignment.operator == YOURS:
        line[2] = line[2]._replace(style=palette.alarm)
    if assignment.own is not None:
        line += [_Span(f"   {YOURS} ", palette.quiet), _Span(numbers.plain(assignment.own), palette.alarm)]
    return [_Span(_short_names(assignment.target, _NAME) + "  ", palette.text), *line] if named else line


# --- text ---


def _short_names(text: str, limit: int, inside: str = "") -> str:
    """The text with what stands in innermost brackets shortened to `limit` characters; 0 leaves it alone.

    A parameter loses the name of the neuron that it is `inside` before a name is cut.
    """
    if not limit:
        return text
    if inside and limit < _NAME:
        text = re.sub(rf"{re.escape(inside)}(?=w\d|b\b)", "", text)
    if "(" not in text:
        return shorten(text, _NAME) if " " not in text else text
    return _BRACKETS.sub(lambda m: f"({shorten(m[1], limit)})", text)


def _put(sheet: Sheet, x: int, y: int, line: _Line) -> None:
    """Write a line from cell x of row y."""
    for span in line:
        sheet.put(x, y, span.text, span.style)
        x += cell_len(span.text)


def _written_in_ascii(event: Event) -> Event:
    """The event with its names and rules spelt in ASCII; signs that stand between them are left."""
    say = ASCII.say
    return replace(
        event,
        expression=say(event.expression),
        words=say(event.words),
        fed=say(event.fed),
        assignments=tuple(
            replace(
                each,
                target=say(each.target),
                symbols=say(each.symbols),
                formula=say(each.formula),
                names={key: say(name) for key, name in each.names.items()},
            )
            for each in event.assignments
        ),
    )


def _in_ascii(strip: Strip) -> Strip:
    """The same cells in ASCII."""
    return Strip([Segment(ASCII.in_place(segment.text), segment.style) for segment in strip], strip.cell_length)
