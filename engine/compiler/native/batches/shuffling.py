"""Writes the function that shuffles samples as Python's own generator does: Mersenne Twister (Matsumoto & Nishimura
1998), seeded by a text as CPython's `random` seeds it, many epochs beside one another. Must not know what the samples
are, nor who trains on them.
"""

from __future__ import annotations

from ..code import Function
from ..frame import read
from .hashing import BLOCK, ROUNDS, hashing
from .lanes import WIDTH, Lanes

WORDS = 624
"""Words of a generator's state."""

LONGEST = 2_000
"""Bytes of a text at most: with its hash it is no longer than a state."""

_PART = WORDS // 3
"""Words that it gives at once. Few samples do not need more."""

SCRATCH = (WORDS + WORDS) * WIDTH // 2 + WIDTH
"""Numbers of 64 bits that it needs for itself: the states, what they are made of and what they give, and how far each
order has got.
"""

FIELDS = ("order", "texts", "scratch", "epochs", "length", "samples")
"""The fields of its frame, whole numbers of 64 bits, the first three addresses.

order: of each of the `epochs`, its `samples` by their numbers. texts: what each is seeded with, `length` bytes, in
blocks as they are hashed. scratch: the function's own.
"""

_MIDDLE = 397
_FIRST = 19650218
_HASHED = 16
"""Words of a hash."""


def shuffling() -> str:
    """`i64 @orders(ptr frame)` makes orders as `random.Random(text).shuffle` does."""
    declared = "declare i32 @llvm.ctlz.i32(i32, i1)\ndeclare i32 @llvm.bswap.i32(i32)\ndeclare i64 @llvm.bswap.i64(i64)"
    return "\n".join((declared, hashing(), _seed(), _generate(), _shuffle(), _orders()))


def _seed() -> str:
    """`@seed(state, table, texts, blocks of each, their length, epochs, the first lane's epoch)`: Python makes one
    number of a text and its hash, and `init_by_array` takes that number's words, the lowest first.
    """
    head = "ptr noalias %state, ptr noalias %table, ptr noalias %texts"
    sizes = "i64 %blocks, i64 %length, i64 %count, i64 %first"
    code = Function(f"define internal void @seed({head}, {sizes}) noinline")
    lanes = Lanes(code, 32)
    hashes = code.at("%state", ROUNDS * WIDTH, "i64")
    code.line(f"call void @hash(ptr {hashes}, ptr %state, ptr %texts, i64 %blocks, i64 %count, i64 %first)")
    _hashed(code, lanes, hashes)
    _read(code)
    words = code.binary("udiv", code.plus("%length", 4 * _HASHED + 3), "4", "i64")
    counter, before = code.variable("i64", "0"), code.variable(lanes.kind, lanes.all(_FIRST))

    def take(own: str) -> str:
        """Mix the next word of the number into the own one of a place."""
        j = code.load(counter, "i64")
        after = code.plus(j, 1)
        ends = code.value(f"icmp eq i64 {after}, {words}")
        code.store(code.value(f"select i1 {ends}, i64 0, i64 {after}"), counter, "i64")
        given = lanes.do("add", lanes.load("%table", j), lanes.spread(j))
        return _mix(code, lanes, before, (own, 1664525, given))

    def stir(place: str | int) -> None:
        number = lanes.spread(place) if isinstance(place, str) else lanes.all(place)
        given = lanes.load("%state", place), 1566083941, lanes.do("sub", 0, number)
        lanes.store(_mix(code, lanes, before, given), "%state", place)

    lone = code.variable("i32", str(_FIRST))
    with code.loop(WORDS, 1) as i:
        lanes.store(take(_begun(code, lone, i)), "%state", i)
    lanes.store(take(lanes.load("%state", 1)), "%state", 1)
    with code.loop(WORDS, 2) as i:
        stir(i)
    stir(1)
    lanes.store(lanes.all(0x80000000), "%state", 0)
    code.line("ret void")
    return code.text()


def _begun(code: Function, lone: str, place: str) -> str:
    """What every state has at a place to begin with, by a variable that has what it has at the place before."""
    word = code.load(lone, "i32")
    mixed = code.binary("xor", word, code.binary("lshr", word, "30", "i32"), "i32")
    mixed = code.binary("mul", mixed, "1812433253", "i32")
    mixed = code.binary("add", mixed, code.value(f"trunc i64 {place} to i32"), "i32")
    code.store(mixed, lone, "i32")
    return code.spread(mixed, "i32", WIDTH)


def _mix(code: Function, lanes: Lanes, before: str, given: tuple[str, int, str]) -> str:
    """What a place gets, of its own words, a factor on the words before, which are a variable, and a summand."""
    own, factor, summand = given
    mixed = lanes.do("mul", lanes.mixed(code.load(before, lanes.kind), 30), factor)
    mixed = lanes.do("add", lanes.do("xor", own, mixed), summand)
    code.store(mixed, before, lanes.kind)
    return mixed


