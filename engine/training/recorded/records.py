"""A recording as bytes in pieces, and again from them. Knows recordings; must not know where the pieces are kept.

| key | what it has |
|---|---|
| `script` | JSON: name, lines, what was printed, how it ended, how many graphs and moments |
| `script/graph/N` | JSON: ops, inputs, names, lines and parameters of a graph |
| `script/finals/N` | the last numbers of its parameters, where they are known |
| `script/moments/N` | some moments: see `_HEAD` |

They may come from a stranger: types and sizes are looked at before anything is made of them.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from .graph import LARGEST, Graph, Place, RecordingError
from .recording import Moment, Recording, Sparse

KEY = "script"

_HEAD = struct.Struct("<iiqqqqqqddq")
"""Of a moment: its graph, its place, how many numbers it has in `given`, `before`, `taken`, `data` and `grad`, how many
are rounded, its loss, the largest rounding, and whether it was compared. Those numbers follow, of the sparse ones the
nodes first.
"""

_PARTS = 9
"""Of a moment, as bytes."""

_CHUNK = 2**22
"""Bytes of moments from which on the next ones have a record of their own."""

_MOST_TEXT = 2**25
"""Bytes of a record of JSON."""

_MOST_MOMENTS = 1_000_000


def pack(recording: Recording, run: Sequence[int] = ()) -> dict[str, bytes]:
    """A recording as records, with the run of it that is open."""
    about = {
        "name": recording.name,
        "places": [[place.line, place.text, place.cell, place.file] for place in recording.places],
        "output": recording.output,
        "ended": recording.ended,
        "run": [*run],
        "graphs": len(recording.graphs),
        "moments": len(recording.moments),
    }
    records = {KEY: json.dumps(about).encode()}
    for number, (graph, final) in enumerate(zip(recording.graphs, recording.finals, strict=True)):
        records[f"{KEY}/graph/{number}"] = _graph_record(graph)
        if final is not None:
            records[f"{KEY}/finals/{number}"] = _bytes(final)
    for number, chunk in enumerate(_chunks(recording.moments)):
        records[f"{KEY}/moments/{number}"] = chunk
    return records


def unpack(records: Mapping[str, bytes]) -> tuple[Recording, tuple[int, ...]]:
    """The recording of `pack`, and the run of it that was open.

    Raises:
        RecordingError: they are none; the message is one line, and nothing of their content.
    """
    try:
        unpacking = _Unpacking(records)
        recording = unpacking.recording()
        run = unpacking.run()
        if run and run not in recording.runs():
            raise RecordingError("the moments that were open are no run")
        return recording, run
    except RecordingError:
        raise
    except KeyError as error:
        raise RecordingError(f"there is no {error}") from None
    except (TypeError, ValueError, LookupError, struct.error, RecursionError, OverflowError):
        raise RecordingError("what was recorded of a script cannot be read") from None


def _graph_record(graph: Graph) -> bytes:
    ops = sorted({*graph.ops})
    code = {op: number for number, op in enumerate(ops)}
    named = [[node, name] for node, name in enumerate(graph.names) if name]
    return json.dumps(
        {
            "ops": ops,
            "op": [code[op] for op in graph.ops],
            "inputs": [*map(list, graph.inputs)],
            "names": named,
            "places": [*graph.places],
            "parameters": [*graph.parameters],
            "units": [*graph.units],
            "unit_names": [*map(list, graph.unit_names)],
        },
        separators=(",", ":"),
    ).encode()


def _chunks(moments: Sequence[Moment]) -> Iterator[bytes]:
    chunk: list[bytes] = []
    size = 0
    for moment in moments:
        chunk += _moment_bytes(moment)
        size += sum(map(len, chunk[-_PARTS:]))
        if size > _CHUNK:
            yield b"".join(chunk)
            chunk, size = [], 0
    if chunk:
        yield b"".join(chunk)


def _moment_bytes(moment: Moment) -> list[bytes]:
    sparse = (moment.before, moment.data, moment.grad)
    sizes = (len(moment.given), len(moment.before), len(moment.taken), len(moment.data), len(moment.grad))
    head = _HEAD.pack(moment.graph, moment.place, *sizes, moment.rounded, moment.loss, moment.ulps, moment.compared)
    parts = [head, _bytes(moment.given), _bytes(moment.taken)]
    for each in sparse:
        parts += [_bytes(each.nodes), _bytes(each.numbers)]
    return parts


def _bytes(numbers: array[Any]) -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


class _Unpacking:
    def __init__(self, records: Mapping[str, bytes]) -> None:
        self._records = records

    def recording(self) -> Recording:
        about = self._json(KEY)
        graphs, moments = _count(about["graphs"]), _count(about["moments"], _MOST_MOMENTS)
        places = [Place(_count(line), _text(text), cell if cell is None else _count(cell), _text(file))
                  for line, text, cell, file in about["places"]]  # fmt: skip
        made = [self._graph(number) for number in range(graphs)]
        finals = [self._final(number, graph) for number, graph in enumerate(made)]
        found: list[Moment] = []
        for chunk in count():
            if len(found) >= moments:
                break
            found += self._moments(f"{KEY}/moments/{chunk}", made)
        if len(found) != moments:
            raise RecordingError("a recording has not all of its moments")
        return Recording(
            _text(about["name"]), places, made, found, finals, _text(about["output"]), _text(about["ended"])
        )

    def run(self) -> tuple[int, ...]:
        return tuple(map(_count, self._json(KEY)["run"]))

    def _json(self, key: str) -> dict[str, Any]:
        record = self._records[key]
        if len(record) > _MOST_TEXT:
            raise RecordingError(f"{key} is too large")
        value = json.loads(record)
        if not isinstance(value, dict):
            raise RecordingError(f"{key} is not what a recording has")
        return value

    def _graph(self, number: int) -> Graph:
        saved = self._json(f"{KEY}/graph/{number}")
        ops, names = [*map(_text, saved["ops"])], [""] * len(saved["op"])
        for node, name in saved["names"]:
            names[_count(node)] = _text(name)
        return Graph(
            ops=[ops[_count(code)] for code in saved["op"]],
            inputs=[tuple(map(_count, inputs)) for inputs in saved["inputs"]],
            names=names,
            places=[_integer(place) for place in saved["places"]],
            parameters=[*map(_count, saved["parameters"])],
            units=[*map(_count, saved["units"])],
            unit_names=[(_count(call), _text(name)) for call, name in saved["unit_names"]],
        )

    def _final(self, number: int, graph: Graph) -> array[float] | None:
        key = f"{KEY}/finals/{number}"
        return _doubles(self._records[key], 0, len(graph.trained)) if key in self._records else None

    def _moments(self, key: str, graphs: Sequence[Graph]) -> Iterator[Moment]:
        record, at = self._records[key], 0
        while at < len(record):
            graph, place, *sizes, rounded, loss, ulps, compared = _HEAD.unpack_from(record, at)
            at += _HEAD.size
            if not 0 <= graph < len(graphs) or any(not 0 <= size <= LARGEST for size in sizes) or rounded < 0:
                raise RecordingError("a moment is not what a recording has")
            given, before, taken, data, grad = sizes
            numbers = []
            for size in (given, taken):
                numbers.append(_doubles(record, at, size))
                at += 8 * size
            sparse = []
            for size in (before, data, grad):
                sparse.append(Sparse(_integers(record, at, size), _doubles(record, at + 4 * size, size)))
                at += 12 * size
            begun, own, gradients = sparse
            yield Moment(
                graph, place, loss, numbers[0], begun, numbers[1], own, gradients, rounded, ulps, bool(compared)
            )


def _doubles(record: bytes, at: int, count: int) -> array[float]:
    return _array("d", record, at, count)


def _integers(record: bytes, at: int, count: int) -> array[int]:
    return _array("i", record, at, count)


def _array(kind: str, record: bytes, at: int, count: int) -> array[Any]:
    numbers: array[Any] = array(kind)
    piece = record[at : at + count * numbers.itemsize]
    if len(piece) != count * numbers.itemsize:
        raise RecordingError("a recording ends within its numbers")
    numbers.frombytes(piece)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _count(value: object, most: int = 2**31 - 1) -> int:
    number = _integer(value)
    if not 0 <= number <= most:
        raise RecordingError("a number in a recording is out of its range")
    return number


def _integer(value: object) -> int:
    if type(value) is not int:
        raise RecordingError("a recording has something else where a whole number belongs")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RecordingError("a recording has something else where a text belongs")
    return value
