"""The loss curve: whatever the losses, the picture has its size, keeps every extreme and hides nothing unsaid."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.curve import Curve
from chainstep.tui.render.curve import chart as module
from chainstep.tui.render.curve.axis import Scale, short, step_ticks
from chainstep.tui.render.curve.chart import chart, drawn
from chainstep.tui.render.curve.downsample import BLOCK, column_of, downsample
from chainstep.tui.render.curve.plan import pixels_key
from chainstep.tui.render.curve.smooth import smoothed
from chainstep.tui.render.style.palette import Palette

PALETTE = Palette.dark()
SIZES = [*product((1, 5, 12, 17, 18, 23, 35, 60, 121), (1, 2, 3, 4, 5, 8, 14, 40)), (0, 0), (0, 4), (7, 0)]
NAN, INF = math.nan, math.inf


def curve(
    loss: Sequence[float],
    *,
    test: Sequence[tuple[int, float]] = (),
    marks: Sequence[tuple[int, str]] = (),
    ghost: Sequence[float] | None = None,
) -> Curve:
    """A curve of which only the losses matter."""
    n = len(loss)
    return Curve(
        length=n,
        loss=array("d", loss),
        accuracy=array("d", [NAN] * n),
        lr=array("d", [0.1] * n),
        test_steps=tuple(step for step, _ in test),
        test_loss=tuple(value for _, value in test),
        marks=tuple(marks),
        ghost=None if ghost is None else array("d", ghost),
    )


DECAY = [6 * math.exp(-step / 40) + 0.01 for step in range(300)]
CURVES = {
    "nothing": curve([]),
    "one": curve([2.5]),
    "a zero": curve([0.0]),
    "zeros": curve([0.0] * 9),
    "one nan": curve([NAN]),
    "flat": curve([3.0] * 50),
    "decay": curve(DECAY, marks=[(60, "lr 0.3"), (200, "l2 1e-3")]),
    "everything": curve(
        DECAY, test=[(step, DECAY[step] + 1) for step in range(0, 300, 7)], marks=[(9, "lr 1")], ghost=DECAY[:100]
    ),
    "ghost alone": curve([], ghost=DECAY),
    "test ahead": curve([1.0], test=[(1, 0.5)]),
    "many marks": curve(DECAY, marks=[(step, f"lr {step}") for step in range(300)]),
    "wild": curve([1.0, NAN, INF, -INF, 2.0, 0.0, -3.0]),
    "huge": curve([1e308, -1e308, 5e-324, 1.0]),
    "tiny": curve([1e-300, 1e-310, 3e-300]),
    "explosion": curve([2.0, 3.0, 1e6] + [0.3] * 100),
    "negative": curve([-1.0 - step for step in range(50)]),
    "narrow": curve([1234.5678 + step * 1e-9 for step in range(50)]),
}


def picture(subject: Curve, width: int = 60, height: int = 16, *, log: bool = False, unicode: bool = True) -> str:
    """The characters of a chart."""
    strips = chart(subject, width, height, PALETTE, log=log, unicode=unicode)
    return "\n".join(strip.text for strip in strips)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("unicode", [False, True])
def test_every_picture_has_its_size(name: str, log: bool, unicode: bool) -> None:
    for width, height in SIZES:
        strips = chart(CURVES[name], width, height, PALETTE, log=log, unicode=unicode)
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
    strips = chart(subject, width, height, PALETTE, log=log)
    assert [strip.cell_length for strip in strips] == [width] * height


def test_an_empty_curve_says_what_to_press() -> None:
    assert "no loss yet: press → or space" in picture(CURVES["nothing"])
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
    assert pixels_key(CURVES["explosion"], 60, 16, False).train[-1][1] > 4
    assert "clipped" not in picture(CURVES["explosion"], log=True)


@pytest.mark.parametrize("name", ["decay", "flat", "negative", "everything", "narrow"])
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
        for strip in chart(CURVES["everything"], 60, 16, light, log=False)
        for segment in strip
        if segment.style and segment.style.color
    }
    wanted = (light.muted, light.accent, light.negative, light.lit)
    assert colours == {colour.hex.lower() for colour in wanted}


def test_a_ghost_goes_ahead_but_never_squeezes_the_run() -> None:
    assert picture(curve(DECAY[:50], ghost=DECAY)).split()[-1] == "299"
    assert picture(curve(DECAY, ghost=DECAY[:20])).split()[-1] == "299"
    assert picture(curve(DECAY[:100], ghost=[1.0] * 100_000)).split()[-1] == "799"


# --- the key ---


def test_the_key_changes_with_the_picture_only() -> None:
    loss = array("d", DECAY)
    before = curve(DECAY)
    nudged = curve([value + 1e-9 for value in loss])
    moved = curve([*DECAY[:150], 5.0, *DECAY[151:]])
    key = pixels_key(before, 40, 14, False)
    assert key == pixels_key(nudged, 40, 14, False)
    assert picture(before, 40, 14) == picture(nudged, 40, 14)
    assert key != pixels_key(moved, 40, 14, False)
    assert picture(before, 40, 14) != picture(moved, 40, 14)
    assert key != pixels_key(before, 40, 14, True)
    assert key != pixels_key(before, 41, 14, False)
    assert hash(key) == hash(pixels_key(before, 40, 14, False))


# --- downsampling ---


@given(st.lists(st.floats(), max_size=200), st.integers(1, 50), st.booleans())
def test_each_column_keeps_its_extremes(values: list[float], columns: int, positive: bool) -> None:
    found = downsample(array("d", values), columns, positive=positive)
    kept: dict[int, list[float]] = {}
    for step, value in enumerate(values):
        if math.isfinite(value) and (value > 0 or not positive):
            kept.setdefault(column_of(step, columns, len(values)), []).append(value)
    assert found.dropped == len(values) - sum(map(len, kept.values()))
    assert [step for step, _ in found.points] == sorted({step for step, _ in found.points})
    assert all(values[step] == value for step, value in found.points)
    columns_found: dict[int, list[float]] = {}
    for step, value in found.points:
        columns_found.setdefault(column_of(step, columns, len(values)), []).append(value)
    assert all(len(points) <= 2 for points in columns_found.values())
    extremes = {column: (min(points), max(points)) for column, points in kept.items()}
    assert {column: (min(points), max(points)) for column, points in columns_found.items()} == extremes


@given(st.integers(2 * BLOCK, 5 * BLOCK), st.integers(0, 3 * BLOCK), st.integers(1, 9), st.integers(0, 2**32))
def test_remembered_blocks_change_nothing(n: int, more: int, columns: int, seed: int) -> None:
    random = Random(seed)
    values = [random.choice((NAN, INF, random.gauss(0, 1), random.gauss(0, 1), 0.0)) for _ in range(n + more)]
    growing = array("d", values[:n])
    assert downsample(growing, columns) == downsample(values[:n], columns)
    growing.extend(values[n:])
    assert downsample(growing, columns) == downsample(values, columns)
    # An earlier view of the same array still shows what it showed.
    assert downsample(growing, columns, length=n) == downsample(values[:n], columns)


def test_an_array_that_was_rewritten_is_read_anew() -> None:
    values = array("d", [1.0] * (4 * BLOCK))
    downsample(values, 10)
    del values[BLOCK:]
    values.extend([7.0] * (4 * BLOCK))
    assert max(value for _, value in downsample(values, 10).points) == 7.0


def test_a_long_run_keeps_its_one_spike() -> None:
    loss = array("d", [0.5]) * 200_000
    loss[123_457] = 2.0
    found = downsample(loss, 58)
    assert (123_457, 2.0) in found.points
    assert len(found.points) <= 2 * 58
    assert picture(curve(loss), 40, 14).split()[-1] == "199999"


@given(st.integers(1, 10**7), st.integers(1, 400))
def test_the_ends_of_the_axis_are_the_ends_of_the_run(span: int, columns: int) -> None:
    assert column_of(0, columns, span) == 0
    assert column_of(span - 1, columns, span) == (columns - 1 if span > 1 else 0)


@given(st.lists(st.floats(), max_size=700), st.integers(0, 700), st.integers(1, 9), st.integers(0, 50))
def test_a_stretch_is_sampled_as_if_it_stood_alone(values: list[float], first: int, columns: int, ahead: int) -> None:
    alone = downsample(values[first:], columns, span=max(0, len(values) - first) + ahead)
    found = downsample(array("d", values), columns, first=first, span=max(0, len(values) - first) + ahead)
    assert found.points == [(first + step, value) for step, value in alone.points]
    assert found.dropped == alone.dropped


# --- the newest steps ---


def test_the_newest_steps_are_drawn_as_if_there_were_no_others() -> None:
    tests = [(step, DECAY[step] + 1) for step in range(0, 300, 7)]
    whole = curve(DECAY, test=tests, marks=[(9, "lr 1"), (250, "lr 2")], ghost=[loss + 2 for loss in DECAY] * 2)
    moved = [(step - 200, loss) for step, loss in tests if step >= 200]
    part = curve(DECAY[200:], test=moved, marks=[(50, "lr 2")], ghost=[loss + 2 for loss in DECAY[200:]])
    for size in ((60, 16), (14, 3)):
        found, alone = pixels_key(whole, *size, False, last=100), pixels_key(part, *size, False)
        assert replace(found, xticks=()) == replace(alone, xticks=())
    labels = [label for _, label in pixels_key(whole, 60, 16, False, last=100).xticks]
    assert labels[:2] == ["200", "299"]
    assert all(200 < int(label) < 299 and int(label) % 10 == 0 for label in labels[2:])


def test_as_long_as_a_run_is_short_all_of_it_is_among_the_newest() -> None:
    short_run = curve(DECAY[:40])
    assert pixels_key(short_run, 60, 16, False, last=100) == pixels_key(short_run, 60, 16, False)
    # What lies ahead is shown as far as there is room.
    assert pixels_key(curve(DECAY[:40], ghost=DECAY), 60, 16, False, last=100).xticks[1][1] == "99"
    assert pixels_key(curve([], ghost=DECAY), 60, 16, False, last=30).xticks[1][1] == "29"


def test_what_cannot_be_drawn_is_counted_among_the_newest_only() -> None:
    wild = curve([NAN, *DECAY[:50], INF, 0.0, *DECAY[:20]])
    assert pixels_key(wild, 60, 16, False, last=30).remarks == ("1 point not finite",)
    assert pixels_key(wild, 60, 16, True, last=30).remarks == ("1 point not finite", "1 not above 0")
    assert pixels_key(wild, 60, 16, False, last=10).remarks == ()


@given(st.lists(st.floats(), max_size=60), st.integers(1, 70), st.booleans(), st.sampled_from([0.0, 0.9]))
def test_no_losses_break_the_newest_steps(loss: list[float], last: int, log: bool, smoothing: float) -> None:
    subject = curve(loss, test=list(enumerate(loss[::3])), ghost=loss[::-1])
    for width, height in ((60, 16), (14, 3)):
        plan = pixels_key(subject, width, height, log, last=last, smoothing=smoothing)
        strips = drawn(plan, width, height, PALETTE)
        assert [strip.cell_length for strip in strips] == [width] * height


def test_smoothing_draws_the_average_of_run_and_ghost_and_the_tests_as_measured() -> None:
    zigzag = [1.0, 3.0] * 150
    tests = [(step, 0.5 + step / 100) for step in range(0, 300, 50)]
    rough = curve(zigzag, test=tests, ghost=zigzag)
    level = array("d", smoothed(array("d", zigzag), 0.98, 300))
    plan = pixels_key(rough, 60, 16, False, smoothing=0.98)
    assert plan == pixels_key(curve(level, test=tests, ghost=level), 60, 16, False)
    assert plan != pixels_key(rough, 60, 16, False)


# --- the axes ---


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20), st.booleans())
def test_dots_keep_the_order_of_the_losses(losses: list[float], log: bool) -> None:
    losses = [abs(loss) or 1.0 for loss in losses] if log else losses
    scale = Scale.fit(losses, [], log)
    dots = [scale.dot(loss, 48) for loss in sorted(losses)]
    assert dots == sorted(dots)
    assert all(0 <= dot < 48 for dot in dots)
    assert all(len(label) == 5 and 0 <= row < 12 for row, label in scale.ticks(12, 48))


def test_ticks_say_where_they_are() -> None:
    scale = Scale.fit([6.0, 0.1, 3.0], [], False)
    for row, label in scale.ticks(12, 48):
        assert scale.dot(float(label), 48) // 4 == row
    assert step_ticks(1, 30) == ((0, "0"),)
    assert step_ticks(400, 54)[:2] == ((0, "0"), (53, "399"))


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0"), (0.25, "0.25"), (1000.0, "1000"), (1e4, "1e4"), (1.5e6, "1.5e6"), (1e-4, "1e-4"), (-2.0, "-2")],
)
def test_labels_are_short(number: float, text: str) -> None:
    assert short(number) == text


def test_a_stop_has_a_sign_of_its_own() -> None:
    halted = replace(curve(DECAY, marks=[(200, "lr 0.3")]), stops=((100, "loss < 1"), (200, "step 200")))
    for unicode, signs in ((True, "■◆"), (False, "#^")):
        rows = [strip.text for strip in chart(halted, 80, 20, PALETTE, log=False, unicode=unicode)]
        assert [rows[-2].index(sign) for sign in signs] == [6 + column_of(step, 74, 300) for step in (100, 200)]
        assert any(f"{signs[0]} loss < 1" in row for row in rows)
        assert any(f"{signs[0]} step 200" in row for row in rows)
        assert any("lr 0.3" in row for row in rows)


@pytest.mark.parametrize(
    ("losses", "log", "flat"),
    [(DECAY, False, True), (DECAY, True, False), ([2.0, 1.0], False, False), ([2.0, 0.0], False, False)],
)
def test_a_linear_axis_that_hides_small_losses_is_known(losses: Sequence[float], log: bool, flat: bool) -> None:
    assert pixels_key(curve(losses), 60, 12, log).flat is flat


DOT = st.integers(0, 11)


@given(st.lists(st.tuples(DOT, DOT), min_size=2, max_size=30))
def test_points_along_a_straight_way_change_nothing(points: list[tuple[int, int]]) -> None:
    plan = replace(pixels_key(curve(DECAY), 24, 9, False), train=tuple(sorted(points, key=lambda point: point[0])))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_corners", lambda points: points)
        every = drawn(plan, 24, 9, PALETTE)
    assert drawn(plan, 24, 9, PALETTE) == every


def test_plotext_is_spared_what_adds_no_corner() -> None:
    assert module._corners(((0, 5), (0, 3), (0, 1), (1, 1), (2, 1), (2, 1), (9, 1), (9, 4))) == (
        (0, 5),
        (0, 1),
        (9, 1),
        (9, 4),
    )
