"""A table as people write it becomes the data set that is meant, and the report says why. Knows bytes and numbers."""

from __future__ import annotations

import math
from typing import Any

import pytest

from chainstep.datasets import standardise
from chainstep.datasets.columns import preparation
from chainstep.datasets.columns.choices import Choices
from chainstep.datasets.columns.preparation import Prepared, prepare
from chainstep.datasets.dataset import DataError
from chainstep.datasets.reading.content import of_bytes
from chainstep.datasets.reading.table import read_table
from support.cases import each


def prepared(text: str, target: str | None = None, **chosen: Any) -> Prepared:
    table = read_table(of_bytes(text.encode()), chosen.get("header"))
    return prepare(table, "my.csv", target, Choices(**chosen), test_fraction=chosen.pop("test_fraction", 0.2))


def lines(*rows: str) -> str:
    return "".join(f"{row}\n" for row in rows)


def raw(made: Prepared) -> list[tuple[float, ...]]:
    """The inputs to train on as they were before they were standardised."""
    data = made.data
    return [
        tuple(round(x * scale + mean, 9) for x, scale, mean in zip(row, data.scales, data.means, strict=True))
        for row in data.train_inputs
    ]


def kinds(made: Prepared) -> list[str]:
    return [column.kind for column in made.columns]


TWO = ("0", "1")

# What the smallest files of each kind mean: their text, features, classes, and rows that are learnt from.
MINIMAL: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], int]] = {
    "categories": (
        lines("c,a,y", "red,1,0", "blue,2,1", "red,4,1"),
        ("c=red", "a"),
        TWO,
        3,
    ),
    "an index column": (lines(",a,y", "0,1,0", "1,2,1"), ("a",), TWO, 2),
    "text in the last column of data": (
        lines("7,1,yes", "2,1,no", "3,5,yes", "4,2,no", "5,2,yes", "6,2,no"),
        ("x0", "x1"),
        ("no", "yes"),
        6,
    ),
    "a first row of equal numbers": (lines("1,1,yes", "2,4,no", "3,2,yes"), ("x0", "x1"), ("no", "yes"), 3),
    "a quantity with a gap": (lines("i,y", *(f"{k},{'NA' if k == 7 else 1.5 * k}" for k in range(30))), ("i",), (), 29),
    "two labels with NA": (lines("a,y", *(f"{k},{'NA' if k == 7 else k % 2}" for k in range(30))), ("a",), TWO, 29),
    "two labels with ?": (lines("a,y", *(f"{k},{'?' if k == 7 else k % 2}" for k in range(30))), ("a",), TWO, 29),
    **{
        f"a gap as '{gap}'": (
            lines("a,b,y", f"1,{gap},0", "2,3,1", "3,5,0", "4,4,1"),
            ("a", "b", "b missing"),
            TWO,
            4,
        )
        for gap in ("NA", "?", "", "-", "null", "nan")
    },
    "decimal commas": (lines("a;b;y", "1,5;2,0;0", "2,5;1,0;1"), ("a", "b"), TWO, 2),
    "quoted decimal commas": (lines('"a";"b";"y"', '"1,5";"2,0";0', '"2,5";"1,0";1'), ("a", "b"), TWO, 2),
    "many numbers": (lines("a,y", *(f"{k * 7 % 42},{k % 21}" for k in range(42))), ("a",), (), 42),
    "a trailing delimiter": (lines("a,b,y,", "1,2,0", "2,3,1,"), ("a", "b"), TWO, 2),
    "comments": (lines("# made by hand", "a,b,y", "1,2,0", "# so far", "2,3,1"), ("a", "b"), TWO, 2),
    "a line that names the delimiter": (lines("sep=;", "a;b;y", "1;2;0", "2;3;1"), ("a", "b"), TWO, 2),
    "bars": (lines("a|b|y", "1|2|0", "2|3|1"), ("a", "b"), TWO, 2),
    "spaces": (lines("a  b y", " 1 2  0", "2 3 1 "), ("a", "b"), TWO, 2),
    "truth in any case": (lines("a,y", "1,True", "2,FALSE", "3,false"), ("a",), ("false", "true"), 3),
    "numbers of people": (
        lines("a,b,c,d,y", '"1,000",5%,$1.2,\u22124,0', '"2,500",6%,$2,\u22121,1'),
        ("a", "b", "c", "d"),
        TWO,
        2,
    ),
    "years": (lines("2019,2020,2021", "1,2,3", "4,5,6"), ("x0", "x1"), ("3", "6", "2021"), 3),
    "a name twice": (lines("a,a,y", "1,2,0", "2,3,1"), ("a", "a 2"), TWO, 2),
}


