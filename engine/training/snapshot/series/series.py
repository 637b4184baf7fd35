"""Numbers that were measured a step at a time: exact where they are new, stretches of them further back. Must not know
what was measured, nor runs.

Replay is deterministic, so a number that is forgotten here can be computed again.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from copy import copy
from operator import mul
from typing import overload

from ....records import record
from .stretches import COLUMNS, LOW, Extent, Past, Stretch


@record
class Limits:
    """How much a series keeps."""

    exact: int
    """Numbers that are kept one by one, at least: the newest ones."""
    stretches: int
    """Stretches that are kept, at most; an even number."""
    narrowest: int
    """Steps of a stretch at first; it doubles whenever there are too many."""


LIMITS = Limits(exact=16_384, stretches=4_096, narrowest=64)
"""At most about half a megabyte a series, however long it is."""


class ForgottenError(LookupError):
    """What was measured at a step is known as part of a stretch only: it has to be computed again."""


@record
class Replayed:
    """Numbers of the past that are exact again, from a step on."""

    start: int
    numbers: array[float]


class Series:
    """One number a step, from step 0 on, in bounded memory: see `Limits`.

    `series[step]` and `series[start:stop]` are exact or raise `ForgottenError`; `parts` tells of all that there is.
    What is recorded again of the past, because it is replayed, is exact again until another part is.
    """

    __slots__ = ("_limits", "_past", "_replayed", "_replayed_from", "_start", "_tail")

    def __init__(self, numbers: Sequence[float] = (), limits: Limits | None = None) -> None:
        self._limits = limits or LIMITS
        self._past = Past(self._limits.narrowest)
        self._start = 0
        """Where the past ends: from here on all numbers are in the tail."""
        self._tail = array("d")
        """Only ever grows; where it is cut, another array takes its place. So does what is replayed."""
        self._replayed_from = 0
        self._replayed = array("d")
        self.record(0, numbers)

    @classmethod
    def of(cls, width: int, columns: Sequence[array[float]], tail: array[float]) -> Series:
        """A series again of what `stored` tells."""
        series = cls()
        series._past = Past(width, columns)
        series._start, series._tail = width * len(columns[0]), tail
        return series

    @classmethod
    def level(cls, width: int, levels: array[float], tail: array[float]) -> Series:
        """A series with the same number everywhere in a stretch, `width` steps each."""
        finite = array("d", [float(width) if level - level == 0.0 else 0.0 for level in levels])
        above = array("d", [float(width) if level > 0.0 else 0.0 for level in levels])
        low, high, least = (
            array("d", [level if kept else nothing for level, kept in zip(levels, counts, strict=True)])
            for counts, nothing in ((finite, math.inf), (finite, -math.inf), (above, math.inf))
        )
        total = array("d", map(mul, levels, finite))
        rises = array("d", bytes(total.itemsize * len(total)))
        return cls.of(width, (levels, levels, low, high, least, total, finite, above, rises), tail)

    def stored(self) -> tuple[int, tuple[array[float], ...], array[float]]:
        """What lasts of it: the width of its stretches, their columns, and the exact numbers. They are its own and only
        ever grow; where one would shrink, another takes its place.
        """
        return self._past.width, self._past.columns, self._tail

    def __len__(self) -> int:
        return self._start + len(self._tail)

    @property
    def exact_from(self) -> int:
        """The step from which on every number is exact."""
        return self._start

    @property
    def width(self) -> int:
        """Steps of each stretch before that."""
        return self._past.width

    @property
    def tail(self) -> array[float]:
        """The numbers from `exact_from` on: the series' own array, which only ever grows."""
        return self._tail

    def column(self, name: str) -> array[float]:
        """A field of `Stretch`, of each stretch before `exact_from`: the series' own array, which only ever grows."""
        return self._past.columns[COLUMNS.index(name)]

    @overload
    def __getitem__(self, at: int) -> float: ...
    @overload
    def __getitem__(self, at: slice) -> array[float]: ...
    def __getitem__(self, at: int | slice) -> float | array[float]:
        """The number of a step, or those of some in a row.

        Raises:
            IndexError: there is no such step.
            ForgottenError: there is, but its number has to be computed again.
        """
        if isinstance(at, slice):
            start, stop, stride = at.indices(len(self))
            if stride != 1:
                raise ValueError("steps are given in a row")
            return self._row(start, max(start, stop))
        step = at + len(self) if at < 0 else at
        if not 0 <= step < len(self):
            raise IndexError(f"there is no step {at}")
        return self._tail[step - self._start] if step >= self._start else self._row(step, step + 1)[0]

    def _row(self, start: int, stop: int) -> array[float]:
        if start >= min(stop, self._start):
            return self._tail[max(0, start - self._start) : max(0, stop - self._start)]
        middle, again = min(stop, self._start), self._replayed_from
        if not self._is_replayed(start, middle):
            raise ForgottenError(f"what was measured from step {start} to {middle - 1} has to be computed again")
        return self._replayed[start - again : middle - again] + self._tail[: max(0, stop - self._start)]

    # --- recording

    def record(self, step: int, numbers: Sequence[float]) -> None:
        """Keep the numbers of steps from `step` on. A step that is replayed says the same, and is kept once."""
        known = len(self) - step
        if known < 0:
            raise ValueError(f"step {step} cannot follow step {len(self) - 1}")
        if step < self._start:
            self._replay(step, numbers[: self._start - step])
        self._tail.extend(numbers[known:] if known else numbers)
        exact = self._limits.exact
        # In helpings that are few, and small enough that no key waits for one.
        if len(self._tail) >= exact + max(exact, self._past.width):
            self._condense(len(self._tail) - exact)

    def _replay(self, step: int, numbers: Sequence[float]) -> None:
        known = self._replayed_from + len(self._replayed) - step
        if not 0 <= known <= len(self._replayed):
            self._replayed, self._replayed_from, known = array("d"), step, 0
        self._replayed.extend(numbers[known:])
        # As much as leads from one checkpoint to the next stays, however much is replayed.
        kept = max(self._limits.exact, self._past.width)
        if len(self._replayed) > 2 * kept:
            self._replayed_from += len(self._replayed) - kept
            self._replayed = self._replayed[-kept:]

    def _condense(self, spare: int) -> None:
        """Turn the oldest numbers of the tail into stretches, `spare` of them or a few less."""
        at, past = 0, self._past
        while True:
            if len(past) >= self._limits.stretches:
                past = past.halved()
            if at + past.width > spare:
                break
            past.append(Stretch.of(0, self._tail[at : at + past.width]))
            at += past.width
        self._past, self._tail = past, self._tail[at:]
        self._start += at

    # --- what is known

    @property
    def reach(self) -> int:
        """How many steps may be recorded at once so that the numbers of all of them, and of as many before them, are
        exact.
        """
        return max(1, self._limits.exact // 2)

    def is_exact(self, start: int, stop: int) -> bool:
        """Whether the numbers of the steps `start` … `stop`−1 are all known one by one."""
        middle = min(stop, self._start)
        return start >= middle or self._is_replayed(start, middle)

    def floor(self, step: int) -> int:
        """The first step of the stretch that a step lies in; the step itself where it is exact or ahead."""
        return step if step >= self._start else step // self._past.width * self._past.width

    def stretch(self, step: int) -> Stretch:
        """The stretch of a step, or the step alone where it is exact.

        Raises:
            IndexError: there is no such step.
        """
        if step < 0 or self.is_exact(step, step + 1):
            return Stretch.of(step, [self[step]])
        return self._past[step // self._past.width]

    def parts(self, start: int, stop: int) -> Iterable[Stretch]:
        """All that is known of the steps `start` … `stop`−1, in order: stretches, and each exact step alone. Where no
        less is known, the first and the last stretch tell of more steps than these.
        """
        at, stop = start, min(stop, len(self))
        while at < stop:
            stretch = self.stretch(at)
            yield stretch
            at = stretch.stop

    def extent(self, start: int, stop: int, *, positive: bool = False) -> Extent:
        """The extremes of the stretches that begin with one of the steps `start` … `stop`−1; each is placed where its
        stretch begins. With `positive`, only numbers above 0 count.
        """
        return self._past.extent(start, min(stop, self._start), positive=positive)

    def smallest(self, start: int, stop: int) -> float:
        """The smallest finite number of steps `start` … `stop`−1, or of the stretches that these lie in; inf where
        there is none.
        """
        low, past = math.inf, self._past
        if start < self._start:
            middle = min(stop, self._start)
            whole = middle // past.width
            low = min(past.columns[LOW][start // past.width : whole], default=low)
            rest = max(start, whole * past.width)
            low = min(low, _least(self[rest:middle]) if self.is_exact(rest, middle) else past[whole].low)
        return min(low, _least(self[max(start, self._start) : stop]))

    def _is_replayed(self, start: int, stop: int) -> bool:
        return self._replayed_from <= start and stop <= self._replayed_from + len(self._replayed)

    # --- what is replayed

    def replayed(self) -> Replayed:
        """What is exact again."""
        return Replayed(self._replayed_from, self._replayed[:])

    def put_back(self, replayed: Replayed) -> None:
        """Take what was exact again at another time in place of what is now."""
        self._replayed_from, self._replayed = replayed.start, replayed.numbers

    # --- as a whole

    def view(self) -> Series:
        """The series as it is now, for reading: it shares all memory, and stays as it is whatever is recorded, but that
        the newest number may not be its last one.
        """
        return copy(self)

    def ends_at(self, length: int) -> bool:
        """Whether `until` knows the first `length` numbers."""
        return self.is_exact(self.floor(length), length)

    def until(self, length: int) -> Series:
        """A series of its own of the first `length` numbers.

        Raises:
            ForgottenError: it would end within a stretch whose numbers up to there have not been replayed.
        """
        twin = Series((), self._limits)
        twin._start = min(self.floor(length), self._start)
        twin._tail = self._row(twin._start, length) if length > twin._start else array("d")
        twin._past = self._past.until(twin._start // self._past.width)
        twin._replayed_from = self._replayed_from
        twin._replayed = self._replayed[: max(0, twin._start - self._replayed_from)]
        return twin


def _least(numbers: Iterable[float]) -> float:
    """The smallest finite number; inf where there is none."""
    return min(filter(math.isfinite, numbers), default=math.inf)