def _hashed(code: Function, lanes: Lanes, hashes: str) -> None:
    """The words of the hashes: they are the lowest, the last ones first."""
    for place in range(_HASHED // 2):
        whole = Lanes(code, 64)
        words = whole.load(hashes, _HASHED // 2 - 1 - place)
        for half, part in enumerate((words, whole.do("lshr", words, 32))):
            word = code.value(f"trunc {whole.kind} {part} to {lanes.kind}")
            lanes.store(word, "%table", 2 * place + half)


def _read(code: Function) -> None:
    """The words of the texts behind those, from their ends on; lanes that are not needed have the last epoch's."""
    words = code.binary("udiv", code.plus("%length", 3), "4", "i64")
    with code.loop(WIDTH) as lane:
        own = code.least(code.plus("%first", lane), code.plus("%count", -1))
        text = code.at("%texts", code.times(code.times(own, "%blocks"), BLOCK), "i8")
        with code.loop(words) as j:
            start = code.binary("sub", "%length", code.times(code.plus(j, 1), 4), "i64")
            # The last one begins before the text: of what is read there instead its lowest bytes are none of it.
            short = code.least(start, 0)
            place = code.at(text, code.binary("sub", start, short, "i64"), "i8")
            word = code.value(f"call i32 @llvm.bswap.i32(i32 {code.load(place, 'i32', 1)})")
            over = code.value(f"trunc i64 {code.times(short, -8)} to i32")
            table = code.at("%table", code.plus(code.times(code.plus(j, _HASHED), WIDTH), lane), "i32")
            code.store(code.binary("lshr", word, over, "i32"), table, "i32", 4)


def _generate() -> str:
    """`@generate(state, words, from word)`: the next words of all lanes."""
    code = Function("define internal void @generate(ptr noalias %state, ptr noalias %words, i64 %first) noinline")
    lanes = Lanes(code, 32)
    with code.loop(_PART) as k:
        place = code.plus("%first", k)
        after, far = (_behind(code, place, further) for further in (1, _MIDDLE))
        high = lanes.do("and", lanes.load("%state", place), 0x80000000)
        both = lanes.do("or", high, lanes.do("and", lanes.load("%state", after), 0x7FFFFFFF))
        odd = lanes.do("sub", 0, lanes.do("and", both, 1))
        moved = lanes.do("xor", lanes.load("%state", far), lanes.do("lshr", both, 1))
        word = lanes.do("xor", moved, lanes.do("and", odd, 0x9908B0DF))
        lanes.store(word, "%state", place)
        word = lanes.mixed(word, 11)
        word = lanes.mixed(word, 7, "shl", 0x9D2C5680)
        word = lanes.mixed(word, 15, "shl", 0xEFC60000)
        lanes.store(lanes.mixed(word, 18), "%words", k)
    code.line("ret void")
    return code.text()


def _behind(code: Function, place: str, further: int) -> str:
    """A place of a state so much further, round."""
    wanted = code.plus(place, further)
    within = code.value(f"icmp slt i64 {wanted}, {WORDS}")
    return code.value(f"select i1 {within}, i64 {wanted}, i64 {code.plus(wanted, -WORDS)}")


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
        left, more = code.value(f"icmp sgt i64 {i}, 0"), code.value(f"icmp slt i64 {k}, {_PART}")
        code.store(code.binary("and", left, more, "i1"), going, "i1")
    code.line(f"ret i64 {code.load(place, 'i64')}")
    return code.text()


def _orders() -> str:
    code = Function("define i64 @orders(ptr noalias %frame) nounwind")
    at = read(code, FIELDS, FIELDS[3:])
    words = code.at(at["scratch"], WORDS * WIDTH // 2, "i64")
    places = code.at(words, WORDS * WIDTH // 2, "i64")
    blocks = code.binary("udiv", code.plus(at["length"], 16 + BLOCK), str(BLOCK), "i64")
    with code.loop(at["epochs"], 0, WIDTH) as first:
        told = f"ptr {at['texts']}, i64 {blocks}, i64 {at['length']}, i64 {at['epochs']}, i64 {first}"
        code.line(f"call void @seed(ptr {at['scratch']}, ptr {words}, {told})")
        rest = code.binary("sub", at["epochs"], first, "i64")
        count = code.least(rest, WIDTH)
        with code.loop(count) as lane:
            code.store(code.plus(at["samples"], -1), code.at(places, lane, "i64"), "i64")
            own = code.at(at["order"], code.times(code.plus(first, lane), at["samples"]), "i64")
            with code.loop(at["samples"]) as k:
                code.store(k, code.at(own, k, "i64"), "i64")
        going, part = code.variable("i1", "true"), code.variable("i64", "0")
        with code.loop_while(going):
            start = code.load(part, "i64")
            code.line(f"call void @generate(ptr {at['scratch']}, ptr {words}, i64 {start})")
            code.store(_behind(code, start, _PART), part, "i64")
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