@each("name", MINIMAL)
def test_small_files_mean_what_their_writers_meant(name: str) -> None:
    text, features, classes, rows = MINIMAL[name]
    made = prepared(text)
    data = made.data
    assert (data.features, data.classes) == (features, classes)
    assert len(data.train_inputs) + len(data.test_inputs) == rows
    assert made.rows - made.untold - made.gaps == rows


# The first rows of tables that people use: their target, and what each column is taken for.
WELL_KNOWN: dict[str, tuple[str, str, list[str]]] = {
    "iris": (
        lines("4,2,setosa,versicolor", "5.1,3.5,0", "4.9,3.0,0", "7.0,3.2,1", "6.4,3.1,1"),
        "3",
        ["number", "number", "target"],
    ),
    "mtcars": (
        lines(
            '"name","mpg","cyl"',
            *(
                f'"{maker} {model}",{20 + model},{4 + model % 3}'
                for model in range(1, 5)
                for maker in ("Fiat", "Merc", "Maz")
            ),
        ),
        "mpg",
        ["identifier", "target", "number"],
    ),
    "airquality": (
        lines('"","Ozone","Solar.R","Day"', '"1",41,190,1', '"2",NA,118,2', '"3",12,149,3', '"4",18,313,4'),
        "Ozone",
        ["index", "target", "number", "number"],
    ),
    "penguins": (
        lines("species,island,bill,sex", "Adelie,Dream,39.1,male", "Gentoo,Biscoe,NA,female", "Gentoo,Dream,41,NA"),
        "species",
        ["target", "category", "number", "category"],
    ),
    "titanic": (
        lines(
            '"","class","age","survived"',
            '"1","1st","adults","yes"',
            '"2","2nd","child","no"',
            '"3","1st","child","no"',
        ),
        "survived",
        ["index", "category", "category", "target"],
    ),
    "tips": (
        lines('"","total_bill","tip","smoker"', '"1",16.99,1.01,"No"', '"2",10.34,1.66,"Yes"', '"3",21.01,3.5,"No"'),
        "tip",
        ["index", "number", "target", "yesno"],
    ),
}


@each("name", WELL_KNOWN)
def test_well_known_tables_need_nothing_but_a_target(name: str) -> None:
    text, target, expected = WELL_KNOWN[name]
    made = prepared(text, target)
    assert kinds(made) == expected
    assert [column.used for column in made.columns] == [kind not in ("identifier", "index") for kind in expected]
    assert made.untold == text.count("NA,118")


def test_numbers_of_people_are_numbers() -> None:
    assert raw(prepared(MINIMAL["numbers of people"][0])) == [(1000, 5, 1.2, -4), (2500, 6, 2, -1)]
    assert raw(prepared(MINIMAL["decimal commas"][0])) == [(1.5, 2), (2.5, 1)]


def test_what_was_chosen_goes_before_what_was_guessed() -> None:
    labels = prepared(MINIMAL["many numbers"][0], task="classes").data
    assert labels.classes == tuple(map(str, range(21)))
    counts = lines("a,y", *(f"{k},{(0, 1, 2, 100000)[k % 4]}" for k in range(8)))
    assert prepared(counts).data.classes == ("0", "1", "2", "100000")
    assert prepared(counts, task="quantity").data.classes == ()
    assert prepared(MINIMAL["years"][0], header=True).data.features == ("2019", "2020")
    text = lines("a,b,c,y", "1,7,u,0", "2,5,v,1", "3,6,u,0")
    assert prepared(text, drop=("b",)).data.features == ("a", "c=v")
    assert prepared(text, only=("b",)).data.features == ("b",)
    assert prepared(text, kinds={"b": "category"}).data.features == ("a", "b=5", "b=6", "b=7", "c=v")
    assert [column.why for column in prepared(text, drop=("b",)).columns][1] == "numbers; left out, as you say"


