"""Makes a recording of the messages of a script's child. Knows what they should look like, and believes none that does
not; must not know processes.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from chainstep.datasets.printable import printable
from chainstep.engine.records import record, replace
from chainstep.engine.training.recorded.graph import LARGEST, NOWHERE, Graph, Place, RecordingError
from chainstep.engine.training.recorded.recorder import Recorder
from chainstep.engine.training.recorded.recording import Recording

from .child.packing import unpack

Message = Mapping[str, Any]

MOST_EDGES = 4 * LARGEST
INTERRUPTED = "KeyboardInterrupt"
"""What a script that is stopped ends with: no trouble of its own."""

LONGEST = 120
"""Letters of a name or a label."""


@record
class Row:
    """One `backward()`, as `chainstep FILE.py --json` prints it."""

    index: int
    nodes: int
    loss: float
    line: int | None
    """From 1; in a notebook, within the cell."""
    cell: int | None
    differs: int | None = None
    """Nodes with another number or gradient than ours; None where its numbers were not recorded."""
    agreement: str = ""
    """How they stand to ours, in a few words; "" where they were not recorded."""
    error: str = ""
    """What `backward()` raised: its gradients are not what it would have made of them."""

    def to_json(self, notebook: bool) -> dict[str, object]:
        """As a JSON object; a notebook's has the cell, too."""
        plain: dict[str, object] = {
            "event": "moment",
            "index": self.index,
            "nodes": self.nodes,
            "loss": self.loss,
            "line": self.line,
            "differs": self.differs,
            "agreement": self.agreement or None,
        }
        if self.error:
            plain["error"] = self.error
        return plain | {"cell": self.cell} if notebook else plain


@record
class Trouble:
    """Something that a script could not do."""

    what: str
    """In one line: `ZeroDivisionError: division by zero`."""
    where: str
    """`line 12`, `cell 3 line 2`; "" where that is not known."""
    missing: str = ""
    """The package that is not installed, if that is it."""

    @property
    def words(self) -> str:
        """In one line, with the place."""
        what = f"there is no package {self.missing}" if self.missing else self.what
        return f"{self.where}: {what}" if self.where else what


