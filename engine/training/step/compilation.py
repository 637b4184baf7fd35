"""The compiled functions of one program: their sources, their bytecode or machine code, and which of them is to go on.
Knows the compiler; must not know programs, steps or history.

Writing a source can be done in pieces. Making its bytecode holds the interpreter for about ten microseconds an op, so a
program with a screen has it made elsewhere. Until a variant is there, the replay does the work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import CodeType
from typing import TYPE_CHECKING

from ...compiler.compile import (
    LONGEST_LINE,
    Numbers,
    Piece,
    Plan,
    Row,
    Train,
    code_object,
    function,
    source,
    source_in_pieces,
)

if TYPE_CHECKING:
    from ...compiler.native.batches.work import Work
    from ...compiler.native.function import Looks, NativeFunction, Taken
    from ...compiler.plan import Share

SMALL_TAPE = 1_000
"""Ops of a sample up to which compiling costs no more than one step of replay: it is worth it for the first one."""


class Compilation:
    """The variants of one plan: the fast one, where there is one, and the dense one that takes over from it."""

    refused = False
    """Nothing at all is compiled in this process."""

    def __init__(self, plan: Plan, obstacle: str | None = None) -> None:
        too_large = f"with {len(plan.parameters)} parameters it is too large to be compiled"
        self.plan = plan
        self.obstacle = too_large if len(plan.tape) > LONGEST_LINE and not plan.layered else obstacle
        """Why it is replayed op by op; None where it can be compiled."""
        if self.refused:
            self.obstacle = "the replay was asked for"
        self.small = plan.layered or len(plan.tape) <= SMALL_TAPE
        """Compiling it is worth it even for one step."""
        self.sources: dict[bool, str] = {}
        """The source of each variant that was written; the key says whether it is the dense one."""
        self._functions: dict[bool, Train] = {}
        self.dense = self.obstacle is not None or not plan.has_fast_variant
        """Whether the dense variant is the one that is to go on."""
        self.native: NativeFunction | None = None
        """Its machine code, once somebody has made that; it is both variants."""
        self.flaw = ""
        """Why there is no machine code, where somebody has tried to make it."""

    @property
    def possible(self) -> bool:
        """Whether it can be compiled."""
        return self.obstacle is None

    @property
    def ready(self) -> bool:
        """Whether what is to go on is there."""
        return self.native is not None or self.made

    @property
    def made(self) -> bool:
        """Whether the generated function of the variant that is to go on is there, which measures, too."""
        return self.dense in self._functions

    def take_over(self, other: Compilation) -> bool:
        """Have the Python functions of another program, those that are made from now on too, where it has the very same
        arithmetic; whether it has.
        """
        if self.obstacle is not None or other.obstacle is not None or not self.plan.alike(other.plan):
            return False
        self.plan, self.sources, self._functions = other.plan, other.sources, other._functions
        return True

    def write(self) -> Iterator[None]:
        """Write the source of the variant that is to go on, piece by piece."""
        dense = self.dense
        pieces = []
        for piece in source_in_pieces(self.plan, dense=dense):
            pieces.append(piece)
            yield
        self.sources[dense] = "".join(pieces)

    def install(self, dense: bool, made: CodeType) -> None:
        """Take in the bytecode of a variant's source."""
        self._functions[dense] = function(self.plan, made)

    def measuring(self, parameters: Sequence[float]) -> Numbers:
        """What `measure` adds losses to."""
        return Numbers(parameters, [[0.0] * len(parameters) for _ in self.plan.state], 1)

    def measure(self, numbers: Numbers, rows: Sequence[Row], count: int) -> bool:
        """Add the losses and the wrong decisions of some of `count` samples, by a step that never comes to its update.

        False where the variant at hand may not be used for these parameters.
        """
        # An update never comes, so its knobs do not matter.
        knobs = [0.0] * len(self.plan.knobs)
        done, _, _ = self._functions[self.dense](numbers, [(rows, count, None)], knobs)
        return bool(done)

    def source(self, *, dense: bool = False) -> str:
        """The source of a variant: the fast one, or the dense one where it is asked for or the only one."""
        dense = dense or not self.plan.has_fast_variant
        if dense not in self.sources:
            self.sources[dense] = source(self.plan, dense=dense)
        return self.sources[dense]

    def make(self) -> None:
        """Write and install the variant that is to go on, here and now."""
        for _ in self.write():
            pass
        self.install(self.dense, code_object(self.sources[self.dense]))

    def run(
        self, numbers: Numbers, pieces: Sequence[Piece], knobs: Sequence[float]
    ) -> tuple[int, list[float], list[int]]:
        """Take steps, at most those of `pieces`; fewer where the fast variant may not go on.

        Returns how many, and the loss and the right decisions of each. From there the dense variant is to go on.
        """
        done, losses, rights = self._functions[self.dense](numbers, pieces, knobs)
        self.dense = self.dense or done < len(pieces)
        return done, losses, rights

    def run_native(
        self, numbers: Numbers, pieces: Sequence[Share], knobs: Sequence[float]
    ) -> tuple[int, list[float], list[int]]:
        """The same by machine code. Before the dense variant is to go on, it stops where the fast one would."""
        assert self.native is not None
        done, losses, rights = self.native.run(numbers, pieces, knobs, bounded=not self.dense)
        self.dense = self.dense or done < len(pieces)
        return done, losses, rights

    def take_native(self, numbers: Numbers, work: Work, knobs: Sequence[float], looks: Looks) -> Taken:
        """The same with more to tell: see `NativeFunction.take`."""
        assert self.native is not None
        taken = self.native.take(numbers, work, knobs, bounded=not self.dense, looks=looks)
        self.dense = self.dense or taken.pieces < work.pieces
        return taken
