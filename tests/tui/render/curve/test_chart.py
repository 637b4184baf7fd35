"""The loss curve: whatever the losses, the picture has its size, keeps every extreme and hides nothing unsaid."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.curve import Curve
from chainstep.tui.render.curve import chart as module
from chainstep.tui.render.curve.chart import chart, drawn
from chainstep.tui.render.curve.plan import Plan, plan_curve
from chainstep.tui.render.curve.window import CurveOptions, column_of
from chainstep.tui.render.style.glyphs import UNICODE
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.style.palette import Palette
from support.cases import each
from support.curves import CURVES, DECAY, NAN, curve
from support.screen.looks import IN_COLOUR, spelt

SIZES = [*product((1, 5, 12, 17, 18, 23, 35, 60, 121), (1, 2, 3, 4, 5, 8, 14, 40)), (0, 0), (0, 4), (7, 0)]


def picture(subject: Curve, width: int = 60, height: int = 16, *, log: bool = False, unicode: bool = True) -> str:
    """The characters of a chart."""
    strips = chart(subject, width, height, spelt(unicode=unicode), log=log)
    return "\n".join(strip.text for strip in strips)


def plan_of(subject: Curve, width: int, height: int) -> Plan:
    return plan_curve(subject, width, height, CurveOptions(), unicode=True)


@each("name", CURVES)
@each("log", [False, True])
@each("unicode", [False, True])
def test_every_picture_has_its_size(name: str, log: bool, unicode: bool) -> None:
    for width, height in SIZES:
        strips = chart(CURVES[name], width, height, spelt(unicode=unicode), log=log)
        assert [strip.cell_length for strip in strips] == [width] * height
        assert all(sum(segment.cell_length for segment in strip) == width for strip in strips)
        assert unicode or all(strip.text.isascii() for strip in strips)


@given(
    st.lists(st.floats(), max_size=60),
    st.lists(st.floats(), max_size=5),
    st.integers(0, 80),
    st.integers(0, 20),
    st.booleans(),
)
def test_no_losses_break_it(loss: list[float], test: list[float], width: int, height: int, log: bool) -> None:
    subject = curve(loss, test=list(enumerate(test)), ghost=loss[::-1])
    strips = chart(subject, width, height, IN_COLOUR, log=log)
    assert [strip.cell_length for strip in strips] == [width] * height


def test_an_empty_curve_says_what_to_press() -> None:
    assert "no loss yet: it comes with the first step" in picture(CURVES["nothing"])
    assert "no loss yet" in picture(CURVES["nothing"], 14, 3)


def test_a_single_loss_can_be_seen() -> None:
    assert "◆" in picture(CURVES["one"])
    assert "◆" in picture(CURVES["a zero"])
    assert "▁" in picture(CURVES["a zero"], 12, 3)


def test_the_axes_say_the_first_and_the_last_step_and_round_losses() -> None:
    text = picture(CURVES["decay"])
    bottom = text.splitlines()[-1].split()
    assert (bottom[0], bottom[-1]) == ("0", "299")
    labels = {line[:5].strip() for line in text.splitlines()} - {""}
    assert {"0", "2", "4", "6"} <= labels


def test_log_labels_are_powers_of_ten() -> None:
    labels = {line[:5].strip() for line in picture(CURVES["decay"], log=True).splitlines()} - {""}
    assert {"0.1", "1"} <= labels


def test_what_cannot_be_drawn_is_counted() -> None:
    assert "3 points not finite" in picture(CURVES["wild"])
    assert "not above 0" not in picture(CURVES["wild"])
    log = picture(CURVES["wild"], log=True)
    assert "3 points not finite" in log
    assert "2 not above 0" in log
    assert "1 point not finite" in picture(CURVES["one nan"])
    assert "1 point not finite" in picture(curve([1.0, 2.0], test=[(0, NAN)]))


def test_an_explosion_is_clipped_and_says_so() -> None:
    text = picture(CURVES["explosion"])
    assert "▲ clipped, max 1e6" in text
    labels = {line[:5].strip() for line in text.splitlines()}
    assert {"0", "1", "2"} <= labels
    # The part at 0.3 is not lost on the axis.
    assert plan_of(CURVES["explosion"], 60, 16).train[-1][1] > 4
    assert "clipped" not in picture(CURVES["explosion"], log=True)


@each("name", ["decay", "flat", "negative", "everything", "narrow"])
def test_an_ordinary_curve_is_not_clipped(name: str) -> None:
    assert "clipped" not in picture(CURVES[name])


def test_test_ghost_and_marks_differ_in_shape() -> None:
    text = picture(CURVES["everything"])
    for glyph in ("●", "◆", "┊", "lr 1", "train ● test · before"):
        assert glyph in text
    plain = picture(CURVES["everything"], unicode=False)
    assert "train o test . before" in plain
    assert "*" in plain


def test_colours_come_from_the_palette() -> None:
    light = Palette.light()
    colours = {
        segment.style.color.get_truecolor().hex
        for strip in chart(CURVES["everything"], 60, 16, Look(light, UNICODE), log=False)
        for segment in strip
        if segment.style and segment.style.color
    }
    wanted = (light.muted, light.accent, light.negative, light.lit)
    assert colours == {colour.hex.lower() for colour in wanted}


def test_a_long_run_has_its_last_step_on_the_axis() -> None:
    assert picture(curve([0.5] * 200_000), 40, 14).split()[-1] == "199999"


def test_a_ghost_goes_ahead_but_never_squeezes_the_run() -> None:
    assert picture(curve(DECAY[:50], ghost=DECAY)).split()[-1] == "299"
    assert picture(curve(DECAY, ghost=DECAY[:20])).split()[-1] == "299"
    assert picture(curve(DECAY[:100], ghost=[1.0] * 100_000)).split()[-1] == "799"


def test_a_stop_has_a_sign_of_its_own() -> None:
    halted = replace(curve(DECAY, marks=[(200, "lr 0.3")]), stops=((100, "loss < 1"), (200, "step 200")))
    for unicode, signs in ((True, "■◆"), (False, "#^")):
        rows = [strip.text for strip in chart(halted, 80, 20, spelt(unicode=unicode), log=False)]
        assert [rows[-2].index(sign) for sign in signs] == [6 + column_of(step, 74, 300) for step in (100, 200)]
        assert any(f"{signs[0]} loss < 1" in row for row in rows)
        assert any(f"{signs[0]} step 200" in row for row in rows)
        assert any("lr 0.3" in row for row in rows)


DOT = st.integers(0, 11)


@given(st.lists(st.tuples(DOT, DOT), min_size=2, max_size=30))
def test_points_along_a_straight_way_change_nothing(points: list[tuple[int, int]]) -> None:
    plan = replace(plan_of(curve(DECAY), 24, 9), train=tuple(sorted(points, key=lambda point: point[0])))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "corners", lambda points: points)
        every = drawn(plan, 24, 9, IN_COLOUR)
    assert drawn(plan, 24, 9, IN_COLOUR) == every


def test_plotext_is_spared_what_adds_no_corner() -> None:
    assert module.corners(((0, 5), (0, 3), (0, 1), (1, 1), (2, 1), (2, 1), (9, 1), (9, 4))) == (
        (0, 5),
        (0, 1),
        (9, 1),
        (9, 4),
    )