GAPS = lines("a,b,y", *(f"{k},{'' if k == 3 else 10 * k},{k % 2}" for k in range(8)), "9,4,")


def test_gaps_are_filled_with_the_median_or_their_rows_left_out() -> None:
    filled, dropped = prepared(GAPS, missing="fill"), prepared(GAPS, missing="drop")
    assert raw(filled)[3] == (3, 40, 1)
    assert raw(filled)[4] == (4, 40, 0)
    assert (filled.missing, filled.untold, filled.gaps) == ("fill", 1, 0)
    assert dropped.data.features == ("a", "b")
    assert (dropped.missing, dropped.untold, dropped.gaps, len(dropped.data.train_inputs)) == ("drop", 1, 1, 7)
    assert [column.missing for column in dropped.columns] == [0, 1, 1]


def test_a_few_gaps_cost_their_rows_and_many_are_filled() -> None:
    few = lines("a,y", *(f"{'' if k == 3 else k * k},{k % 2}" for k in range(20)))
    many = lines("a,y", *(f"{'' if k < 2 else k * k},{k % 2}" for k in range(20)))
    assert (prepared(few).missing, prepared(many).missing) == ("drop", "fill")


def test_the_fill_is_the_training_parts_alone() -> None:
    text = lines("a,y", *(f"{'' if k % 5 == 0 else k * k},{k % 2}" for k in range(40)))
    made = prepared(text)
    there = sorted(row[0] for row in raw(made) if row[1] == 0)
    middle = len(there) // 2
    median = there[middle] if len(there) % 2 else (there[middle - 1] + there[middle]) / 2
    assert {row[0] for row in raw(made) if row[1] == 1} == {median}


def test_categories_that_say_nothing_are_rows_of_zeros() -> None:
    made = prepared(lines("c,y", "u,0", "v,1", "w,0", ",1"), missing="fill")
    assert made.data.features == ("c=u", "c=v", "c=w", "c missing")
    assert raw(made) == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)]


def test_dates_are_days_and_an_order_is_a_number() -> None:
    made = prepared(lines("d,s,y", "1970-01-03,low,0", "1970-02-01,mid,1", "1971-01-01,low,1"), kinds={"s": "ordinal"})
    assert kinds(made) == ["date", "ordinal", "target"]
    assert raw(made) == [(2, 0), (31, 1), (365, 0)]


def test_dates_can_be_predicted() -> None:
    data = prepared(lines("a,y", "1,1970-01-03", "2,1970-02-01", "3,1971-01-01")).data
    assert [round(data.in_units(target), 9) for target in data.train_targets] == [2, 31, 365]


def test_what_cannot_be_learnt_from_is_left_out_and_said() -> None:
    rows = (f"{k},n{k},the note about {k} has many words,7,{'' if k > 4 else k},{k % 7},{k * k}" for k in range(20))
    made = prepared(lines("id,name,note,same,rare,a,y", *rows))
    assert made.data.features == ("a",)
    assert [(column.kind, column.why) for column in made.columns] == [
        ("index", "it counts the rows; left out"),
        ("identifier", "each row has its own; left out"),
        ("text", "free text; left out"),
        ("number", "numbers; left out: it is the same in every row"),
        ("number", "numbers; left out: it is mostly missing"),
        ("number", "numbers"),
        ("target", "a quantity: 20 different numbers"),
    ]


@each(
    ("chosen", "message"),
    [
        ({"drop": ("z",)}, "there is no column 'z'; the columns are a, c, y"),
        ({"drop": ("y",)}, "column y is the target: it cannot be left out"),
        ({"only": ("y",)}, "no column but the target can be learnt from"),
        ({"drop": ("a", "c")}, "no column but the target can be learnt from"),
        ({"kinds": {"c": "date"}}, "column c has no dates"),
        ({"kinds": {"c": "number"}}, "column c has no numbers"),
        ({"kinds": {"c": "yesno"}}, "column c says more than two things"),
        ({"task": "quantity", "target": "c"}, "column 2 (c) has texts such as 'u': it is no quantity"),
    ],
)
def test_choices_that_do_not_fit_are_refused_in_a_line(chosen: dict[str, Any], message: str) -> None:
    text = lines("a,c,y", "1,u,0", "2,v,1", "3,w,1")
    with pytest.raises(DataError) as caught:
        prepared(text, chosen.pop("target", None), **chosen)
    assert str(caught.value) == message


