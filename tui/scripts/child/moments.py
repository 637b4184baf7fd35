"""Makes a moment of each outermost `backward()` and sends it, within bounds. Knows graphs, ops and names; must not know
how a script is run.

A graph is sent once, with the names that its nodes have then; a training loop's moments are numbers of that graph. All
of them are sent while there is much room, then evenly spaced ones and the last; of the others the leaves alone, and
where there is no room for these the loss alone.
"""

from __future__ import annotations

import gc
from array import array
from collections.abc import Callable, Mapping
from hashlib import blake2b
from types import FrameType
from typing import Any, NamedTuple

from chainstep.engine.autograd.ops.table import OPS
from chainstep.engine.verify.adapter import UnreadableError

from .graphs import Graph, Reader, TooLargeError, given_to
from .naming import LONGEST, Naming
from .ops import ops_of
from .packing import pack
from .watching import Watch

MEGABYTE = 1 << 20
OF_NODES = 1_000_000
"""Nodes of all graphs that are sent: half a kilobyte each where they are heard."""

OF_NUMBERS, OF_LEAVES = 128 * MEGABYTE, 64 * MEGABYTE
"""Bytes that are sent of moments with all numbers, and with those of the leaves alone."""

MOST_UNREAD = 10
"""Reasons why a graph could not be read that are told."""

Send = Callable[[Mapping[str, object]], None]


class Room:
    """Room for what is sent: for all of it at first, when half is taken for every second, then for every fourth …"""

    def __init__(self, size: int) -> None:
        self._left = self._rare = size
        self._stride = 1

    def has(self, number: int) -> bool:
        """Whether there is any for what has this number."""
        return self._left > 0 and number % self._stride == 0

    def take(self, size: int) -> None:
        """Take some of it."""
        self._left -= size
        while 0 < self._left < self._rare // 2:
            self._rare //= 2
            self._stride *= 2


class Kept(NamedTuple):
    """A graph that was sent."""

    number: int
    order: array[int]
    """Positions of its nodes as they were read, in the order in which they were sent: a model's parameters first."""
    leaves: list[int]
    """Positions as they were sent, like these."""
    trained: list[int]
    """What the script trains: parameters, else leaves with a name, else all leaves."""
    opaque: bool
    """It has ops that are not ours, so that its leaves do not tell all."""


class Begun(NamedTuple):
    """A moment before `backward()` runs."""

    number: int
    """Of all moments, from 0."""
    reader: Reader
    nodes: list[Any]
    kept: Kept | None
    data: array[float]
    before: array[float]
    place: int


