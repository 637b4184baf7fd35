"""A sweep in the folder of runs: its spec, and each outcome as it comes; a sweep that was stopped, or killed, is found
there again. Knows the store; must not know how runs are trained.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import NamedTuple

from chainstep.datasets import DataError, printable

from ..files.runs import find_run, run_folder
from ..files.store import folder as store
from ..files.store.errors import RunError
from ..files.store.file import RunFile
from ..files.store.format import Summary
from ..files.store.reading import list_runs, read_header, shown
from ..files.store.writer import Writer
from ..files.subjects.source import Source
from ..files.subjects.sweep import KIND, is_sweep
from .outcome import Outcome
from .plans import key
from .spec import Spec

_SPEC, _RUN = "sweep", "run/"

_PATIENCE = 5.0
"""Seconds that whoever ends a sweep waits for its last bytes."""


class Found(NamedTuple):
    """A sweep that was kept."""

    name: str
    source: Source
    spec: Spec
    outcomes: list[Outcome]
    """As they came, those that failed among them."""
    file: RunFile | None
    """Where it goes on being kept; None where that is a file of its own."""
    note: str
    """Why there is none; empty where there is."""

    @property
    def done(self) -> list[Outcome]:
        """What need not be trained again: a run that failed is tried again."""
        return [outcome for outcome in self.outcomes if outcome.error is None]


class Keeper:
    """Keeps a sweep from its first outcome on. What cannot be written waits, and the sweep goes on."""

    def __init__(self, source: Source, spec: Spec, found: Found | None = None) -> None:
        """`found` is a sweep that goes on.

        Raises:
            RunError: nobody says where runs could be.
        """
        file = None if found is None else found.file
        self._writer = Writer(run_folder(), file)
        self._what = f"{source.title} sweep"
        self._source = json.dumps({"kind": KIND, "source": source.to_json()})
        known = [] if found is None else found.outcomes
        self._spec, self._begun = spec, file is not None
        self._places = {key(outcome.knobs): place for place, outcome in enumerate(known if self._begun else ())}
        """Where each run is kept: one that is tried again, in the place of what failed."""
        self._count = len(known) if self._begun else 0
        self._best = min((outcome.cost for outcome in known), default=math.inf)
        self._said: str | None = None
        # A copy begins with what was in the file that it is of.
        for outcome in known if not self._begun else ():
            self.keep(outcome)

    def keep(self, outcome: Outcome) -> None:
        """A run is done."""
        records = {} if self._begun else {_SPEC: _packed(self._spec.to_json())}
        place = self._places.setdefault(key(outcome.knobs), self._count)
        self._count = max(self._count, place + 1)
        records[f"{_RUN}{place:06}"] = _packed(outcome.to_json())
        self._begun = True
        self._best = min(self._best, outcome.cost)
        best = self._best if self._best < math.inf else None
        self._writer.put(records, summary=Summary(self._what, self._source, self._count, best))

    def trouble(self) -> str | None:
        """Why something is not on disk so far, where that was not asked before."""
        error, said = self._writer.error, self._said
        self._said = error or said
        return error if error != said else None

    def close(self) -> str | None:
        """Let go of the file, with everything in it on disk; or why not all of it is."""
        self._writer.close(_PATIENCE)
        return self._writer.error

    @property
    def name(self) -> str | None:
        """What `chainstep resume` calls it; None where nothing was kept."""
        return self._writer.name


def _packed(record: dict[str, object]) -> bytes:
    return json.dumps(record).encode()


def named(name: str | None) -> Path | None:
    """The file of the sweep that is called so or, without a name, was saved last of all runs; None where that is no
    sweep.

    Raises:
        RunError: nobody says where runs could be, or there is none called so.
    """
    if name is None:
        newest = next(iter(list_runs(run_folder()).runs), None)
        return newest.path if newest is not None and is_sweep(newest.header.source) else None
    path = find_run(name)
    try:
        return path if is_sweep(read_header(path).source) else None
    except RunError:
        return None  # it is none of the store's: whoever opens it says what is wrong


def read(path: Path) -> Found:
    """A sweep that was kept.

    Raises:
        RunError: it cannot be read, or is not what was kept.
    """
    opened = store.open_run(run_folder(), path)
    try:
        try:
            source = Source.from_json(json.loads(opened.contents.header.source)["source"])
            records = opened.contents.records
            spec = Spec.from_json(json.loads(records[_SPEC]))
            runs = [Outcome.from_json(json.loads(record)) for key, record in records.items() if key.startswith(_RUN)]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            own = isinstance(error, DataError) or type(error).__module__.startswith("chainstep")
            why = printable(str(error), 200) if own else "the file is damaged"
            raise RunError(f"sweep {shown(path)} cannot be opened: {why}") from None
    except BaseException:
        if opened.file is not None:
            opened.file.close()
        raise
    return Found(shown(path), source, spec, runs, opened.file, opened.why)
