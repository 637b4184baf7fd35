"""What a class does to its memory before it forks. Must not know what is run in a session."""

from __future__ import annotations

import os
import sys
import termios

from chainstep.tui.classroom.serving import packing
from chainstep.tui.classroom.serving.scout import scout


def test_what_comes_after_lies_in_no_hole() -> None:
    size = 336
    length = size - sys.getsizeof(b"")
    made = [bytes(length) for _ in range(500)]
    holes = set(map(id, made[::2]))
    del made[::2]
    packing._fill(size)
    after = [bytes(length) for _ in range(200)]
    packing._kept.clear()
    assert not holes & set(map(id, after))


def _answered(size: tuple[int, int]) -> bool:
    """Draws, and waits for two keys in a terminal of that size."""
    modes = termios.tcgetattr(0)
    modes[3] &= ~(termios.ICANON | termios.ECHO)
    termios.tcsetattr(0, termios.TCSANOW, modes)
    os.write(1, b"?")
    return os.read(0, 1) + os.read(0, 1) == b"ab" and os.get_terminal_size(0) == size


def test_a_scout_tells_what_was_run_which_is_laid_side_by_side() -> None:
    def outer() -> str:
        return "".join(inner(each) for each in "ab")

    def inner(text: str) -> str:
        return text + text

    run = scout(lambda: _answered((70, 20)) and outer(), [b"a", b"b"], (70, 20))
    of_outer, of_inner = outer.__code__, inner.__code__
    within = next(each for each in of_outer.co_consts if hasattr(each, "co_code"))
    ours = {id(_answered.__code__), id(of_outer), id(of_inner), id(within)}
    assert ours <= run
    packing.pack(run & ours)
    packing._kept.clear()
    assert outer.__code__ is not of_outer
    assert inner.__code__ is not of_inner
    assert not any(each is within for each in outer.__code__.co_consts)
    assert outer() == "aabb"


def test_a_scout_that_fails_tells_nothing() -> None:
    assert scout(lambda: 1 / 0, [b"a"], (70, 20)) == set()
