"""What a run has measured, in few stretches: enough for its curve, where every number of it would be too many. Must not
know runs, nor what is told of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from ..archive.archive import way_in
from ..snapshot.series.series import LIMITS, Replayed, Series
from ..snapshot.series.stretches import COLUMNS, Past, Stretch, joined

MOST = 2_048
"""Stretches that a curve has before they become wider."""

SOON = 16
"""Stretches that may come at once while it plays; more make them wider."""

MARGIN = 1_024
"""Steps behind the newest one that are told one by one where there is time for it: so far back it goes at once, and of
a run as short as most examples' the curve is the same as where it was trained.
"""

SHORT = 512
"""Steps up to which all of them are told one by one while it plays, too."""


class Thinned:
    """Series of the same steps in stretches of the same `width`, the first `count` of them; they are made as far as
    they are asked for.
    """

    def __init__(self, of: Sequence[Series], width: int | None = None) -> None:
        self.of = of
        """What it is made of: where others take their place, it is of no use."""
        self._fixed = width is not None
        """They become no wider by themselves."""
        self.width = of[0].width
        self._columns = [[column[:] for column in series.stored()[1]] for series in of]
        while self.width < (width or 0):
            self._double()
        while width is None and len(of[0]) // self.width > MOST and self._widens:
            self._double()

    def fits(self, measured: int) -> bool:
        """Whether a run can stand behind its first `measured` steps: what leads up to there from the last stretch on
        must be known one by one, and so must what is behind all stretches.
        """
        first = self.of[0]
        stop = self.advance(len(first))  # which may make them wider
        here, end = measured // self.width * self.width, stop * self.width
        return self.width <= first.width or (first.is_exact(here, measured) and first.is_exact(end, len(first)))

    @property
    def count(self) -> int:
        """Stretches that are made."""
        return len(self._columns[0][0])

    @property
    def _widens(self) -> bool:
        """Whether there may be wider ones: what lies beyond the last of them must be known one by one."""
        return not self._fixed and 2 * self.width <= self.of[0].reach

    def advance(self, length: int, margin: int | None = None, since: int | None = None) -> int:
        """Make the stretches of the first `length` steps, but for the last `margin` of them at least, or as many as
        there is time for; how many these are. Where too many lie behind the step `since`, all are made wider.
        """
        upto, first = max(0, length - (MARGIN if margin is None else margin)), self.of[0]
        while since is not None and upto // self.width - since // self.width > SOON and self._widens:
            self._double()
        while self.width < first.width:  # where the series has no more room, neither have these
            self._double()
        while self.count < self._place(upto):
            if self.count >= MOST and self._widens:
                self._double()
            else:
                self._append()
        return self._place(upto)

    @staticmethod
    def tail(length: int) -> int:
        """How many of the first `length` steps are told one by one while it plays: all, where these are few."""
        return length if length <= SHORT else 0

    def _place(self, upto: int) -> int:
        """How many stretches lie before a step: all of which the numbers are not known one by one, and no more than a
        series can have.
        """
        return min(max(0, upto, self.of[0].exact_from) // self.width, LIMITS.stretches)

    def _double(self) -> None:
        """Two stretches become one, throughout."""
        even = self.count - self.count % 2
        pasts = (Past(self.width, (column[:even] for column in columns)) for columns in self._columns)
        self._columns = [list(past.halved().columns) for past in pasts]
        self.width *= 2

    def _append(self) -> None:
        start = self.count * self.width
        for columns, series in zip(self._columns, self.of, strict=True):
            stretch = joined(_stretches(series, start, start + self.width))
            for column, name in zip(columns, COLUMNS, strict=True):
                column.append(getattr(stretch, name))

    def between(self, start: int, stop: int) -> list[array[float]]:
        """The columns of the stretches `start` … `stop`−1, those of the first series first."""
        return [column[start:stop] for columns in self._columns for column in columns]

    def tails(self, place: int, length: int) -> list[array[float]] | None:
        """The numbers from stretch `place` on, one by one, up to a length; None where they are not known so."""
        start = place * self.width
        return [series[start:length] for series in self.of] if self.of[0].is_exact(start, length) else None

    def series(self, measured: int) -> list[Series]:
        """All that is known of a run that stands behind its first `measured` steps, in few numbers."""
        length = len(self.of[0])
        stop = self.advance(length)
        made = []
        for columns, series in zip(self._columns, self.of, strict=True):
            thin = Series.of(self.width, [column[:stop] for column in columns], series[stop * self.width : length])
            start = way_in(thin, measured)
            if start < thin.exact_from:
                thin.put_back(Replayed(start, series[start : min(measured, thin.exact_from)]))
            made.append(thin)
        return made


def fitting(of: Sequence[Series], measured: int) -> Thinned:
    """Stretches as wide as can be where a run stands behind its first `measured` steps."""
    thinned = Thinned(of)
    while not thinned.fits(measured):
        thinned = Thinned(of, thinned.width // 2)
    return thinned


def _stretches(series: Series, start: int, stop: int) -> Iterator[Stretch]:
    """All that is known of some steps: the stretches that the series has itself, and its exact numbers as one."""
    width, middle = series.width, min(stop, series.exact_from)
    for place in range(start // width, max(start, middle) // width):
        numbers = (series.column(name)[place] for name in COLUMNS)
        yield Stretch(place * width, (place + 1) * width, *numbers)
    if max(start, middle) < stop:
        yield Stretch.of(max(start, middle), series[max(start, middle) : stop])
