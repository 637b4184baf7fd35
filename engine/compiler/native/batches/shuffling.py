"""Writes the function that shuffles samples as Python's own generator does: Mersenne Twister (Matsumoto & Nishimura
1998), seeded by an array as CPython's `random` seeds it, many epochs beside one another. Must not know what the samples
are, nor who trains on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..code import Function
from ..frame import read

WIDTH = 16
"""Epochs whose generators go side by side, each in a lane of a vector."""

WORDS = 624
"""Words of a generator's state."""

SCRATCH = 2 * WORDS * WIDTH // 2 + WIDTH
"""Numbers of 64 bits that it needs for itself: the states, what they give, and how far each order has got."""

FIELDS = ("order", "keys", "scratch", "epochs", "length", "samples")
"""The fields of its frame, whole numbers of 64 bits, the first three addresses.

order: of each of the `epochs`, its `samples` by their numbers. keys: what each is seeded with, `length` bytes, the last
epoch's first, and so many bytes beside them that a word can be read behind the end; scratch: the function's own.
"""

_MIDDLE = 397
_LANES = f"<{WIDTH} x i32>"


def shuffling() -> str:
    """`i64 @orders(ptr frame)` makes orders as `random.Random(text).shuffle` does, where a key is the bytes of the
    number that Python makes of that text, from the lowest to the highest.
    """
    declared = "declare i32 @llvm.ctlz.i32(i32, i1)\n"
    return "\n".join((declared, _seed(), _generate(), _shuffle(), _orders()))


def _all(word: int) -> str:
    """The vector of one word."""
    return f"<{', '.join(WIDTH * [f'i32 {word}'])}>"


class _Lanes:
    """Arithmetic on a word a lane."""

    def __init__(self, code: Function) -> None:
        self._code = code

    def do(self, op: str, a: str, b: str | int) -> str:
        return self._code.binary(op, a, b if isinstance(b, str) else _all(b), _LANES)

    def mixed(self, words: str, shift: int, op: str = "lshr", mask: int | None = None) -> str:
        """words ^ (words shifted & mask)."""
        moved = self.do(op, words, shift)
        return self.do("xor", words, moved if mask is None else self.do("and", moved, mask))

    def at(self, base: str, place: str | int) -> str:
        return self._code.at(base, place, _LANES)

    def load(self, base: str, place: str | int) -> str:
        return self._code.load(self.at(base, place), _LANES)

    def store(self, words: str, base: str, place: str | int) -> None:
        self._code.store(words, self.at(base, place), _LANES)

    def spread(self, number: str) -> str:
        """A whole number's lower word in each."""
        return self._code.spread(self._code.value(f"trunc i64 {number} to i32"), "i32", WIDTH)


def _seed() -> str:
    """`@seed(state, table, keys, their length, epochs, the first lane's epoch)`: as `init_by_array` does."""
    head = "ptr noalias %state, ptr noalias %table, ptr noalias %keys, i64 %length, i64 %epochs, i64 %first"
    code = Function(f"define internal void @seed({head}) noinline")
    lanes = _Lanes(code)
    words = code.binary("udiv", code.plus("%length", 3), "4", "i64")
    _keys(code, words)
    lanes.store(_all(19650218), "%state", 0)
    with code.loop(WORDS, 1) as i:
        mixed = lanes.do("mul", lanes.mixed(lanes.load("%state", code.plus(i, -1)), 30), 1812433253)
        lanes.store(lanes.do("add", mixed, lanes.spread(i)), "%state", i)
    counter = code.variable("i64", "0")
    with _round(code, 1) as i:
        j = code.load(counter, "i64")
        mixed = lanes.do("mul", lanes.mixed(lanes.load("%state", code.plus(i, -1)), 30), 1664525)
        mixed = lanes.do("xor", lanes.load("%state", i), mixed)
        mixed = lanes.do("add", lanes.do("add", mixed, lanes.load("%table", j)), lanes.spread(j))
        lanes.store(mixed, "%state", i)
        after = code.plus(j, 1)
        ends = code.value(f"icmp eq i64 {after}, {words}")
        code.store(code.value(f"select i1 {ends}, i64 0, i64 {after}"), counter, "i64")
    with _round(code, 2) as i:
        mixed = lanes.do("mul", lanes.mixed(lanes.load("%state", code.plus(i, -1)), 30), 1566083941)
        mixed = lanes.do("xor", lanes.load("%state", i), mixed)
        lanes.store(lanes.do("sub", mixed, lanes.spread(i)), "%state", i)
    lanes.store(_all(0x80000000), "%state", 0)
    code.line("ret void")
    return code.text()


@contextmanager
def _round(code: Function, start: int) -> Iterator[str]:
    """Statements for each word but the first, from word `start` on and round, and for word 1 then."""
    lanes = _Lanes(code)
    with code.loop(WORDS + 1, start) as k:
        over = code.value(f"icmp eq i64 {k}, {WORDS}")
        with code.when(over):
            lanes.store(lanes.load("%state", WORDS - 1), "%state", 0)
        yield code.value(f"select i1 {over}, i64 1, i64 {k}")


def _keys(code: Function, words: str) -> None:
    """Put the words of the lanes' keys side by side; lanes that are not needed have the last epoch's."""
    spare = code.value(f"trunc i64 {code.times(code.binary('sub', code.times(words, 4), '%length', 'i64'), 8)} to i32")
    most = code.value(f"lshr i32 -1, {spare}")
    with code.loop(WIDTH) as lane:
        back = code.binary("sub", code.plus("%epochs", -1), code.plus("%first", lane), "i64")
        within = code.value(f"icmp sgt i64 {back}, 0")
        key = code.at("%keys", code.times(code.value(f"select i1 {within}, i64 {back}, i64 0"), "%length"), "i8")
        with code.loop(words) as j:
            last = code.value(f"icmp eq i64 {code.plus(j, 1)}, {words}")
            mask = code.value(f"select i1 {last}, i32 {most}, i32 -1")
            word = code.binary("and", code.load(code.at(key, j, "i32"), "i32", 1), mask, "i32")
            code.store(word, code.at("%table", code.plus(code.times(j, WIDTH), lane), "i32"), "i32", 4)


