"""The steps with which epochs began, kept as runs of epochs of equal length: a few numbers for any length of training.
Must not know sessions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from ...records import record


@record(eq=False, frozen=False)
class _Stretch:
    """Epochs from number `epoch` on; the first began with step `step`, each has `length` steps."""

    epoch: int
    step: int
    length: int = 0


class EpochStarts:
    """A growing list of steps, in order: bisect and indexing work on it."""

    def __init__(self, steps: Iterable[int] = (0,)) -> None:
        self._stretches: list[_Stretch] = []
        self._count = 0
        for step in steps:
            self.append(step)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        return map(self.__getitem__, range(self._count))

    def __getitem__(self, index: int) -> int:
        """The step with which epoch `index` began, from 0; negative ones count from the end.

        Raises:
            IndexError: there is no such epoch.
        """
        index += self._count if index < 0 else 0
        if not 0 <= index < self._count:
            raise IndexError(index)
        stretch = self._stretches[bisect_right(self._stretches, index, key=attrgetter("epoch")) - 1]
        return stretch.step + (index - stretch.epoch) * stretch.length

    def append(self, step: int) -> None:
        """Another epoch begins."""
        newest = self._stretches[-1] if self._stretches else None
        if newest and self._count - newest.epoch == 1:
            newest.length = step - newest.step
        elif newest is None or step != newest.step + (self._count - newest.epoch) * newest.length:
            self._stretches.append(_Stretch(self._count, step))
        self._count += 1

    def extend(self, steps: Sequence[int]) -> None:
        """Other epochs begin, too."""
        for place, step in enumerate(steps):
            self.append(step)
            if place and isinstance(steps, range) and self._stretches[-1].length == steps.step:
                self._count += len(steps) - place - 1  # the others go on like that
                return

    def forget_after(self, step: int) -> None:
        """Drop the epochs that began after a step; the first one stays."""
        self._count = max(1, 1 + self.at(step))
        self._stretches = [stretch for stretch in self._stretches if stretch.epoch < self._count]

    def copy(self) -> EpochStarts:
        """A list of its own."""
        twin = EpochStarts(())
        twin._stretches = [_Stretch(kept.epoch, kept.step, kept.length) for kept in self._stretches]
        twin._count = self._count
        return twin

    def stored(self) -> list[tuple[int, int, int]]:
        """Its epochs in a few numbers: (epoch, step, length) of each row of them that have one length."""
        return [(kept.epoch, kept.step, kept.length) for kept in self._stretches]

    @classmethod
    def of(cls, count: int, stored: Iterable[tuple[int, int, int]]) -> EpochStarts:
        """`count` epochs again, of what is `stored` of them."""
        made = cls(())
        made._stretches = [_Stretch(*row) for row in stored]
        made._count = count
        return made

    def at(self, step: int) -> int:
        """The number of the last epoch that began with a step up to this one; −1 where none did."""
        behind = bisect_right(self._stretches, step, key=attrgetter("step"))
        if not behind:
            return -1
        stretch = self._stretches[behind - 1]
        stop = self._stretches[behind].epoch if behind < len(self._stretches) else self._count
        further = (step - stretch.step) // stretch.length if stretch.length else 0
        return min(stretch.epoch + further, stop - 1)

    def before(self, step: int) -> int:
        """The last start before a step > 0."""
        return self[self.at(step - 1)]
