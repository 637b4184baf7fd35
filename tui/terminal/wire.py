"""Flow control: when the terminal has taken in what it was sent, told by its answers to cursor-position queries.
Pure: a clock is handed in. Must not know who paints, reads or writes.

After a frame one query is sent. The terminal answers when it comes to it, which is when all that was sent before has
crossed the link: until then another frame would only queue up behind the first, and keys' answers behind both.
"""

from __future__ import annotations

PATIENCE = 3
"""Ticks after which a frame is sent although the last one was not acknowledged: an answer may get lost."""

FROZEN = 12
"""Ticks without any answer to an open query after which nobody is there any more."""

PATIENT = 300
"""The same where nothing is painted: whoever closes his laptop for a coffee finds it as it was."""

ROW, FIRST_COLUMN, COLUMNS = 2, 17, 8
"""Where the cursor is when it is asked for. Each query asks at another column, so that a late answer is not taken for
that of the next; none of these answers is also a key: shift+F3 is `CSI 1 ; 2 R`, and its like end at column 16.
"""


class Wire:
    """What is known of the way to the terminal and back."""

    def __init__(self) -> None:
        self.answers = False
        """Whether the terminal has answered once; one that never does is sent frames by the clock."""
        self.lossless = False
        """Whether each query is answered in the end, and who is to answer is known to be there: it is waited for."""
        self.round_trip = 0.0
        """Seconds from the last acknowledged frame to its acknowledgement."""
        self._column = FIRST_COLUMN
        self._open = False
        self._asked = self._answered = 0.0
        self._waited = self._silent = self._stuck = 0
        self._silence = FROZEN
        self._taken: int | None = None

    @property
    def open(self) -> bool:
        """Whether a query has not been answered yet."""
        return self._open

    @property
    def busy(self) -> bool:
        """Whether a frame is on its way, so that another one must wait."""
        return self._open and self.answers and (self.lossless or self._waited < PATIENCE)

    @property
    def frozen(self) -> bool:
        """Whether nobody has answered for so long that nobody will, or nothing been taken for so long, which shows of
        one that never answers, too.
        """
        silent = self._open and self.answers and self._silent >= self._silence
        return not self.lossless and (silent or self._stuck >= FROZEN)

    def awaited(self, now: float) -> bool:
        """Whether an answer is under way, or may be, to a question that was asked just now."""
        return self._open and (self.answers or now < self._asked + 1.0)

    def rested(self, now: float) -> bool:
        """Whether a frame that nobody asked for may be sent: the link is left alone for as long as the last frame
        took, so that it is free for every other key; for no longer than an answer is waited for.
        """
        return not self.busy and now >= self._answered + min(self.round_trip, PATIENCE)

    def ask(self, now: float, silence: int = FROZEN) -> str | None:
        """A frame was written: the query to be written after it. `silence` is how many ticks without an answer mean
        that nobody is there. None where a query is open that may never be answered: such a terminal is asked once.
        """
        if self._open and not self.answers:
            return None
        if not self._open:
            self._silent = 0
        self._column = FIRST_COLUMN + (self._column - FIRST_COLUMN + 1) % COLUMNS
        self._open, self._asked, self._waited, self._silence = True, now, 0, silence
        # Not where the frame left it: that place is an input method's. The cursor itself is hidden.
        return f"\x1b7\x1b[{ROW};{self._column}H\x1b[6n\x1b8"

    def hear(self, row: int, column: int, now: float) -> bool:
        """A cursor position came in. Whether it acknowledges the last frame."""
        self._silent = 0
        if not self._open:
            return False
        ours = row == ROW and FIRST_COLUMN <= column < FIRST_COLUMN + COLUMNS
        key = row == 1 and 2 <= column <= 16
        # A position that nobody could have asked for is the answer too: of a window that is smaller than it was.
        if key or (ours and column != self._column):
            return False
        self._open, self.answers = False, True
        self._answered, self.round_trip = now, now - self._asked
        return True

    def tick(self, taken: int | None = None) -> None:
        """A second has passed, in which answers were listened for: one in which the program was stopped is none.
        `taken` counts all that has gone out; None where nothing waits to.
        """
        self._stuck = self._stuck + 1 if taken is not None and taken == self._taken else 0
        self._taken = taken
        if self._open:
            self._waited += 1
            self._silent += 1
