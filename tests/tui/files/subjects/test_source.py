"""What was opened as plain data, and its data found again. Must not know sessions' steps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chainstep.datasets import DataError, Dataset
from chainstep.engine.training.run.begin import build
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from chainstep.tui.files.subjects.source import Source
from support.cases import each

FLOWERS = "width,height,kind\n" + "".join(f"{i % 7},{i * i % 11},{'abc'[i % 3]}\n" for i in range(30))


def written(folder: Path, text: str, name: str = "data.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("target", "digest"),
    [
        ("quantity", "b928af5e38b56e1783453b5fd1c9797ea80aef682fd7204f79aa8c909b0aa36e"),
        ("class", "cbbcaf95ab7ba884df57e2c91758defd4ab600229b5de25a5066181518b3f0f5"),
    ],
)
def test_a_table_of_a_run_before_there_were_choices_is_the_same(tmp_path: Path, target: str, digest: str) -> None:
    path = tmp_path / "old.csv"
    path.write_text(
        "a,b,y\n"
        + "".join(
            f"{k},{k * k % 7},{2.5 * k + k % 3 if target == 'quantity' else 'no' if k % 3 else 'yes'}\n"
            for k in range(20)
        )
    )
    source = Source("csv", str(path), "y", digest)

    data = source.subject()

    assert isinstance(data, Dataset)
    assert (data.target_mean, data.target_scale) == (0.0, 1.0)
    path.write_text(path.read_text().replace("19,4,", "19,5,"))
    with pytest.raises(DataError, match="other data"):
        source.subject()


def test_sources_survive_json_and_open_the_same_subject(tmp_path: Path) -> None:
    opened = [
        open_subject("moons"),
        open_subject("parabola"),
        open_subject(written(tmp_path, FLOWERS), "kind"),
        open_expression("a*b", {"a": 1.0, "b": 0.1}),
    ]
    for session, source in opened:
        again = Source.from_json(json.loads(json.dumps(source.to_json())))
        assert again.to_json() == source.to_json()
        program = build(again.subject(), session.settings)
        assert program.first == session.parameters
        assert program.samples == session.run.stepper.program.samples


def test_a_file_that_has_changed_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path, FLOWERS)
    _, source = open_subject(path, "kind")

    written(tmp_path, FLOWERS.replace("\n", "\r\n"))
    source.subject()
    assert Source.from_json(source.to_json()).subject().name == "data.csv"
    written(tmp_path, FLOWERS.replace("5", "6", 1))
    with pytest.raises(DataError, match="holds other data"):
        source.subject()


@each(
    "record",
    [
        {},
        {"kind": "example"},
        {"kind": "ftp", "name": "x"},
        {"kind": "csv", "name": 3},
        {"kind": "expression", "name": "x", "expression": "a", "leaves": {"a": "1"}},
        {"kind": "expression", "name": "x", "expression": "a", "leaves": 3},
        {"kind": "example", "name": "moons", "surprise": 1},
    ],
)
def test_a_record_that_is_no_source_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(DataError, match="does not say"):
        Source.from_json(record)


def test_the_arguments_can_be_typed_again(tmp_path: Path) -> None:
    path = written(tmp_path, FLOWERS, "my data.csv")

    assert open_subject("moons")[1].arguments == "moons"
    assert open_subject(path, "kind")[1].arguments == f"'{path}' --target kind"