def _generate() -> str:
    """`@generate(state, words)`: the next words of all lanes."""
    code = Function("define internal void @generate(ptr noalias %state, ptr noalias %words) noinline")
    for start, stop, far in ((0, WORDS - _MIDDLE, _MIDDLE), (WORDS - _MIDDLE, WORDS - 1, _MIDDLE - WORDS)):
        with code.loop(stop, start) as k:
            _twist(code, k, code.plus(k, 1), code.plus(k, far))
    _twist(code, WORDS - 1, 0, _MIDDLE - 1)
    code.line("ret void")
    return code.text()


def _twist(code: Function, place: str | int, after: str | int, far: str | int) -> None:
    lanes = _Lanes(code)
    high = lanes.do("and", lanes.load("%state", place), 0x80000000)
    both = lanes.do("or", high, lanes.do("and", lanes.load("%state", after), 0x7FFFFFFF))
    odd = lanes.do("sub", _all(0), lanes.do("and", both, 1))
    moved = lanes.do("xor", lanes.load("%state", far), lanes.do("lshr", both, 1))
    word = lanes.do("xor", moved, lanes.do("and", odd, 0x9908B0DF))
    lanes.store(word, "%state", place)
    word = lanes.mixed(word, 11)
    word = lanes.mixed(word, 7, "shl", 0x9D2C5680)
    word = lanes.mixed(word, 15, "shl", 0xEFC60000)
    lanes.store(lanes.mixed(word, 18), "%words", place)


def _shuffle() -> str:
    """`i64 @shuffle(order, i, words)`: shuffle on from place i by one lane's words, as far as they go; where it is
    then. A word whose upper bits are no place up to i is passed over.
    """
    code = Function("define internal i64 @shuffle(ptr noalias %order, i64 %i, ptr noalias %words) noinline")
    place, used = code.variable("i64", "%i"), code.variable("i64", "0")
    going = code.variable("i1", code.value("icmp sgt i64 %i, 0"))
    with code.loop_while(going):
        i, k = code.load(place, "i64"), code.load(used, "i64")
        word = code.load(code.at("%words", code.times(k, WIDTH), "i32"), "i32", 4)
        size = code.value(f"trunc i64 {code.plus(i, 1)} to i32")
        shift = code.value(f"call i32 @llvm.ctlz.i32(i32 {size}, i1 true)")
        j = code.value(f"zext i32 {code.value(f'lshr i32 {word}, {shift}')} to i64")
        fits = code.value(f"icmp sle i64 {j}, {i}")
        one = code.at("%order", i, "i64")
        other = code.at("%order", code.value(f"select i1 {fits}, i64 {j}, i64 {i}"), "i64")
        a, b = code.load(one, "i64"), code.load(other, "i64")
        code.store(b, one, "i64")
        code.store(a, other, "i64")
        i = code.binary("sub", i, code.value(f"zext i1 {fits} to i64"), "i64")
        k = code.plus(k, 1)
        code.store(i, place, "i64")
        code.store(k, used, "i64")
        left, more = code.value(f"icmp sgt i64 {i}, 0"), code.value(f"icmp slt i64 {k}, {WORDS}")
        code.store(code.binary("and", left, more, "i1"), going, "i1")
    code.line(f"ret i64 {code.load(place, 'i64')}")
    return code.text()


def _orders() -> str:
    code = Function("define i64 @orders(ptr noalias %frame) nounwind")
    at = read(code, FIELDS, FIELDS[3:])
    words = code.at(at["scratch"], WORDS * WIDTH // 2, "i64")
    places = code.at(words, WORDS * WIDTH // 2, "i64")
    with code.loop(at["epochs"], 0, WIDTH) as first:
        lengths = f"i64 {at['length']}, i64 {at['epochs']}, i64 {first}"
        code.line(f"call void @seed(ptr {at['scratch']}, ptr {words}, ptr {at['keys']}, {lengths})")
        rest = code.binary("sub", at["epochs"], first, "i64")
        count = code.least(rest, WIDTH)
        with code.loop(count) as lane:
            code.store(code.plus(at["samples"], -1), code.at(places, lane, "i64"), "i64")
            own = code.at(at["order"], code.times(code.plus(first, lane), at["samples"]), "i64")
            with code.loop(at["samples"]) as k:
                code.store(k, code.at(own, k, "i64"), "i64")
        going = code.variable("i1", "true")
        with code.loop_while(going):
            code.line(f"call void @generate(ptr {at['scratch']}, ptr {words})")
            code.store("false", going, "i1")
            with code.loop(count) as lane:
                own = code.at(at["order"], code.times(code.plus(first, lane), at["samples"]), "i64")
                place, drawn = code.at(places, lane, "i64"), code.at(words, lane, "i32")
                left = code.value(f"call i64 @shuffle(ptr {own}, i64 {code.load(place, 'i64')}, ptr {drawn})")
                code.store(left, place, "i64")
                more = code.binary("or", code.load(going, "i1"), code.value(f"icmp sgt i64 {left}, 0"), "i1")
                code.store(more, going, "i1")
    code.line("ret i64 0")
    return code.text()
