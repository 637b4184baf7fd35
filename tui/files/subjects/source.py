"""What was opened, as plain data, and how its data are found again. Must not know sessions or knobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from chainstep.datasets import DataError, example, printable
from chainstep.engine.records import record
from chainstep.engine.training.setup.data import Formula, Trained

if TYPE_CHECKING:
    from chainstep.datasets.columns.choices import Choices
    from chainstep.datasets.user_table import PreparedTable


@record
class Source:
    """What was opened, as plain data: enough to open the same thing again in another process."""

    kind: Literal["example", "csv", "expression", "script", "inputs"]
    name: str
    """The example's name, the absolute path of the CSV file or of the script, or what to call the expression or the
    model that has nothing but typed inputs.
    """
    target: str = ""
    """A CSV file's target column."""
    digest: str | Callable[[], str] = ""
    """Hash of what was read from a CSV file: weights fit the data that they were trained on. What works it out where
    that is not known yet.
    """
    expression: str = ""
    leaves: Mapping[str, float] = field(default_factory=dict)
    """Of an expression; of a model that has nothing else, its inputs."""
    choices: Mapping[str, object] | None = None
    """What was chosen for a table, as `Choices.to_json` has it; for a script, how it was run; for typed inputs, how
    many `outputs` the model has.
    """

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
        return {name: getattr(self, name) for name in ("kind", "name", "target", "expression")} | {
            "digest": self.hashed(),
            "leaves": dict(self.leaves),
            "choices": self.choices,
        }

    def hashed(self) -> str:
        """The digest; of very many rows it takes a moment when it is first asked for, in whichever thread."""
        return self.digest if isinstance(self.digest, str) else self.digest()

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Source:
        """The source of `to_json`.

        Raises:
            DataError: the record describes none.
        """
        try:
            source = cls(**record)
            texts = (source.name, source.target, source.digest, source.expression)
            sound = source.kind in ("example", "csv", "expression", "script", "inputs") and all(
                isinstance(text, str) for text in texts
            )
            # A path may have any letters: it is never shown as it is.
            sound = sound and (source.kind in ("csv", "script") or source.name.isprintable())
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
        from .table import read_file  # no example waits for it

        return read_file(self.name, self.target, self._choices())

    def _choices(self) -> Choices:
        from chainstep.datasets.columns.choices import Choices  # no example waits for it

        # What was saved before there were choices learnt a quantity as it was.
        return Choices(scaled=False, exact=True) if self.choices is None else Choices.from_json(self.choices)

    def subject(self, records: Mapping[str, bytes] | None = None) -> Trained:
        """The data or the expression again; of a script what was recorded, which is among a saved run's `records`.

        Raises:
            DataError: it is not there any more, or the file holds other data than it did.
        """
        if self.kind == "script":
            from .recorded import recorded  # no example waits for it

            return recorded(records or {})
        if self.kind == "inputs":
            from .typed import typed_inputs  # no example waits for it

            return typed_inputs(self.name, self.leaves, (self.choices or {}).get("outputs"))
        if self.kind == "expression":
            return Formula(self.expression, dict(self.leaves), self.name)
        if self.kind == "csv":
            from .table import digest

            data = self.read().prepared.data
            if digest(data, written=self.choices is None) != self.hashed():
                raise DataError(f"{printable(self.name, 200)}: the file holds other data than when the run was saved")
            return data
        found = example(self.name)
        if found.load is None:
            return Formula(found.expression, dict(found.leaves), found.name)
        return found.load()
