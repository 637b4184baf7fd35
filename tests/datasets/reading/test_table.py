"""Tables as people write them: what is read of each, or the one line that says why not. Knows bytes and cells only."""

from __future__ import annotations

import gzip
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets.dataset import DataError
from chainstep.datasets.reading.content import of_bytes
from chainstep.datasets.reading.table import Table, read_table
from support.cases import each


def read(content: str | bytes, header: bool | None = None) -> Table:
    return read_table(of_bytes(content.encode() if isinstance(content, str) else content), header)


def cells(table: Table) -> list[list[str]]:
    """Row by row."""
    return [list(row) for row in zip(*(column.rows() for column in table.columns), strict=True)]


PLAIN = ("a", "b"), [["1", "2"], ["3", "4"]]

SPELLINGS = {
    "commas": "a,b\n1,2\n3,4\n",
    "semicolons": "a;b\n1;2\n3;4\n",
    "tabs": "a\tb\n1\t2\n3\t4\n",
    "bars": "a|b\n1|2\n3|4\n",
    "spaces": "a  b\n 1  2\n3    4 \n",
    "carriage returns": "a,b\r1,2\r3,4\r",
    "both": "\ufeffa,b\r\n1,2\r\n3,4\r\n",
    "blank lines": "\na,b\n\n1,2\n,\n3,4\n\n",
    "comments": "# made by hand\na,b\n1,2\n# so far\n3,4\n",
    "names in a comment": "# a,b\n1,2\n3,4\n",
    "a line that names the delimiter": "sep=;\na;b\n1;2\n3;4\n",
    "a delimiter at the end": "a,b,\n1,2,\n3,4\n",
    "a delimiter at the end of the rows": "a,b\n1,2,\n3,4,\n",
    "quotes": '"a","b"\n"1","2"\n"3","4"\n',
    "packed": gzip.compress(b"a,b\n1,2\n3,4\n", mtime=0),
    "UTF-16 with a mark": "a,b\n1,2\n3,4\n".encode("utf-16"),
    "UTF-16 without": "a,b\n1,2\n3,4\n".encode("utf-16-be"),
}


@each("spelling", SPELLINGS)
def test_the_same_table(spelling: str) -> None:
    table = read(SPELLINGS[spelling])
    assert (table.header.names, cells(table)) == PLAIN


def test_decimal_commas() -> None:
    for text in ("a;b\n1,5;2,0\n2,5;1,25\n", '"a";"b"\n"1,5";"2,0"\n"2,5";"1,25"\n', "a\tb\n1,5\t2,0\n2,5\t1,25\n"):
        assert [list(column.numbers) for column in read(text).columns] == [[1.5, 2.5], [2.0, 1.25]]


def test_points_part_thousands_where_commas_are_decimal() -> None:
    table = read("a;b\n1.234,5;1\n2,5;1\n")
    assert table.dialect.decimal == ","
    assert table.columns[0].texts == ["1.234,5"]


@each(
    ("text", "names", "rows"),
    [
        ("7,1,yes\n2,1,no\n3,5,yes\n", ("x0", "x1", "x2"), 3),
        ("1,1,yes\n2,2,no\n", ("x0", "x1", "x2"), 2),
        ("c,a,y\nred,1,0\nblue,2,1\n", ("c", "a", "y"), 2),
        (",a,y\n0,1,0\n1,2,1\n", ("column 1", "a", "y"), 2),
        (",sex,y\n1,m,yes\n2,f,no\n", ("column 1", "sex", "y"), 2),
        ("a,b\nu,v\nx,y\n", ("a", "b"), 2),
        ("u,v\na,v\nx,y\n", ("x0", "x1"), 3),
        ("2019,2020\n1,2\n2,3\n", ("x0", "x1"), 3),
        ("1,5;2\n2,5;3\n", ("x0", "x1"), 2),
        ("5,3,0,0\n1,2,3,0\n4,2,1,1\n", ("x0", "x1", "x2", "x3"), 3),
        ("a,a,a 2\n1,2,3\n2,3,4\n", ("a", "a 3", "a 2"), 2),
        ("mpg,cyl\nFord,21,6\nFiat,32,4\n", ("column 1", "mpg", "cyl"), 2),
        ("3,2,no,yes\n1,2,0\n2,3,1\n3,4,0\n", ("x0", "x1", "x2"), 3),
    ],
)
def test_the_first_row_is_a_header_or_data(text: str, names: tuple[str, ...], rows: int) -> None:
    table = read(text)
    assert (table.header.names, table.rows) == (names, rows)


