"""The questions of the screens, and how their answers are read. Must not know sessions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from chainstep.engine.training.commands import SetGradcheck, SetSample
from chainstep.engine.training.setup.units import TableColumn
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.subject import Subject

from ..render.canvas import numbers
from ..render.parameters.order import matching
from .base.prompt import Prompt


def for_step(now: int) -> Prompt[int]:
    """Which step to go to."""
    return Prompt("Go to step", f"now at step {now}", str(now), _step)


def for_parameter(label: str, now: float) -> Prompt[float]:
    """A parameter's new number."""
    return Prompt(
        f"Edit {label}", "a finite number; in the past it forks, and what lay ahead is kept", repr(now), _number
    )


def for_distance(now: float | None, *, central: bool) -> Prompt[SetGradcheck]:
    """The distance of the gradient check's difference quotients, and to which sides they go."""

    def read(text: str) -> SetGradcheck:
        *numbers, sides = (
            text.split() if text.split()[-1:] in (["forward"], ["central"]) else [*text.split(), "central"]
        )
        h = _number(" ".join(numbers)) if numbers else None
        if h is not None and h <= 0:
            raise ValueError(f"h must be above 0, not {h:g}")
        return SetGradcheck(True, h, sides == "central")

    words = "h of (f(p+h) - f(p-h)) / 2h, such as 1e-4, or of (f(p+h) - f(p)) / h: 1e-4 forward; empty for the best one"
    shown = ["" if now is None else f"{now:g}", "" if central else "forward"]
    return Prompt("Gradient check", words, " ".join(shown).strip(), read)


def for_sample(
    sample: int,
    places: Mapping[str, int | None],
    subject: Subject,
    now: float,
    put: Callable[[SetSample], str | None],
) -> Prompt[SetSample]:
    """Another number in a training sample, `sample` (from 0) where no other is named.

    `places` are the names of the inputs and, for None, of the target; `now` is what the first of them is. Numbers are
    in the data's own units, and a column of a table says one of its categories. `put` carries the edit out, or says
    what is wrong with it.
    """
    first = next(iter(places))
    spoken = next((column for column in _columns(subject).values() if column.categories), None)
    example = f"{first} = {now:.10g}" if subject.own_inputs else f"{first} = {now!r}"
    if spoken is not None:
        example = f"{spoken.name} = {spoken.categories[0]}"

    def read(text: str) -> SetSample:
        found = _SAMPLE.fullmatch(text)
        if found is None:
            raise ValueError(f"write {example}, not {text!r}")
        number, name, value = found.groups()
        (place, new), *others = _amended(name, value, places, subject)
        also = tuple((other, told) for other, told in others if other is not None)
        command = SetSample(int(number) - 1 if number else sample, place, new, also)
        wrong = put(command)
        if wrong is not None:
            raise ValueError(wrong)
        return command

    such = f"{first} = 0.5" if spoken is None else example
    words = f"an input or the target, such as {such}; of another sample: 7: {such}"
    return Prompt(f"Edit sample #{sample + 1}", words, "", read, example)


def _columns(subject: Subject) -> Mapping[str, TableColumn]:
    """The columns of a table by their names, where they are what the inputs are made of."""
    return {column.name: column for column in subject.units.columns} if subject.inputs == subject.columns else {}


def _amended(
    name: str, value: str, places: Mapping[str, int | None], subject: Subject
) -> list[tuple[int | None, float]]:
    """What is set of a sample where something is to be so much: a number of it, or all that a column is.

    Raises:
        ValueError: there is nothing of that name, or it cannot be that; the message is one line.
    """
    columns, classes, units = _columns(subject), subject.classes, subject.units
    if name in columns and (name not in places or not _is_number(value)):
        return [*units.answered(columns[name], _answer(columns[name], value)).items()]
    if name not in places:
        raise ValueError(f"there is no {name!r}: there is {', '.join({**places, **columns})}")
    place = places[name]
    if place is None:
        return [(None, float(classes.index(value)) if value in classes else units.scaled_target(_number(value)))]
    return [(place, units.scaled_input(place, _number(value)) if subject.own_inputs else _number(value))]


