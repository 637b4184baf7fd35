"""A session on an example, a table or a typed expression. Must not know how a table is read, or what a knob means."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from chainstep.datasets import EXAMPLES, DataError, Dataset, example, printable
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula, Recorded, Trained
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.setup.size import refuse_giant

from .knobs import adjusted, for_expression, refuse_network_knobs, with_horizon
from .source import Source

if TYPE_CHECKING:
    from chainstep.datasets.columns.choices import Choices
    from chainstep.datasets.reading.table import Progress

_TEXT = (".csv", ".tsv", ".txt", ".data", ".gz", ".tab", ".dat")
"""Endings of files of text."""

_DRAWING = frozenset({"seed", "init", "gain", "hidden"})
"""Overriding one of these asks for drawn weights, even where the example gives some."""


def open_subject(
    what: str,
    target: str | None = None,
    overrides: Mapping[str, object] | None = None,
    choices: Choices | None = None,
    progress: Progress | None = None,
) -> tuple[Session, Source]:
    """A session on an example or a CSV file, with the knobs in `overrides` set as the user wants them.

    Raises:
        DataError: there is no such example or file, or its data cannot be used.
        SettingsError: a knob cannot be set so, or the knobs do not go together.
    """
    overrides = overrides or {}
    if names_file(what):
        return _open_file(what, target, overrides, choices, progress)
    found = example(what)
    if target is not None:
        raise DataError(f"{what} is an example: --target is for CSV files")
    if choices is not None:
        raise DataError(f"{what} is an example: how a table is read is chosen for files")
    source = Source("example", what)
    subject = source.subject()
    if isinstance(subject, Formula):
        refuse_network_knobs(what, overrides)
    settings = with_horizon(adjusted(Settings.of(found.settings), overrides), {*found.settings, *overrides})
    session = _session(subject, settings)
    drawn = overrides.keys() & _DRAWING or settings.broken_weights
    # A knob may have changed the shape, and then the given weights fit no longer.
    if found.parameters and not drawn and len(found.parameters) == len(session.parameters):
        session = Session(subject, settings, found.parameters)
    return session, source


def open_expression(
    text: str, leaves: Mapping[str, float], overrides: Mapping[str, object] | None = None
) -> tuple[Session, Source]:
    """A session on a typed expression: its leaves are the parameters, its value is the loss.

    Raises:
        ExpressionError: the text is no expression of these leaves.
        SettingsError: a knob cannot be set so.
    """
    settings = for_expression(overrides or {})
    source = Source("expression", "expression", expression=text, leaves=leaves)
    return Session(source.subject(), settings), source


def on_table(
    path: str, target: str, choices: Choices, data: Dataset, overrides: Mapping[str, object]
) -> tuple[Session, Source]:
    """A session on what a CSV file was made, with the knobs in `overrides` set as the user wants them.

    Raises:
        SettingsError: a knob cannot be set so, or the knobs do not go together.
    """
    from .defaults import for_data  # no example waits for either
    from .table import digest

    usual = for_data(data)
    if "steps" in overrides:
        # So many steps are asked for, on all there is to train on.
        usual = usual.replace(validation=0.0)
    session = _session(data, with_horizon(adjusted(usual, overrides), overrides))
    absolute = str(Path(path).absolute())
    return session, Source("csv", absolute, target, cache(partial(digest, data)), choices=choices.to_json())


def names_file(what: str) -> bool:
    """Whether that is a file, and no example."""
    if what in EXAMPLES:
        return False
    from ..tables.opening import FOREIGN  # no example waits for it

    separators = [separator for separator in (os.sep, os.altsep) if separator]
    return (
        what.lower().endswith((*_TEXT, *FOREIGN))
        or any(separator in what for separator in separators)
        or Path(what).is_file()
    )


def refuse_script(what: str) -> None:
    """See that a file is to be read, and not to be run.

    Raises:
        DataError: it is a script or a notebook.
    """
    if what in EXAMPLES:
        return
    from ...scripts import SUFFIXES  # no example waits for it

    if what.endswith(SUFFIXES):
        name = printable(what, 200)
        raise DataError(f"{name} is a script, and no table: chainstep {name} runs it")


def _open_file(
    what: str,
    target: str | None,
    overrides: Mapping[str, object],
    choices: Choices | None,
    progress: Progress | None,
) -> tuple[Session, Source]:
    refuse_script(what)
    if target is None:
        name = printable(what, 200)
        if not Path(what).exists():
            raise DataError(f"{name}: there is no such file")
        if Path(what).is_dir():
            raise DataError(f"{name}: this is a directory, not a CSV file")
        raise DataError(f"{name}: say which column to predict with --target COLUMN, its name or its number from 1")
    from .table import read_file  # no example waits for it

    read = read_file(what, target, choices, progress)
    chosen, data = read.choices, read.prepared.data
    del read  # it is large
    return on_table(what, target, chosen, data, overrides)


def _session(subject: Trained, settings: Settings) -> Session:
    if not isinstance(subject, Formula | Recorded):
        refuse_giant(len(subject.features), settings, len(subject.classes))
    return Session(subject, settings)
