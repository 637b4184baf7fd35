"""Names in fewer cells: they fit, and still differ. Must not know what they name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from chainstep.tui.render.canvas.shortened import shortened
from chainstep.tui.render.style.glyphs import ASCII, UNICODE, Glyphs

IRIS = ("sepal length", "sepal width", "petal length", "petal width")
WONDERLAND = ("not raining", "not busy", "friends are excited")

NAMES = st.lists(st.text("abc_ é木1", min_size=1, max_size=30), max_size=12).map(tuple)


@given(NAMES, st.integers(0, 32), st.sampled_from([UNICODE, ASCII]))
def test_they_fit_and_differ_where_their_number_has_room(names: tuple[str, ...], width: int, glyphs: Glyphs) -> None:
    short = shortened(names, width, glyphs)
    assert all(cell_len(name) <= width for name in short)
    assert glyphs is UNICODE or all(name.isascii() for name in short)
    if width >= len(str(len(set(names)))):
        assert len(set(short)) == len(set(names)) == len(set(zip(names, short, strict=True)))


@given(NAMES)
def test_where_all_have_room_nothing_changes(names: tuple[str, ...]) -> None:
    assert shortened(names, max(map(cell_len, names), default=0)) == names


def test_words_keep_a_few_letters() -> None:
    assert shortened(IRIS, 10) == ("sepal len", "sepal wid", "petal len", "petal wid")
    assert shortened(tuple(name.replace(" ", "_") for name in IRIS), 7) == ("sep_len", "sep_wid", "pet_len", "pet_wid")
    assert shortened(IRIS, 5) == ("s len", "s wid", "p len", "p wid")
    assert shortened(WONDERLAND, 5) == ("n rai", "n bus", "frie…")


def test_what_fits_stays_whole() -> None:
    assert shortened(WONDERLAND, 11)[:2] == WONDERLAND[:2]


def test_names_of_one_word_lose_the_end_or_the_middle() -> None:
    assert shortened(("temperature", "humidity"), 6) == ("tempe…", "humid…")
    assert shortened(("temperature1", "temperature2"), 6) == ("tem…e1", "tem…e2")
    assert shortened(("temperature1", "temperature2"), 6, ASCII) == ("tem~e1", "tem~e2")


def test_what_nothing_else_tells_apart_is_numbered() -> None:
    assert shortened(("aaaaa1bbbbb", "aaaaa2bbbbb"), 4) == ("aaa1", "aaa2")
    assert shortened(("größe", "grüße"), 9, ASCII) == ("gr??e1", "gr??e2")
