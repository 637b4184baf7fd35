"""The shapes of the screen, and which of them stands for a number. Must not know colours or pictures."""

from __future__ import annotations

import math

from chainstep.engine.records import record

from .covered import ASKED, Covered
from .levels import level

_IN_ASCII = str.maketrans(
    {
        "→": "right",
        "←": "left",
        "↑": "up",
        "↓": "down",
        "ŷ": "y^",
        "Σ": "sum",
        "σ": "sigmoid",
        "Φ": "Phi",
        "φ": "phi",
        "²": "^2",
        "·": "*",
        "×": "x",
        "−": "-",
        "…": "...",
        "›": ">",
        "√": "sqrt",
        "Δ": "d",
        "∂": "d",
        "≠": "!=",
        "≤": "<=",
        "≥": ">=",
        "±": "+-",
        "β": "beta",
        "ε": "eps",
        "μ": "mu",
    }
)

_IN_AS_MANY_CELLS = str.maketrans("›→×…←·", ">>*~=.")


@record
class Glyphs:
    """The shapes of the screen. Ladders go from small to large."""

    dot: str
    negative_dot: str
    hollow: str
    pending: str
    """A unit that is yet to be computed."""
    positive: tuple[str, str, str]
    negative: tuple[str, str, str]
    """Hollow, so that the sign of a number never hangs on its colour alone."""
    bad: str
    """In place of a number that is not finite."""
    bars: str
    fills: str
    """A cell that is filled more and more from the left."""
    up: str
    down: str
    forward: str
    backward: str
    """The op that was just done, and which way the numbers went."""
    coming_forward: str
    coming_backward: str
    """The op that comes next: hollow, so that it is told from the last one without colour too."""
    pointed: str
    """Before what a lesson has one look at."""
    pointed_back: str
    """Behind it."""
    cursor: str
    arrow: str
    ellipsis: str
    empty: str
    """Where a number will be."""
    old: str
    """Before a number that an update has overtaken."""
    frozen: str
    """A parameter that updates leave alone."""
    edited: str
    """A parameter that was edited by hand."""
    right: str
    wrong: str
    """A gradient that passed its check, and one that did not."""
    stop: str
    """Before why a movement stopped."""
    split: str
    """A cell of two colours, left and right; empty where two colours are not to be relied on."""
    lines: str
    """Horizontal, vertical, the corners ╭ ╮ ╰ ╯, the tees ├ ┤ ┬ ┴, and the cross."""
    heavy: str
    """Horizontal, vertical and the corners, of the frame that a lesson has one look at."""
    unicode: bool
    """The terminal shows more than ASCII."""

    def done(self, *, backward: bool) -> str:
        """Marks the op that was just done."""
        return self.backward if backward else self.forward

    def coming(self, *, backward: bool) -> str:
        """Marks the op that comes next."""
        return self.coming_backward if backward else self.coming_forward

    def say(self, text: str) -> str:
        """A text as this terminal can show it."""
        return text if self.unicode else text.translate(_IN_ASCII)

    def in_place(self, text: str) -> str:
        """A text that is laid out already, as this terminal can show it in as many cells."""
        return text if self.unicode else text.translate(_IN_AS_MANY_CELLS)

    def spell(self, name: str) -> str:
        """A name from the user's data in characters that this terminal has."""
        return name if self.unicode else name.encode("ascii", "replace").decode()

    def block(self, step: int | None) -> str:
        """A block whose size shows a level, and whose shape its sign, as its colour does; None is the level of what is
        not finite.
        """
        if step is None:
            return self.bad
        if not step:
            return self.empty
        size = abs(step)
        return (self.negative if step < 0 else self.positive)[0 if size < 2 else 1 if size < 4 else 2]

    def bias(self, value: float, scale: float) -> str:
        """As `block` for the level of `value`, but never the largest one, which sets a bias off from weights."""
        return self.bias_block(level(value, scale)) if math.isfinite(value) else self.bad

    def bias_block(self, step: int) -> str:
        """The same for a level."""
        return (self.negative if step < 0 else self.positive)[min(1, abs(step) // 2)] if step else self.empty

    def unit(self, value: float) -> str:
        """A unit: hollow where it is exactly zero, and of another shape where it is negative."""
        if isinstance(value, Covered):
            return ASKED
        if not math.isfinite(value):
            return self.bad
        return self.hollow if not value else self.dot if value > 0 else self.negative_dot


def _of_unicode(split: str) -> Glyphs:
    return Glyphs(
        dot="●",
        negative_dot="◆",
        hollow="○",
        pending="◌",
        positive=("·", "▪", "■"),
        negative=("◦", "▫", "□"),
        bad="!",
        bars="▁▂▃▄▅▆▇█",
        fills="▏▎▍▌▋▊▉█",
        up="▲",
        down="▼",
        forward="▶",
        backward="◀",
        coming_forward="▷",
        coming_backward="◁",
        pointed="»",
        pointed_back="«",
        cursor="▸",
        arrow="→",
        ellipsis="…",
        empty="·",
        old="†",
        frozen="❆",
        edited="✎",
        right="✓",
        wrong="✗",
        stop="■",
        split=split,
        lines="─│╭╮╰╯├┤┬┴┼",
        heavy="━┃┏┓┗┛",
        unicode=True,
    )


UNICODE = _of_unicode(split="▌")
"""For UTF-8 terminals with colour. Negative numbers have shapes of their own: not every eye tells hues apart."""

MONOCHROME = _of_unicode(split="")
"""For UTF-8 terminals whose hues are few or none."""

ASCII = Glyphs(
    dot="@",
    negative_dot="%",
    hollow="o",
    pending=".",
    positive=("'", "+", "#"),
    negative=(",", "-", "="),
    bad="!",
    bars="_.:-=+*#",
    fills="-=#",
    up="^",
    down="v",
    forward=">",
    backward="<",
    coming_forward="}",
    coming_backward="{",
    pointed=")",
    pointed_back="(",
    cursor=">",
    arrow=">",
    ellipsis="~",
    empty=".",
    old="'",
    frozen="*",
    edited="=",
    right="v",
    wrong="x",
    stop="#",
    split="",
    lines="-|+++++++++",
    heavy="=|####",
    unicode=False,
)
"""For terminals that are not UTF-8."""
