"""The curve of a learning-rate range test, at every size. Must not know how a test is run."""

from __future__ import annotations

from chainstep.tui.render.curve.rate_chart import rate_chart
from support.cases import each
from support.screen.looks import spelt

LOWEST, HIGHEST = 1e-5, 10.0


@each("unicode", [True, False])
@each("size", [(10, 3), (24, 6), (70, 12), (120, 30)])
def test_the_curve_has_its_size_and_marks_the_rate(size: tuple[int, int], unicode: bool) -> None:
    tried = [(LOWEST * 1.15**k, 1.0 / (1 + k) if k < 80 else 50.0) for k in range(95)]
    for chosen in (None, 40):
        rows = rate_chart(tried, chosen, (LOWEST, HIGHEST), *size, spelt(unicode=unicode))
        assert [row.cell_length for row in rows] == [size[0]] * size[1]
        text = "\n".join(row.text for row in rows)
        if size[0] >= 70:
            assert ("lr 0.0027" in text) == (chosen is not None)
            assert all(label in text for label in ("1e-5", "0.001", "10"))
        assert unicode or text.isascii()
    assert len(rate_chart([], None, (LOWEST, HIGHEST), *size, spelt(unicode=unicode))) == size[1]


@each("first", [1.0, 0.0136, 2.4e-3, 7.31e-7, 4321.0, 0.30001])
def test_the_losses_have_numbers_however_small_they_are(first: float) -> None:
    tried = [(LOWEST * 1.15**k, first * (1.0 - k / 200)) for k in range(95)]
    rows = rate_chart(tried, None, (LOWEST, HIGHEST), 70, 14, spelt(unicode=True))
    labels = [row.text.split("┤")[0].strip() for row in rows if "┤" in row.text]
    assert len(labels) > 1
    assert all(0.0 <= float(label) <= 1.01 * first for label in labels)


@each(("width", "labels"), [(24, "1e-7 1e-5  0.01  10"), (30, "1e-7  1e-5  0.001 0.1  10"), (17, "")])
def test_of_crowded_labels_the_same_ones_are_there_in_every_run(width: int, labels: str) -> None:
    """The ends first, then from the lowest on; plotext would choose by the hashes of the labels."""
    rows = rate_chart([(1e-7, 1.0), (1e-3, 0.5), (1.0, 2.0)], 1, (1e-7, 10.0), width, 8, spelt(unicode=True))
    assert rows[-1].text.strip() == labels
