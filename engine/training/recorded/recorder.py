"""Puts a recording together, a graph and a moment at a time, as they are read. Knows what is computed of them; must not
know how they are read.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

from .agreement import Comparison
from .graph import Graph, Place, RecordingError, showable
from .recording import Moment, Recording


class Recorder:
    """Makes a `Recording` of plain data: lists, texts and numbers.

        recorder = Recorder("demo.py")
        line = recorder.place(12, "loss.backward()")
        graph = recorder.graph(Graph(["", "", "mul"], [(), (), (0, 1)], ["a", "b", ""], [line] * 3))
        recorder.moment(graph, line, data=[2.0, 3.0, 6.0], before=[0.0] * 3, after=[3.0, 2.0, 1.0])
        recording = recorder.recording()

    A graph that comes again, as a training loop's does, is given once. To take in a moment replays it: about 0.4 µs a
    node.
    """

    def __init__(self, name: str) -> None:
        self._name = showable(name)
        self._places: dict[Place, int] = {}
        self._graphs: list[Graph] = []
        self._comparisons: list[Comparison] = []
        self._moments: list[Moment] = []

    def place(self, line: int, text: str, cell: int | None = None, file: str = "") -> int:
        """The number of a line of the script, for graphs and moments; the same for the same line. A `file` is the name
        of another one than the script.
        """
        return self._places.setdefault(Place(line, showable(text.strip()), cell, showable(file)), len(self._places))

    def graph(self, graph: Graph) -> int:
        """The number of another graph, for moments."""
        self._graphs.append(graph)
        self._comparisons.append(Comparison(len(self._graphs) - 1, graph))
        return len(self._graphs) - 1

    def moment(
        self, graph: int, place: int, data: Sequence[float], before: Sequence[float], after: Sequence[float]
    ) -> Moment:
        """Take in one `backward()`: `data`, `before` and `after` have the own class's number of each node, and its
        gradient before it and after it.

        Raises:
            RecordingError: there is no such graph, or a node without them.
        """
        if not 0 <= graph < len(self._graphs):
            raise RecordingError("a moment is of no graph")
        made = self._comparisons[graph].moment(place, data, before, after)
        self._moments.append(made)
        return made

    def leaves(self, graph: int, place: int, data: Sequence[float]) -> Moment:
        """Take in a `backward()` of which there are the numbers of the graph's leaves alone, in order; its gradients
        are taken to begin with 0.

        Raises:
            RecordingError: there is no such graph, or it has unknown operations, or other leaves.
        """
        if not 0 <= graph < len(self._graphs):
            raise RecordingError("a moment is of no graph")
        made = self._comparisons[graph].uncompared(place, data)
        self._moments.append(made)
        return made

    def recording(
        self, finals: Mapping[int, Sequence[float]] | None = None, output: str = "", ended: str = ""
    ) -> Recording:
        """What was recorded so far.

        Args:
            finals: by graph, the numbers that its `trained` leaves had when the script ended; of a graph that is not
                here they are not known.
            output: what the script printed.
            ended: how it ended, where not at its end.

        Raises:
            RecordingError: nothing was recorded, or the last numbers do not fit.
        """
        known = finals or {}
        last = [array("d", known[number]) if number in known else None for number in range(len(self._graphs))]
        return Recording(
            self._name,
            [*self._places],
            list(self._graphs),
            list(self._moments),
            last,
            showable(output.replace("\t", "    ")),
            showable(ended),
        )