class Moments:
    """What goes backward in a script."""

    def __init__(self, send: Send) -> None:
        self.watch: Watch
        """Set before anything runs: each needs the other."""
        self._count = 0
        self._send = send
        self._inside = False
        self._readers: dict[type, Reader] = {}
        self._graphs: dict[bytes, Kept] = {}
        self._trained: dict[int, tuple[Reader, list[Any]]] = {}
        self._nodes, self._numbers, self._leaves = Room(OF_NODES), Room(OF_NUMBERS), Room(OF_LEAVES)
        self._waiting: tuple[Mapping[str, object], tuple[array[float], ...]] | None = None
        """The last moment, while it was not sent whole: its row and its numbers."""
        self._unread: set[str] = set()

    def backward(
        self,
        function: Callable[..., Any],
        root: Any,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        frame: FrameType,
    ) -> Any:
        """Run `function(root, …)`, which goes backward, and make a moment of it if it is the outermost."""
        if self._inside:
            return function(root, *args, **kwargs)
        self._inside = True
        error = ""
        try:
            begun = self._quietly(lambda: self._begin(root, frame))
            try:
                return function(root, *args, **kwargs)
            except BaseException as raised:
                error = described(raised)
                raise
            finally:
                if begun is not None:
                    self._quietly(lambda: self._end(begun, error))
        finally:
            self._inside = False
            self.watch.begin_anew()

    def _quietly(self, work: Callable[[], Any]) -> Any:
        """Read: what goes wrong is told, and does not disturb the script, nor is its garbage collected meanwhile."""
        collects = gc.isenabled()
        gc.disable()
        try:
            return work()
        except Exception as error:
            why = str(error) if isinstance(error, (UnreadableError, TooLargeError)) else described(error)
            if why not in self._unread and len(self._unread) < MOST_UNREAD:
                self._unread.add(why)
                self._send({"event": "unread", "why": why})
            return None
        finally:
            if collects:
                gc.enable()

    def _begin(self, root: Any, frame: FrameType) -> Begun:
        number, self._count = self._count, self._count + 1
        reader = self._readers.get(type(root))
        if reader is None:
            reader = Reader(self.watch, root)
            if reader.complete:
                self._readers[type(root)] = reader
        caller = self.watch.places.frame(frame)
        place = -1 if caller is None else self.watch.places.number(caller.f_code, caller.f_lasti)
        graph = reader.read(root)
        kept = self._graph(number, reader, graph, caller)
        nodes = graph.nodes if kept is None else [graph.nodes[position] for position in kept.order]
        if kept is not None:
            self._trained[kept.number] = (reader, [nodes[position] for position in kept.trained])
        return Begun(number, reader, nodes, kept, reader.numbers(nodes), reader.gradients(nodes), place)

    def _graph(self, number: int, reader: Reader, graph: Graph, caller: FrameType | None) -> Kept | None:
        """The graph as it was sent before, or sent now; None where there is no room for it."""
        modules = [self.watch.scopes[scope][1] for scope in graph.units]
        digest = blake2b(repr((reader.reading, graph.ways, modules)).encode(), digest_size=16)
        for numbers in (graph.way_of, graph.counts, graph.flat, graph.place_of, graph.unit_of):
            digest.update(numbers)
        key = digest.digest()
        if key not in self._graphs and self._nodes.has(number):
            self._nodes.take(len(graph.nodes))
            self._graphs[key] = self._send_graph(reader, graph, caller)
        return self._graphs.get(key)

    def _send_graph(self, reader: Reader, read: Graph, caller: FrameType | None) -> Kept:
        naming = Naming(caller, read.positions)
        first = [at for key in naming.parameters if not read.counts[at := read.positions[key]]]
        order = array("i", dict.fromkeys((*first, *range(len(read.nodes)))))
        graph = read.arranged(order)
        names = self._names(reader, graph, naming)
        ops = ops_of(graph, reader.numbers(graph.nodes), reader.ours)
        kinds = {op: index for index, op in enumerate(dict.fromkeys(ops))}
        packed = pack((array("i", [kinds[op] for op in ops]), graph.counts, graph.place_of, graph.unit_of, graph.flat))
        number, parameters = len(self._graphs), [*range(len(first))]
        self._send(
            {
                "event": "graph",
                "id": number,
                "nodes": len(ops),
                "ops": list(kinds),
                "names": {str(position): name for position, name in names.items()},
                "parameters": parameters,
                "units": self._units(graph, naming),
                "edges": len(graph.flat),
                "packed": packed,
            }
        )
        leaves = [position for position, op in enumerate(ops) if not op]
        trained = parameters or [position for position in leaves if position in names] or leaves
        return Kept(number, order, leaves, trained, any(op and op not in OPS for op in kinds))

    def _names(self, reader: Reader, graph: Graph, naming: Naming) -> dict[int, str]:
        """The name of each node that has one, by its position: what the script calls it now, its label, or the variable
        that it was given to when it was made.
        """
        names = {graph.positions[key]: name for key, name in naming.names.items()}
        for position, node in enumerate(graph.nodes):
            label = reader.reading.label_of(node)
            if label and label.isprintable():
                names.setdefault(position, label[:LONGEST])
        return given_to(self.watch, graph) | names

    def _units(self, graph: Graph, naming: Naming) -> list[tuple[int, str]]:
        """(call, name) of each unit; calls are counted from 1, of those in which the graph was made."""
        scopes = [self.watch.scopes[scope] for scope in graph.units]
        calls = {call: number for number, call in enumerate(sorted({0} | {call for call, _, _ in scopes}))}
        return [(calls[call], naming.units.get(module, name)) for call, module, name in scopes]

    def _end(self, begun: Begun, error: str) -> None:
        places = self.watch.places
        line, cell = places.line(begun.place)
        row = {
            "event": "moment",
            "index": begun.number,
            "nodes": len(begun.nodes),
            "loss": begun.data[-1],
            "line": line,
            "cell": cell,
            "graph": None if begun.kept is None else begun.kept.number,
            "place": begun.place,
            "error": error,
        }
        numbers = (begun.data, begun.before, begun.reader.gradients(begun.nodes))
        self._waiting = None
        if begun.kept is None:
            self._send(row)
        elif self._numbers.has(begun.number):
            packed = pack(numbers)
            self._numbers.take(len(packed))
            self._send({**row, "numbers": packed})
        else:
            self._waiting = row, numbers
            self._send({**row, **self._leaves_of(begun, begun.kept)})

    def _leaves_of(self, begun: Begun, kept: Kept) -> Mapping[str, object]:
        """The leaves of a moment, where they tell the rest and there is room."""
        if kept.opaque or any(begun.before) or not self._leaves.has(begun.number):
            return {}
        packed = pack((array("d", [begun.data[leaf] for leaf in kept.leaves]),))
        self._leaves.take(len(packed))
        return {"leaves": packed}

    def finish(self) -> None:
        """The script has ended: send the last moment whole, and what its parameters were left with."""
        if self._waiting is not None:
            row, numbers = self._waiting
            self._send({**row, "numbers": pack(numbers)})
        for number, (reader, nodes) in self._trained.items():
            self._send({"event": "finals", "graph": number, "numbers": pack((reader.numbers(nodes),))})


def described(raised: BaseException) -> str:
    """An exception in one line."""
    text = " ".join(str(raised.msg if isinstance(raised, SyntaxError) else raised).split())
    return f"{type(raised).__name__}: {text}" if text else type(raised).__name__
