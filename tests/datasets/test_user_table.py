"""What a user's file becomes, and that each thing that is refused is named in one line. Knows no example."""

from __future__ import annotations

import csv
import math
import os
from collections import Counter
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainstep.datasets import DataError, Dataset
from chainstep.datasets.reading import content as contents
from chainstep.datasets.user_table import open_table
from support.cases import each

Write = Callable[[str | bytes], Path]
GOOD = "a,b,y\n1,2,no\n3,4,yes\n5,7,no\n"


def read_csv(path: Path | str, target: str, seed: int = 0, test_fraction: float = 0.2) -> Dataset:
    return open_table(path, target, seed=seed, test_fraction=test_fraction).data


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: str | bytes) -> Path:
        path = tmp_path / "my.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def raw_inputs(data: Dataset) -> list[tuple[float, ...]]:
    """Training inputs as they were before they were standardised."""
    return [
        tuple(x * scale + mean for x, scale, mean in zip(row, data.scales, data.means, strict=True))
        for row in data.train_inputs
    ]


def refusal(path: Path, target: str = "y") -> str:
    """The message of the error, without the path it begins with."""
    with pytest.raises(DataError) as caught:
        read_csv(path, target)
    message = str(caught.value)
    assert message.isprintable(), "one line, nothing that acts on a terminal"
    assert path.name in message
    return message.partition(f"{path.name}: ")[2]


# What is accepted


def test_a_small_file(write: Write) -> None:
    data = read_csv(write(GOOD), "y")
    assert data.name == "my.csv"
    assert (data.features, data.target, data.classes) == (("a", "b"), "y", ("no", "yes"))
    assert data.train_targets == (0.0, 1.0, 0.0)
    assert data.test_inputs == ()
    assert raw_inputs(data) == [pytest.approx(row) for row in ((1, 2), (3, 4), (5, 7))]
    assert data.means == pytest.approx((3, 13 / 3))


def test_without_a_header_columns_are_numbered(write: Write) -> None:
    data = read_csv(write("1,0,2\n3,1,4\n"), "2")
    assert (data.features, data.target, data.classes) == (("x0", "x1"), "y", ("0", "1"))
    assert len(data.train_inputs) == 2


@pytest.mark.parametrize(
    ("first", "header"),
    [("1,2,3", False), ("1,2,z", True), ("1_000,2,3", True), ("0x10,2,3", True), ("-1e3,.5,+2.", False)],
)
def test_the_first_row_is_a_header_if_a_cell_is_no_number(write: Write, first: str, header: bool) -> None:
    data = read_csv(write(f"{first}\n4,5,0\n6,7,1\n8,9,1\n"), "3")
    assert len(data.train_inputs) == (3 if header else 4)
    assert data.features == (tuple(first.split(",")[:2]) if header else ("x0", "x1"))


def test_nan_in_the_first_row_is_no_header(write: Write) -> None:
    data = read_csv(write("nan,0\n1,1\n2,0\n"), "2")
    assert data.features == ("x0", "x0 missing")
    assert raw_inputs(data) == [pytest.approx(row) for row in ((1.5, 1), (1, 0), (2, 0))]


def test_a_name_goes_before_a_number(write: Write) -> None:
    content = "a,3,b\n1,0,7\n2,1,8\n"
    assert read_csv(write(content), "3").features == ("a", "b")
    assert read_csv(write(content), "1").features == ("3", "b")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(write: Write, delimiter: str) -> None:
    data = read_csv(write(GOOD.replace(",", delimiter)), "y")
    assert data.features == ("a", "b")