_SAMPLE = re.compile(r"\s*(?:(\d+)\s*:)?\s*(.*?)\s*=\s*([^=]*?)\s*")
"""`3: x0 = 0.5`, with or without the sample's number."""


def for_input(subject: Subject, now: Sequence[float] | None) -> Prompt[tuple[float, ...]]:
    """An input to predict: what it says in each column of the table, in the data's own units."""
    columns = subject.units.columns if subject.inputs == subject.columns else ()
    names = tuple(column.name for column in columns) or subject.inputs
    spoken = any(column.categories or column.dated for column in columns)

    def read(text: str) -> tuple[float, ...]:
        parts = _parts(text, len(names)) if spoken else text.replace(",", " ").split()
        if len(parts) != len(names):
            raise ValueError(f"that is {len(parts)} {'answers' if spoken else 'numbers'}; an input has {len(names)}")
        if not columns:
            return subject.units.scaled_row([_number(part) for part in parts])
        return subject.units.inputs([_answer(column, part) for column, part in zip(columns, parts, strict=True)])

    said = subject.units.answers(now) if now is not None and columns else subject.units.row(now or ())
    value = (", " if spoken else " ").join(map(_said, said))
    what = "an answer each, ? for none:" if spoken else "a number each for"
    return Prompt("Predict", f"{what} {', '.join(names)}", value, read)


def _parts(text: str, count: int) -> list[str]:
    """What stands between commas or, where those do not make as many, between blanks."""
    parts = [part.strip() for part in text.split(",")]
    return parts if len(parts) == count else text.replace(",", " ").split()


def _answer(column: TableColumn, text: str) -> float | str | None:
    """What a column is to say: one of its categories, a day, a number, or nothing."""
    if text == "?":
        return None
    return text if column.categories or column.dated else _number(text)


def _said(answer: float | str | None) -> str:
    return "?" if answer is None else answer if isinstance(answer, str) else f"{answer:g}"


def for_text(now: str) -> Prompt[str]:
    """What to find in a listing."""
    return Prompt("Find", "part of a name or formula, such as tanh or w0", now, str.strip)


def for_filter(labels: Sequence[str], now: str) -> Prompt[str]:
    """Which parameters to show."""

    def read(text: str) -> str:
        wanted = " ".join(text.split())
        if not matching(labels, wanted):
            raise ValueError(f"no parameter has {wanted!r} in its name, such as {labels[0]}")
        return wanted

    return Prompt("Filter parameters", "part of a name, such as L2, b or n3; empty shows all", now, read)


_MOST_LIKELY = 3
"""Classes that are named with their probabilities."""


def prediction(snapshot: Snapshot) -> str:
    """What the network made of the typed input, in one line."""
    probe = snapshot.probe
    if probe is None:
        return ""
    subject, units = snapshot.subject, snapshot.subject.units
    outputs = ", ".join(numbers.plain(units.target(number)) for number in probe.outputs)
    own = units.answers(probe.inputs) if subject.inputs == subject.columns else units.row(probe.inputs)
    inputs, classes = ", ".join(map(_said, own)), subject.classes
    if probe.decision is None:
        return f"ŷ = f({inputs}) = {outputs}"
    if not probe.probabilities:
        return f"ŷ = f({inputs}) = {outputs}: {classes[probe.decision]}"
    likely = sorted(zip(probe.probabilities, classes, strict=True), key=lambda each: -each[0])
    odds = ", ".join(f"{name} {share:.2f}" for share, name in likely[:_MOST_LIKELY])
    return f"ŷ = f({inputs}): {odds}{', …' if len(likely) > _MOST_LIKELY else ''}"


def _step(text: str) -> int:
    try:
        step = int(text)
    except ValueError:
        raise ValueError(f"{text!r} is no whole number") from None
    if step < 0:
        raise ValueError("steps count from 0")
    return step


def _is_number(text: str) -> bool:
    try:
        _number(text)
    except ValueError:
        return False
    return True


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number") from None
    if not math.isfinite(value):
        raise ValueError(f"{text} is not finite")
    return value
