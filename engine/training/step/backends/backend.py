"""What every way of training on does: the one interface of the replay and of the compiled functions. Must not know
either.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple, Protocol

from ..last_op import LastOp
from ..state import State

NOTHING = array("d")


class Progress(NamedTuple):
    """How far a backend got, and what it measured on the way."""

    samples: int = 0
    """Samples' worth of work since its last yield."""
    losses: Sequence[float] = ()
    """Of each step whose loss phase was completed, in order; accuracies likewise."""
    accuracies: Sequence[float] = ()
    """Fractions of the batches; nan where there are no classes."""
    last: LastOp | None = None
    """The op that was run last, where the backend ended for want of samples or at its target."""
    marks: Sequence[array[float]] = ()
    """The numbers of each step that it passed, or came to, and that is to have a checkpoint: see `Checkpoint.numbers`.
    """
    traces: array[float] = NOTHING
    """Of each completed step, data and gradient behind it of each parameter that is watched; empty where it keeps
    nothing.
    """


class Backend(Protocol):
    """Carries a state forwards. Whichever backend did it, the state after an op has the same bits."""

    spacing: int
    """Steps between two that are to have a checkpoint. It goes past none of them, unless it marks them."""

    watched: Sequence[int]
    """Parameters that somebody watches: see `Progress.traces`."""

    @property
    def engine(self) -> str:
        """Which engine it is: `native`, `python` or `replay`."""
        ...

    def ready(self, steps: int, *, prepare: bool) -> bool:
        """Whether it can take up to `steps` whole steps now, or for 0 a part of one.

        Where that takes preparation that these steps are worth, it prepares itself first, if it may.
        """
        ...

    def advance(
        self, state: State, target: tuple[int, int], samples: int, quantum: Callable[[], int]
    ) -> Generator[int, None, Progress]:
        """Carry the state on by about `samples` samples' worth of work, at most to `target`, a (step, op) ahead.

        It may end sooner, without having done anything, where another backend is to go on. Work during which the state
        stays where it is goes on in slices of `quantum()` samples: it yields after each how many they were, and left
        there the state is as it was.
        """
        ...