def test_a_header_can_be_claimed() -> None:
    assert read("2019,2020\n1,2\n2,3\n", header=True).header.names == ("2019", "2020")
    assert read("a,b\n1,2\n2,3\n", header=False).rows == 3


def test_a_first_line_that_counts_names_the_classes() -> None:
    assert read("3,2,no,yes\n1,2,0\n2,3,1\n3,4,0\n").classes == ("no", "yes")


def test_names_that_come_twice_are_said() -> None:
    assert read("a,a\n1,2\n2,3\n").header.notes == ("column 2 is called 'a 2': 'a' is there already",)


def test_what_was_found_out_about_the_file_is_said() -> None:
    assert read("a;a\n1,5;2\n2;3\n").said == (
        "cut by semicolons, decimal commas; the first row has the names: 'a' stands over numbers",
        "column 2 is called 'a 2': 'a' is there already",
    )
    assert read("7,caf\xe9\n2,th\xe9\n".encode("cp1252")).said == (
        "cut by commas, in Windows-1252; the first row is data: '7' is no name",
    )


def test_windows_1252_where_it_is_certain() -> None:
    table = read("name,y\ncafé,1\nthé,2\n".encode("cp1252"))
    assert (table.encoding, table.columns[0].texts) == ("cp1252", ["café", "thé"])


@each(
    "text",
    [
        'a,b\n1,"u;v"\n2,"w;x"\n',
        '1.5|2|3\n"1"|"4,5"|""\n',
        'a b\n"1" "say ""so"""\n2 "x;y"\n',
        "1|2|3\n4|5|\n",
    ],
)
def test_a_delimiter_does_not_cut_through_quoted_cells(text: str) -> None:
    assert read(text).dialect.delimiter == text.strip('ab1.5"')[0]


def test_zeros_before_a_number_stay() -> None:
    assert cells(read("zip,y\n01234,1\n90210,2\n")) == [["01234", "1"], ["90210", "2"]]


def test_a_comment_may_have_one_quotation_mark() -> None:
    assert cells(read('# 5" pipes, "old\na,b\n1,2\n3,4\n')) == [["1", "2"], ["3", "4"]]


def test_a_sign_of_comment_within_quotes_is_text() -> None:
    assert cells(read('# a note\na,b\n"x\n# y",2\nz,3\n')) == [["x\n# y", "2"], ["z", "3"]]


@each(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "the file is empty"),
        (b"a,b\n1,2\n", "the file has 1 row of data below its header; 2 are needed"),
        (b"# note\na,b\n1,2\n1,2,3\n", "row 4: 3 cells, but row 2 has 2"),
        (b'a,b\n"x\ny",2\n1\n', "row 4: 1 cell, but row 1 has 2"),
        (b'a,b\n1,2\n"3,4\n', "row 3: a quotation mark is never closed"),
        (b"a,b\n1,2\n\x81,4\n", "row 3: byte 0x81 is not UTF-8; save the file as UTF-8"),
        (b"a,b\n1\x00,2\n3,4,5,6,7,8\n", "this is no text: it has bytes of zero"),
        (gzip.compress(b"a,b\n1,2\n3,4\n", mtime=0)[:-12], "the file is damaged: it cannot be unpacked"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, message: str) -> None:
    with pytest.raises(DataError) as error:
        read(content)
    assert str(error.value) == message


NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.0)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=20), st.sampled_from("\t;|,"))
def test_numbers_are_read_to_the_bit(rows: list[tuple[float, float]], delimiter: str) -> None:
    lines = [("a", "b"), *((repr(first), repr(second)) for first, second in rows)]
    table = read("\n".join(delimiter.join(line) for line in lines))
    assert [tuple(row) for row in zip(*(column.numbers for column in table.columns), strict=True)] == rows


@each("line", ["1.5,2,3", "red,5%,", '"say ""so""",a;b,1', "1.5,,NA", "café,2020-01-31,7"])
def test_twice_the_rows_are_twice_the_work(line: str) -> None:
    def work(rows: int) -> int:
        """Functions that are called until the table is read, C's too."""
        content = of_bytes(f"a,b,c\n{(line + chr(10)) * rows}".encode())
        calls = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal calls
            calls += event.endswith("call")

        sys.setprofile(count)
        try:
            read_table(content)
        finally:
            sys.setprofile(None)
        return calls

    assert work(4000) <= 2.1 * work(2000)