def test_of_very_many_rows_some_are_chosen_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "MOST_ROWS", 9)
    made = prepared(lines("a,y", *(f"{k},{1.5 * k}" for k in range(100))))
    assert (made.data.chosen_of, prepared(GAPS).data.chosen_of) == (100, 0)
    assert (made.rows, [row[0] for row in raw(made)]) == (100, [0, 11, 22, 33, 44, 55, 66, 77, 88])
    monkeypatch.setattr(preparation, "MOST_NUMBERS", 5)
    assert len(prepared(lines("a,y", *(f"{k},{1.5 * k}" for k in range(100)))).data.train_inputs) == 5


def test_the_parts_can_be_parted_otherwise() -> None:
    data = prepared(lines("a,b,y", *(f"{k},{'' if k == 4 else k * k % 17},{k % 2}" for k in range(40)))).data
    other = data.varied(None, 0.5)
    assert (len(other.train_inputs), len(other.test_inputs)) == (19, 20)
    assert math.fsum(row[0] for row in other.train_inputs) == pytest.approx(0, abs=1e-9)
    with pytest.raises(DataError, match="was measured, not made"):
        data.varied(0.1, None)


def test_rows_of_another_table_become_features_in_the_same_way() -> None:
    filling = prepared(GAPS, missing="fill").data.preparation
    assert filling is not None
    table = read_table(of_bytes(lines("b,extra,a", "5,q,1", ",r,2").encode()))
    assert filling.rows(table) == [(1, 5, 0), (2, 40, 1)]
    with pytest.raises(DataError, match="there is no column 'b', which the network learnt from"):
        filling.rows(read_table(of_bytes(lines("a,c", "1,2", "2,3").encode())))


def test_what_a_column_did_not_say_before_is_a_gap_or_no_category() -> None:
    text = lines("b,c,o,y", "Yes,u,low,0", "no,v,mid,1", "NO,w,top,1", ",u,mid,0")
    filling = prepared(text, missing="fill", kinds={"o": "ordinal"}).data.preparation
    assert filling is not None
    assert filling.names == ("b", "c=u", "c=v", "c=w", "o", "b missing")
    table = read_table(of_bytes(lines("b,c,o", "YES,q,low", "maybe,v,new").encode()))
    assert filling.rows(table) == [(1, 0, 0, 0, 0, 0), (0, 0, 1, 0, 1, 1)]


def test_choices_are_kept_as_plain_data() -> None:
    chosen = Choices(("a",), ("b", "c"), {"b": "category"}, "classes", "fill", header=True, scaled=False)
    assert Choices.from_json(chosen.to_json()) == chosen
    for name, wrong in (("kinds", {"b": "odd"}), ("task", "odd"), ("missing", 3), ("drop", [1]), ("header", "no")):
        with pytest.raises(DataError, match="does not say how its table was read"):
            Choices.from_json({**chosen.to_json(), name: wrong})
    with pytest.raises(DataError):
        Choices.from_json({})


def test_a_run_that_does_not_say_how_spreads_were_summed_has_them_to_the_last_bit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = lines("a,y", *(f"{k * 0.37},{k % 7 * 1.1}" for k in range(40)))
    table = read_table(of_bytes(rows.encode()))
    before = prepare(table, "t", "y", Choices(exact=True)).data
    monkeypatch.setattr(standardise, "_MANY", 10)
    kept = {name: value for name, value in Choices().to_json().items() if name != "exact"}

    assert prepare(table, "t", "y", Choices.from_json(kept)).data.train_inputs == before.train_inputs
    assert prepare(table, "t", "y").data.train_inputs != before.train_inputs
    assert Choices.from_json(Choices().to_json()) == Choices()
