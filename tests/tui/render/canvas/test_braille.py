"""Curves in dots. Knows chainstep.tui.render.canvas.braille and the sheet that it draws on."""

from rich.style import Style

from chainstep.tui.render.canvas.braille import Braille, curve
from chainstep.tui.render.canvas.sheet import Sheet
from chainstep.tui.render.style.glyphs import ASCII, UNICODE, Glyphs

RED, BLUE = Style(color="red"), Style(color="blue")


def rows(canvas: Braille, glyphs: Glyphs) -> list[str]:
    sheet = Sheet(canvas.width, canvas.height)
    canvas.onto(sheet, glyphs)
    return [strip.text for strip in sheet.strips()]


def test_a_level_curve_is_a_line() -> None:
    canvas = Braille(3, 1)
    canvas.draw(curve((3, 1), (0, 2), (5, 2)), RED)
    assert rows(canvas, UNICODE) == ["⠤⠤⠤"]
    assert rows(canvas, ASCII) == ["---"]


def test_dashes_have_gaps_of_one_length() -> None:
    canvas = Braille(14, 1)
    canvas.draw(curve((14, 1), (0, 2), (27, 2), 4), RED)
    drawn = "".join(
        str(int(bool(ord(cell) & bit))) for cell in rows(canvas, UNICODE)[0].replace(" ", "⠀") for bit in (0x04, 0x20)
    )
    assert drawn == "1110001111000111100011110001"


def test_a_curve_in_front_leaves_nothing_of_the_one_behind_in_its_cells() -> None:
    canvas = Braille(3, 1)
    canvas.draw(curve((3, 1), (0, 0), (5, 0)), RED)
    canvas.draw(curve((3, 1), (2, 2), (3, 2)), BLUE, rank=1)
    canvas.draw(curve((3, 1), (0, 3), (5, 3)), RED, rank=1)
    assert rows(canvas, UNICODE) == ["⣀⣤⣀"]


def test_every_dot_touches_the_next() -> None:
    """A steep curve has no gaps: each row between its ends has a dot."""
    canvas = Braille(2, 6)
    canvas.draw(curve((2, 6), (0, 0), (3, 23)), RED)
    assert all(row.strip() for row in rows(canvas, UNICODE))


def test_a_curve_and_its_reverse_are_mirrored() -> None:
    down = curve((6, 3), (0, 0), (11, 11))
    up = curve((6, 3), (0, 11), (11, 0))
    assert sum(bits.bit_count() for bits in down.bits) == sum(bits.bit_count() for bits in up.bits)


def test_the_last_curve_colours_the_cell() -> None:
    canvas = Braille(1, 1)
    canvas.draw(curve((1, 1), (0, 0), (1, 0)), RED)
    canvas.draw(curve((1, 1), (0, 3), (1, 3)), BLUE)
    sheet = Sheet(1, 1)
    canvas.onto(sheet, UNICODE)
    (segment,) = sheet.strips()[0]
    assert (segment.text, segment.style) == ("⣉", BLUE)


def test_dots_outside_are_left_out() -> None:
    assert curve((2, 1), (0, 9), (3, 9)).cells == ()
