"""Writes the function that hashes texts as SHA-512 does (FIPS 180-4), many beside one another. Must not know what the
hashes are for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, islice

from ..code import Function
from .lanes import WIDTH, Lanes

BLOCK = 128
"""Bytes that are taken in at once."""

ROUNDS = 80
"""Rounds for each block, and words that one makes of its sixteen."""

_WORDS = BLOCK // 8


def padded(texts: Sequence[bytes]) -> bytes:
    """Texts of one length in whole blocks, one behind the other, as they are to be hashed."""
    bits = 8 * len(texts[0])
    behind = b"\x80" + bytes(-(len(texts[0]) + 17) % BLOCK) + bits.to_bytes(16, "big")
    return behind.join(texts) + behind


def hashing() -> str:
    """`@hash(hashes, room, texts, blocks of each, texts, the first one)`: the hashes of as many texts as there are
    lanes, from the first one on, word by word. Lanes that are not needed have the last text's.
    """
    head = "ptr noalias %hashes, ptr noalias %room, ptr noalias %texts, i64 %blocks, i64 %count, i64 %first"
    code = Function(f"define internal void @hash({head}) noinline")
    lanes = Lanes(code, 64)
    for place, root in enumerate(islice(_roots(2), 8)):
        lanes.store(lanes.all(root), "%hashes", place)
    with code.loop("%blocks") as block:
        _words(code, lanes, block)
        with code.loop(ROUNDS, _WORDS) as t:
            new, old = (lanes.load("%room", code.plus(t, -back)) for back in (2, 15))
            new, old = _folded(lanes, new, (19, 61), 6), _folded(lanes, old, (1, 8), 7)
            kept = [lanes.load("%room", code.plus(t, -back)) for back in (7, 16)]
            lanes.store(lanes.do("add", new, old, *kept), "%room", t)
        _rounds(code, lanes)
    code.line("ret void")
    factors = ", ".join(f"i64 {root}" for root in islice(_roots(3), ROUNDS))
    return f"@factors = internal constant [{ROUNDS} x i64] [{factors}]\n" + code.text()


def _roots(power: int) -> Iterator[int]:
    """The first 64 bits behind the point of the primes' roots: SHA-512's constants."""
    for number in count(2):
        if all(number % factor for factor in range(2, number)):
            low, high = 0, number << 64
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if middle**power <= number << 64 * power else (low, middle)
            yield low % 2**64


def _words(code: Function, lanes: Lanes, block: str) -> None:
    """Put the words of a block side by side: their first byte is the highest."""
    with code.loop(WIDTH) as lane:
        own = code.least(code.plus("%first", lane), code.plus("%count", -1))
        text = code.at("%texts", code.times(code.plus(code.times(own, "%blocks"), block), BLOCK), "i8")
        with code.loop(_WORDS) as word:
            read = code.load(code.at(text, word, "i64"), "i64", 1)
            place = code.at("%room", code.plus(code.times(word, WIDTH), lane), "i64")
            code.store(code.value(f"call i64 @llvm.bswap.i64(i64 {read})"), place, "i64")


def _folded(lanes: Lanes, words: str, turns: Sequence[int], shift: int | None = None) -> str:
    """What words, turned by so many places each time, have in common or not; one of them is only shifted."""
    parts = [lanes.turned(words, places) for places in turns]
    return lanes.do("xor", *parts, *([] if shift is None else [lanes.do("lshr", words, shift)]))


def _rounds(code: Function, lanes: Lanes) -> None:
    """Take a block's words in."""
    before = [lanes.load("%hashes", place) for place in range(8)]
    places = [code.variable(lanes.kind, words) for words in before]
    with code.loop(ROUNDS) as t:
        a, b, c, d, e, f, g, h = (code.load(place, lanes.kind) for place in places)
        factor = lanes.spread(code.load(code.at("@factors", t, "i64"), "i64"))
        chosen = lanes.do("xor", g, lanes.do("and", e, lanes.do("xor", f, g)))
        most = lanes.do("or", lanes.do("and", a, b), lanes.do("and", c, lanes.do("or", a, b)))
        given = lanes.do("add", h, factor, lanes.load("%room", t), chosen, _folded(lanes, e, (14, 18, 41)))
        own = lanes.do("add", most, _folded(lanes, a, (28, 34, 39)))
        after = lanes.do("add", given, own), a, b, c, lanes.do("add", d, given), e, f, g
        for words, place in zip(after, places, strict=True):
            code.store(words, place, lanes.kind)
    for number, (words, place) in enumerate(zip(before, places, strict=True)):
        lanes.store(lanes.do("add", words, code.load(place, lanes.kind)), "%hashes", number)
