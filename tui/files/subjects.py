"""From what the user names, an example, a CSV file or an expression, to a session. Must not know the command line or
the screen.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Collection, Mapping
from dataclasses import field
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from chainstep.datasets import EXAMPLES, DataError, Dataset, example, printable
from chainstep.engine.records import record
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula, Recorded, Trained
from chainstep.engine.training.setup.settings import Settings, SettingsError, turned
from chainstep.engine.training.setup.size import refuse_giant

if TYPE_CHECKING:
    from chainstep.datasets.columns.choices import Choices
    from chainstep.datasets.reading.table import Progress
    from chainstep.datasets.user_table import PreparedTable

_TEXT = (".csv", ".tsv", ".txt", ".data", ".gz", ".tab", ".dat")
"""Endings of files of text."""

_COUPLED = ("activation", "loss")
"""Knobs that take others along when they are turned."""

_TURNED = (*_COUPLED, "seed")
"""Knobs that are not only put in their place."""

_DRAWING = frozenset({"seed", "init", "hidden"})
"""Overriding one of these asks for drawn weights, even where the example gives some."""

_OF_NETWORKS = ("hidden", "activation", "loss", "init", "batch_size")
"""Knobs that an expression has no use for."""


@record
class Source:
    """What was opened, as plain data: enough to open the same thing again in another process."""

    kind: Literal["example", "csv", "expression"]
    name: str
    """The example's name, the absolute path of the CSV file, or what to call the expression."""
    target: str = ""
    """A CSV file's target column."""
    digest: str = ""
    """Hash of what was read from a CSV file: weights fit the data that they were trained on."""
    expression: str = ""
    leaves: Mapping[str, float] = field(default_factory=dict)
    choices: Mapping[str, object] | None = None
    """What was chosen for a table, as `Choices.to_json` has it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "leaves", MappingProxyType(dict(self.leaves)))

    @property
    def title(self) -> str:
        """What a list of runs calls it."""
        return self.name if self.kind == "example" else Path(self.name).name

    @property
    def arguments(self) -> str:
        """What stands for it on the command line, behind `chainstep train`; an expression cannot be named there."""
        if self.kind == "csv":
            import shlex  # no example waits for it

            return printable(f"{shlex.quote(self.name)} --target {shlex.quote(self.target)}", 300)
        return self.name if self.kind == "example" else "WHAT"

    def to_json(self) -> dict[str, object]:
        """As a JSON object."""
        return {name: getattr(self, name) for name in ("kind", "name", "target", "digest", "expression")} | {
            "leaves": dict(self.leaves),
            "choices": self.choices,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Source:
        """The source of `to_json`.

        Raises:
            DataError: the record describes none.
        """
        try:
            source = cls(**record)
            texts = (source.name, source.target, source.digest, source.expression)
            sound = source.kind in ("example", "csv", "expression") and all(isinstance(text, str) for text in texts)
            # A path may have any letters: it is never shown as it is.
            sound = sound and (source.kind == "csv" or source.name.isprintable())
            numbers = all(isinstance(number, float) for number in source.leaves.values())
            sound = sound and isinstance(source.choices, Mapping | None)
        except (TypeError, ValueError, AttributeError):
            sound = numbers = False
        if not (sound and numbers):
            raise DataError("it does not say what it was trained on")
        return source

    def read(self) -> PreparedTable:
        """A CSV file read again, as was chosen.

        Raises:
            DataError: it is not there any more, or cannot be used so.
        """
        return read_file(self.name, self.target, self._choices())

    def _choices(self) -> Choices:
        from chainstep.datasets.columns.choices import Choices  # no example waits for it

        # What was saved before there were choices learnt a quantity as it was.
        return Choices(scaled=False) if self.choices is None else Choices.from_json(self.choices)

    def subject(self) -> Trained:
        """The data or the expression again.

        Raises:
            DataError: it is not there any more, or the file holds other data than it did.
        """
        if self.kind == "expression":
            return Formula(self.expression, dict(self.leaves), self.name)
        if self.kind == "csv":
            data = self.read().prepared.data
            if _digest(data, written=self.choices is None) != self.digest:
                raise DataError(f"{printable(self.name, 200)}: the file holds other data than when the run was saved")
            return data
        found = example(self.name)
        if found.load is None:
            return Formula(found.expression, dict(found.leaves), found.name)
        return found.load()


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
        _refuse_network_knobs(what, overrides)
    settings = with_horizon(adjusted(Settings.of(found.settings), overrides), {*found.settings, *overrides})
    session = _session(subject, settings)
    # A knob may have changed the shape, and then the given weights fit no longer.
    if found.parameters and not overrides.keys() & _DRAWING and len(found.parameters) == len(session.parameters):
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


def for_expression(overrides: Mapping[str, object]) -> Settings:
    """Settings for a typed expression, with the user's own on top.

    Raises:
        SettingsError: a knob cannot be set so, or is for networks.
    """
    _refuse_network_knobs("this", overrides)
    return with_horizon(adjusted(Settings(loss="sse", lr=0.01, steps=20), overrides), overrides)


def with_horizon(settings: Settings, named: Collection[str]) -> Settings:
    """The settings of a run that begins: its schedule runs over its own steps, unless a horizon is among the knobs that
    are `named`.
    """
    return settings if "horizon" in named else settings.replace(horizon=max(1, settings.steps))


def adjusted(settings: Settings, overrides: Mapping[str, object]) -> Settings:
    """The settings with the user's own on top; what hangs together with them follows.

    Raises:
        SettingsError: a value is out of its range, or two of them exclude each other.
    """
    # The shape comes first: whether the perceptron rule applies depends on it.
    own = {name: value for name, value in overrides.items() if name not in _COUPLED}
    settings = settings.replace(**own)
    for name in _TURNED:
        if name in overrides:
            settings = turned(settings, name, overrides[name])
    settings = settings.replace(**own)
    for name in _COUPLED:
        if name in overrides and getattr(settings, name) != overrides[name]:
            raise SettingsError(
                f"loss {settings.loss} goes with activation {settings.activation}, not with {name} {overrides[name]}"
            )
    return settings


def names_file(what: str) -> bool:
    """Whether that is a file, and no example."""
    if what in EXAMPLES:
        return False
    from .tables.opening import FOREIGN  # no example waits for it

    separators = [separator for separator in (os.sep, os.altsep) if separator]
    return (
        what.lower().endswith((*_TEXT, *FOREIGN))
        or any(separator in what for separator in separators)
        or Path(what).is_file()
    )


def read_file(
    what: str, target: str | None = None, choices: Choices | None = None, progress: Progress | None = None
) -> PreparedTable:
    """A CSV file made ready; without a target the last column that can be one is proposed.

    Raises:
        DataError: there is no such file, or its data cannot be used.
    """
    from chainstep.datasets.columns.choices import Choices  # no example waits for it
    from chainstep.datasets.user_table import PreparedTable

    from .tables.opening import user_table

    choices = choices or Choices()
    table = user_table(what, choices.header, progress)
    if target is None:
        return table.proposed(choices)
    return PreparedTable(table, target, choices, table.prepared(target, choices))


def on_table(
    path: str, target: str, choices: Choices, data: Dataset, overrides: Mapping[str, object]
) -> tuple[Session, Source]:
    """A session on what a CSV file was made, with the knobs in `overrides` set as the user wants them.

    Raises:
        SettingsError: a knob cannot be set so, or the knobs do not go together.
    """
    from .defaults import for_data  # no example waits for it

    usual = for_data(data)
    if "steps" in overrides:
        # So many steps are asked for, on all there is to train on.
        usual = usual.replace(validation=0.0)
    session = _session(data, with_horizon(adjusted(usual, overrides), overrides))
    absolute = str(Path(path).absolute())
    return session, Source("csv", absolute, target, _digest(data), choices=choices.to_json())


def _open_file(
    what: str,
    target: str | None,
    overrides: Mapping[str, object],
    choices: Choices | None,
    progress: Progress | None,
) -> tuple[Session, Source]:
    if target is None:
        name = printable(what, 200)
        if not Path(what).exists():
            raise DataError(f"{name}: there is no such file")
        if Path(what).is_dir():
            raise DataError(f"{name}: this is a directory, not a CSV file")
        raise DataError(f"{name}: say which column to predict with --target COLUMN, its name or its number from 1")
    read = read_file(what, target, choices, progress)
    chosen, data = read.choices, read.prepared.data
    del read  # it is large
    return on_table(what, target, chosen, data, overrides)


def _session(subject: Trained, settings: Settings) -> Session:
    if not isinstance(subject, Formula | Recorded):
        refuse_giant(len(subject.features), settings, len(subject.classes))
    return Session(subject, settings)


def _refuse_network_knobs(what: str, overrides: Mapping[str, object]) -> None:
    for name in _OF_NETWORKS:
        if name in overrides:
            raise SettingsError(f"{what} is an expression: --{name.replace('_', '-')} is for networks")


_DIGESTED = (
    *("name", "features", "target", "classes"),
    *("train_inputs", "train_targets", "test_inputs", "test_targets", "means", "scales"),
)
"""What makes a data set another one."""


def _digest(data: Dataset, *, written: bool = False) -> str:
    """Of the numbers and names, not of the file's bytes: another line ending is no other data.

    Of the numbers as they are `written` in runs without choices; writing a million takes a second.
    """
    import hashlib  # loads OpenSSL, which the first frame does without

    held = {name: getattr(data, name) for name in _DIGESTED}
    if written:
        return hashlib.sha256(repr(held).encode()).hexdigest()
    rows = {name: held.pop(name) for name in ("train_inputs", "train_targets", "test_inputs", "test_targets")}
    digest = hashlib.sha256(repr(held).encode())
    for name, numbers in rows.items():
        packed = array("d", chain.from_iterable(numbers) if name.endswith("inputs") else numbers)
        if sys.byteorder == "big":
            packed.byteswap()
        digest.update(f"{name} {len(packed)}".encode() + packed.tobytes())
    return digest.hexdigest()