def test_commas_inside_semicolons_do_not_part_cells(write: Write) -> None:
    assert read_csv(write("width, cm;y, yes or no\n1;0\n2;1\n"), "2").features == ("width, cm",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_bom_quotes_spaces_and_blank_lines(write: Write, end: str) -> None:
    content = end.join(["", '"a", b ,y', '"1", 2 ,no', "", ' 3,"4",yes', "   ", ""])
    data = read_csv(write(b"\xef\xbb\xbf" + content.encode()), "y")
    assert data.features == ("a", "b")
    assert data.classes == ("no", "yes")
    assert data.means == (2.0, 3.0)


@each(
    ("cells", "classes"),
    [
        (["b", "a", "c", "a"], ("a", "b", "c")),
        (["10", "9", "-1", "9"], ("-1", "9", "10")),
        (["1.0", "2", "1", "2e0"], ("1", "2")),
        (["-0", "0", "1"], ("0", "1")),
        (["1", "2", "many"], ("1", "2", "many")),
        (["0.5", "1", "2"], ()),
        ([str(k) for k in range(10)], tuple(str(k) for k in range(10))),
        ([str(k) for k in range(11)], ()),
        (["1e300", "2"], ("2", "1e+300")),
    ],
)
def test_text_or_at_most_ten_whole_numbers_are_classes(
    write: Write, cells: list[str], classes: tuple[str, ...]
) -> None:
    content = "x,y\n" + "".join(f"{k},{cell}\n" for k, cell in enumerate(cells))
    data = read_csv(write(content), "y", test_fraction=0.0)
    assert data.classes == classes
    if classes:
        shown = [classes[int(target)] for target in data.train_targets]
        assert [cell for cell in cells if cell in classes] == [
            name for name, cell in zip(shown, cells, strict=True) if cell in classes
        ]
    else:
        assert raw_targets(data) == pytest.approx([float(cell) for cell in cells])


def test_a_quantity_to_predict_is_in_units_of_its_spread(write: Write) -> None:
    content = "x,y\n" + "".join(f"{k},{300_000 + 5_000 * k}\n" for k in range(40))
    data = read_csv(write(content), "y")
    raw = [y * data.target_scale + data.target_mean for y in (*data.train_targets, *data.test_targets)]
    assert sorted(raw) == pytest.approx([300_000 + 5_000 * k for k in range(40)])
    assert math.fsum(data.train_targets) == pytest.approx(0, abs=1e-9)
    assert math.fsum(y * y for y in data.train_targets) / 32 == pytest.approx(1)
    assert (len(data.train_inputs), len(data.test_inputs)) == (32, 8)


def test_training_part_is_standardised_and_test_part_by_the_same_measure(write: Write) -> None:
    content = "p,q,flat,y\n" + "".join(f"{k},{k * k},7,{'ab'[k % 2]}\n" for k in range(40))
    data = read_csv(write(content), "y")
    assert data.features == ("p", "q"), "a column that is the same everywhere says nothing"
    p, q = (list(column) for column in zip(*data.train_inputs, strict=True))
    for column in (p, q):
        assert math.fsum(column) / 32 == pytest.approx(0, abs=1e-12)
        assert math.fsum(x * x for x in column) / 32 == pytest.approx(1)
    for row in data.test_inputs:
        raw = [x * scale + mean for x, scale, mean in zip(row, data.scales, data.means, strict=True)]
        assert raw[0] ** 2 == pytest.approx(raw[1])
        assert raw[0] == pytest.approx(round(raw[0]))


def test_the_split_is_seeded_and_by_class(write: Write) -> None:
    path = write("x,y\n" + "".join(f"{k},{'rare' if k < 10 else 'common'}\n" for k in range(100)))
    data = read_csv(path, "y", seed=3)
    assert Counter(data.train_targets) == {0.0: 72, 1.0: 8}
    assert Counter(data.test_targets) == {0.0: 18, 1.0: 2}
    assert read_csv(path, "y", seed=3).train_inputs == data.train_inputs
    assert read_csv(path, "y", seed=4).train_inputs != data.train_inputs


@pytest.mark.parametrize(("rows", "test"), [(9, 0), (10, 2)])
def test_fewer_than_ten_rows_are_all_trained_on(write: Write, rows: int, test: int) -> None:
    data = read_csv(write("x,y\n" + "".join(f"{k},{k % 2}\n" for k in range(rows))), "y")
    assert len(data.test_inputs) == test
    assert len(data.train_inputs) == rows - test


def test_names_from_the_file_are_made_printable(write: Write) -> None:
    data = read_csv(write("a\x1b[31m,\u202eb,y\n1,2,\x9bno\n3,4,yes\n"), "y")
    assert data.features == ("a\\x1b[31m", "\\u202eb")
    assert data.classes == ("yes", "\\x9bno")


def raw_targets(data: Dataset) -> list[float]:
    """Training targets in the data's own units."""
    return [y * data.target_scale + data.target_mean for y in data.train_targets]


FINITE = st.floats(-1e100, 1e100)
COORDINATES = tuple(itemgetter(k) for k in range(3))


@given(
    rows=st.lists(st.tuples(FINITE, FINITE, FINITE), min_size=3, max_size=9, unique_by=COORDINATES),
    delimiter=st.sampled_from(",;\t"),
    header=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_written_are_the_numbers_read(
    tmp_path: Path, rows: list[tuple[float, float, float]], delimiter: str, header: bool, quoting: int
) -> None:
    path = tmp_path / "round.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
        writer.writerows([["one", "two", "three"]] * header + [list(map(repr, row)) for row in rows])
    data = read_csv(path, "3")
    assert data.features == (("one", "two") if header else ("x0", "x1"))
    for index, column in enumerate(list(zip(*rows, strict=True))[:2]):
        tolerance = 1e-12 * max(map(abs, column))
        assert [row[index] for row in raw_inputs(data)] == [pytest.approx(x, abs=tolerance) for x in column]
    if data.classes:
        assert [float(data.classes[int(target)]) for target in data.train_targets] == [row[2] for row in rows]
    else:
        largest = max(abs(row[2]) for row in rows)
        assert raw_targets(data) == pytest.approx([row[2] for row in rows], abs=1e-12 * largest)


# What is refused


@each(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("\n\n  \n", "the file is empty"),
        ("a,b,y\n", "the file has no row of data below its header; 2 are needed"),
        ("a,b,y\n1,2,0\n", "the file has 1 row of data below its header; 2 are needed"),
        ("y\n1\n2\n", "the target is the only column; there is none to learn from"),
        ("a,b,y\n1,2,0\n1,2\n", "row 3: 2 cells, but row 1 has 3"),
        ("a,b,y\n1,2,0\n\n1,2,3,4\n", "row 4: 4 cells, but row 1 has 3"),
        ('a,b,y\n1,2,"no\nno"\n1,2\n', "row 4: 2 cells, but row 1 has 3"),
        ("a,b,y\n1,2,0\n3,4,\n", "column 3 (y) is '0' in every row; there is nothing to learn"),
        ("a,b,y\n1,2,no\n3,4,\n", "column 3 (y) is 'no' in every row; there is nothing to learn"),
        ("a,b,y\n1,2,nan\n3,4,NA\n", "column 3 (y) is empty in every row; there is nothing to learn"),
        ("a,b,y\n1,1,0\n1,1,1\n", "no column but the target can be learnt from"),
        ("a,b,y\n1,2,yes\n3,4,yes\n", "column 3 (y) is 'yes' in every row; there is nothing to learn"),
        ("a,b,y\n1,2,.5\n3,4,.5\n", "column 3 (y) is '0.5' in every row; there is nothing to learn"),
        ('a,b,y\n1,2,0\n3,"4,1\n5,6,0\n', "row 3: a quotation mark is never closed"),
        ('a,b,y\n1,2,0\n3,"4"4,1\n', "row 3: ',' expected after '\"'"),
        ("a,b,y\n1,2,0\n3," + "9" * 140_000 + ",1\n", "row 3: field larger than field limit (131072)"),
        (b"a,b,y\n1,2,0\n3,\xff,1\n", "row 3: byte 0xff is not UTF-8; save the file as UTF-8"),
        ("a,b,y\n1,2,0\n".encode("utf-16"), "the file has 1 row of data below its header; 2 are needed"),
        ("a,b\n1,2\n3,4\n", "there is no column 'y'; the columns are a, b"),
        ("1,2\n3,4\n", "there is no column 'y': without a header, the target is a number from 1 to 2"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(write: Write, content: str | bytes, message: str) -> None:
    assert refusal(write(content)) == message


@pytest.mark.parametrize("target", ["0", "4", "999999999"])
def test_a_column_number_out_of_range(write: Write, target: str) -> None:
    assert refusal(write(GOOD), target) == f"there is no column {target}; columns are numbered from 1 to 3"


@pytest.mark.parametrize("target", ["", "-1", "1.0", "\u0661", "9" * 5000, "A"])
def test_a_target_that_is_neither_name_nor_number(write: Write, target: str) -> None:
    message = refusal(write(GOOD), target)
    assert message.endswith("the columns are a, b, y")
    assert len(message) < 100


def test_many_columns_are_not_all_listed(write: Write) -> None:
    content = ",".join(f"c{k}" for k in range(500)) + "\n"
    content += 2 * (",".join("1" for _ in range(500)) + "\n")
    assert refusal(write(content)).endswith("c10, c11, …")


def test_free_text_is_no_target(write: Write) -> None:
    content = "x,y\n0,0.5\n" + "".join(f"{k},comment {k}\n" for k in range(50))
    assert refusal(write(content)) == (
        "column 2 (y) has 51 different texts, such as '0.5', which looks like free text;"
        " at most 50 classes are possible"
    )


def test_columns_too_wide_for_floats(write: Write) -> None:
    content = "x,y\n-1.7e308,0\n1.7e308,1\n-1.7e308,0\n"
    assert refusal(write(content)) == "the numbers of column x lie too far apart"


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    refused = "this is a pipe, a socket or a device, not a table"
    assert refusal(tmp_path / "pipe.csv") == refused
    (tmp_path / "zeros.csv").symlink_to("/dev/zero")
    assert refusal(tmp_path / "zeros.csv") == refused


def test_missing_directory_and_impossible_names(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.csv") == "there is no such file"
    assert refusal(tmp_path) == "this is a directory, not a table"
    with pytest.raises(DataError, match="the file cannot be read \\(file name too long\\)"):
        read_csv(tmp_path / ("n" * 300), "y")
    with pytest.raises(DataError, match="this cannot be the name of a file") as caught:
        read_csv("nul\0.csv", "y")
    assert str(caught.value).isprintable()


def test_a_file_beyond_the_limit_is_not_read_whole(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_BYTES", 10)
    assert refusal(write(GOOD)).startswith("the table is larger than")


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("a,\x1b[2Jb,y\n1,2,0\n3,4\n", "y"),
        ("a,\x1b[2Jb,y\n1,2,0\n3,4,1\n", "z"),
        ("\x9b1m,y\n1,2\n3,4\n", "\x1b[5mtarget\n"),
        ("a,b,\u2028y\n1,2,\x1bc\n3,4,\x1bc\n", "3"),
        ("a,b,\x1b[31mz\n1,2,7\n3,4,7\n", "3"),
    ],
)
def test_control_characters_never_reach_a_message(write: Write, content: str, target: str) -> None:
    refusal(write(content), target)


@given(content=st.one_of(st.binary(max_size=80), st.text(alphabet="01.;,\t\n\"' ayn-e_\r\0", max_size=80)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_data_or_one_line(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        data = read_csv(path, "1")
    except DataError:
        refusal(path, "1")
    else:
        assert len(data.train_inputs) >= 2
        assert all(map(math.isfinite, (x for row in data.train_inputs for x in row)))
