"""Tensors, drawings and tables: every bit comes back, and what is broken is said. Knows the formats alone."""

from __future__ import annotations

import csv
import json
import math
import re
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.analysis.model import Node
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from chainstep.tui.exchange.drawing import MOST_NODES, dot
from chainstep.tui.exchange.errors import ExchangeError
from chainstep.tui.exchange.export import exported
from chainstep.tui.exchange.tensors import Tensor, read, written
from chainstep.tui.files.subjects.opening import open_subject
from support.cases import each


@given(
    rows=st.lists(st.lists(st.floats(), min_size=3, max_size=3), max_size=4),
    biases=st.lists(st.floats(allow_nan=False), max_size=4),
)
def test_tensors_lose_no_bit(rows: list[list[float]], biases: list[float]) -> None:
    flat = [number for row in rows for number in row]
    content = written({"0.weight": Tensor((len(rows), 3), flat), "0.bias": Tensor((len(biases),), biases)}, {"a": "b"})
    found, metadata = read(content)
    assert metadata == {"a": "b"}
    assert {name: tensor.shape for name, tensor in found.items()} == {
        "0.weight": (len(rows), 3),
        "0.bias": (len(biases),),
    }
    for tensor, numbers in ((found["0.weight"], flat), (found["0.bias"], biases)):
        assert struct.pack(f"{len(numbers)}d", *tensor.numbers) == struct.pack(f"{len(numbers)}d", *numbers)


def test_the_library_reads_what_is_written_and_the_reverse() -> None:
    library = pytest.importorskip("safetensors.numpy")
    numpy = pytest.importorskip("numpy")
    session = open_subject("lecture")[0]
    found = library.load(exported(session, "safetensors"))
    assert found["2.weight"].dtype == numpy.float64
    assert [row[-1] for row in zip(*[iter(session.parameters[:16])] * 4, strict=True)] == found["0.bias"].tolist()
    for kind in (numpy.float64, numpy.float32, numpy.float16):
        array = numpy.array([[0.1, -2.5, 1e-3], [3.0, 0.0, 65504.0]], dtype=kind)
        back, _ = read(library.save({"a": array}))
        assert back["a"] == Tensor((2, 3), tuple(array.astype(numpy.float64).ravel().tolist()))


def _file(header: Any, body: bytes = b"") -> bytes:
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + body


def test_halves_of_a_float_are_exact() -> None:
    header = {"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}
    assert read(_file(header, bytes.fromhex("803f20c0")))[0]["a"].numbers == (1.0, -2.5)


@each(
    ("content", "says"),
    [
        (b"", "too short"),
        (b"\xff" * 20, "not all of one"),
        (_file(b"{"), "no JSON"),
        (_file([]), "no object"),
        (_file({"a": 3}), "does not say where 'a' is"),
        (_file({"a": {"data_offsets": ["0", 1]}}), "does not say where 'a' is"),
        (_file({"a": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}, bytes(8)), "holds I64"),
        (_file({"a": {"dtype": "F64", "shape": [2], "data_offsets": [0, 8]}}, bytes(8)), "8 bytes, which are no 2"),
        (_file({"a": {"dtype": "F64", "shape": [-1], "data_offsets": [0, 8]}}, bytes(8)), "what cannot be"),
        (_file({"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}, bytes(4)), "what cannot be"),
        (_file({"a": {"dtype": "F64", "shape": [1], "data_offsets": [8, 16]}}, bytes(16)), "begin at 8, not at 0"),
        (_file({"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}, bytes(9)), "names 8"),
        (_file({"__metadata__": {"a": 1}}), "no mapping of texts"),
    ],
)
def test_a_broken_file_is_told(content: bytes, says: str) -> None:
    with pytest.raises(ExchangeError, match=says):
        read(content)


def test_a_drawing_has_every_node_with_data_and_grad() -> None:
    session = Session(Formula("(a*b + c)*f", {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}), Settings(loss="sse"))
    text = exported(session, "dot").decode()
    assert "{ a | data 2.0000 | grad 6.0000 }" in text
    assert "{ b | data -3.0000 | grad -4.0000 }" in text
    assert len(re.findall("shape=record", text)) == 7
    assert sorted(re.findall(r"o\d+ \[label=\"(.)\"\]", text)) == ["*", "*", "+"]
    assert len(re.findall("->", text)) == 9


def test_a_drawing_takes_any_name_and_so_many_nodes() -> None:
    node = Node('a|b {"', "", (), math.nan, 0.0)
    assert r"{ a\|b\ \{\" | data nan" in dot([node], 'x"')
    with pytest.raises(ExchangeError, match=f"5001 nodes, and a drawing takes at most {MOST_NODES}"):
        dot([node] * 5001, "x")


def test_the_table_of_parameters_loses_no_bit() -> None:
    session = open_subject("moons")[0]
    head, *rows = csv.reader(exported(session, "csv").decode().splitlines())
    assert head == ["name", "data"]
    assert [name for name, _ in rows] == list(session.labels)
    assert [float(data).hex() for _, data in rows] == [number.hex() for number in session.parameters]


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        (lambda: exported(open_subject("lecture")[0], "dot", sample=5), "no sample 5: it has 4"),
        (lambda: exported(Session(Formula("a*b", {"a": 1.0, "b": 2.0}), Settings()), "numpy"), "is an expression"),
    ],
)
def test_what_cannot_be_had_is_told(attempt: Callable[[], object], says: str) -> None:
    with pytest.raises(ExchangeError, match=says):
        attempt()