class Listener:
    """Hears one message after the other, and keeps what can be kept."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._recorder = Recorder(printable(file.name, LONGEST))
        self._places: list[tuple[int, str]] = []
        """The recorder's number and the name of each place, in the order in which they came."""
        self._graphs: dict[int, tuple[int, Graph]] = {}
        """By the child's own number: the recorder's, and the graph."""
        self._finals: dict[int, array[float]] = {}
        self._kept: set[int] = set()
        self.rows: list[Row] = []
        self.troubles: list[Trouble] = []
        self.stand_ins: list[str] = []
        """Modules for which ours answered, since they are not installed."""
        self.unread: list[str] = []
        """Why a `backward()` could not be read."""
        self.refused = 0
        """Messages that were not as they should be."""
        self.finished = False
        """The script came to its end."""
        self.interrupted = ""
        """Where it was when it was interrupted; "" where it was not, or that is not known."""

    def hear(self, message: Message) -> Row | None:
        """Take in one message; returns the row of a moment that is new."""
        hear = getattr(self, f"_hear_{str(message.get('event')).replace('-', '_')}", None)
        if hear is None:
            self.refused += 1
            return None
        try:
            row: Row | None = hear(message)
        except (LookupError, OverflowError, TypeError, ValueError):  # RecordingError and PackingError, too
            self.refused += 1
            return None
        return row

    def recording(self, output: str = "", ended: str = "") -> Recording | None:
        """What was recorded; None where there is no moment that can be opened.

        Args:
            output: what the script printed.
            ended: how it ended, where not at its end.
        """
        try:
            return self._recorder.recording(self._finals, output, ended)
        except RecordingError:
            return None

    def _hear_place(self, message: Message) -> None:
        line, cell = _number(message["line"], 0, 1 << 31), message["cell"]
        cell = None if cell is None else _number(cell, 1, 1 << 20)
        file = "" if cell is not None or message["file"] == str(self._file) else Path(_text(message["file"])).name
        where = Place(line, "", cell, printable(file, LONGEST)).name
        self._places.append((self._recorder.place(line, _text(message["text"], 400), cell, file), where))

    def _hear_graph(self, message: Message) -> None:
        count, edges = _number(message["nodes"], 1, LARGEST), _number(message["edges"], 0, MOST_EDGES)
        kinds = [_label(each) for each in _list(message["ops"])]
        kind, counts, places, units, flat = unpack(message["packed"], "iiiii", (count,) * 4 + (edges,))
        if min(counts) < 0 or sum(counts) != edges or min(kind) < 0:
            raise RecordingError("a graph has not as many inputs as it says")
        bounds = pairwise(accumulate(counts, initial=0))
        names = [""] * count
        for position, name in dict(message["names"]).items():
            names[_number(int(position), 0, count - 1)] = _label(name)
        graph = Graph(
            ops=[kinds[each] for each in kind],
            inputs=[tuple(flat[start:end]) for start, end in bounds],
            names=names,
            places=[self._place(each) for each in places],
            parameters=[_number(each, 0, count - 1) for each in _list(message["parameters"])],
            units=units,
            unit_names=[(_number(call, 0, 1 << 31), _label(name)) for call, name in _list(message["units"])],
        )
        self._graphs[_number(message["id"], 0, 1 << 31)] = self._recorder.graph(graph), graph

    def _place(self, number: int) -> int:
        if not NOWHERE <= number < len(self._places):
            raise RecordingError("there is no such place")
        return NOWHERE if number == NOWHERE else self._places[number][0]

    def _hear_moment(self, message: Message) -> Row | None:
        line, cell = message["line"], message["cell"]
        row = Row(
            _number(message["index"], 0, 1 << 62),
            _number(message["nodes"], 1, LARGEST),
            float(message["loss"]),
            None if line is None else _number(line, 0, 1 << 31),
            None if cell is None else _number(cell, 1, 1 << 20),
        )
        row = self._kept_with(row, message)
        error = printable(_text(message["error"]), 300)
        if error:
            row = replace(row, differs=None, agreement="", error=error)
        if self.rows and row.index <= self.rows[-1].index:
            return None  # it was told before, without its numbers
        self.rows.append(row)
        if error and error != INTERRUPTED:
            self.troubles.append(Trouble(f"backward() raised {error}", self._where(message)))
        return row

    def _kept_with(self, row: Row, message: Message) -> Row:
        """Give a moment to the recorder, as much of it as was sent; returns its row with how the numbers agree."""
        if message["graph"] is None or row.index in self._kept:
            return row
        number, graph = self._graphs[message["graph"]]
        place = self._place(message["place"])
        if "numbers" in message:
            numbers = unpack(message["numbers"], "ddd", (len(graph),) * 3)
            moment = self._recorder.moment(number, place, *numbers)
            row = replace(row, differs=moment.differs, agreement=moment.agreement)
        elif "leaves" in message:
            self._recorder.leaves(number, place, *unpack(message["leaves"], "d", (len(graph.leaves),)))
        else:
            return row
        self._kept.add(row.index)
        return row

    def _hear_finals(self, message: Message) -> None:
        number, graph = self._graphs[message["graph"]]
        (self._finals[number],) = unpack(message["numbers"], "d", (len(graph.trained),))

    def _hear_stand_in(self, message: Message) -> None:
        self.stand_ins.append(_label(message["module"]))

    def _hear_missing(self, message: Message) -> None:
        module = _label(message["module"])
        self.troubles.append(Trouble(f"No module named {module!r}", self._where(message), missing=module))

    def _hear_error(self, message: Message) -> None:
        if message["what"] == INTERRUPTED:
            self.interrupted = self._where(message)
            return
        self.troubles.append(Trouble(printable(_text(message["what"]), 300), self._where(message)))

    def _where(self, message: Message) -> str:
        number = message["place"]
        return self._places[number][1] if 0 <= number < len(self._places) else ""

    def _hear_unread(self, message: Message) -> None:
        self.unread.append(printable(_text(message["why"]), 300))

    def _hear_end(self, message: Message) -> None:
        self.finished = True


def _number(found: object, least: int, most: int) -> int:
    if type(found) is not int or not least <= found <= most:
        raise RecordingError(f"{found!r} is no number from {least} to {most}")
    return found


def _text(found: object, most: int = 1 << 20) -> str:
    if not isinstance(found, str):
        raise RecordingError("what should be a text is none")
    return found[:most]


def _label(found: object) -> str:
    return printable(_text(found), LONGEST)


def _list(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise RecordingError("what should be a list is none")
    return found
