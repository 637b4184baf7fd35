"""The one kernel of a network: sums of products over rows, in order, with sizes that are told when it runs. Must not
know layers.
"""

from __future__ import annotations

from .code import LANES, VECTOR, Function

TILES = (8, 4, 1)
"""Rows of the result that are computed at once: so many sums are under way, none of which waits for another. What the
larger tiles leave over, the smaller ones do. They are two vectors of columns wide, so that a number of a is loaded half
as often, and one where no two are left.
"""

ARGUMENTS = "ptr noalias %c, i64 %ldc, ptr noalias readonly %a, i64 %am, i64 %ar, ptr noalias readonly %b, i64 %ldb"
SIZES = "i64 %rows, i64 %columns, i64 %terms, i1 %anew, double %start"


def kernel() -> str:
    """`@sums` begins each sum `anew` with %start, or with what is there:

    c[m][n] = start + a[0][m]·b[0][n] + a[1][m]·b[1][n] + … for m < rows, n < columns, added in that order, one rounded
    product and one rounded sum after the other. c and b have `ldc` and `ldb` numbers from row to row; a has `am` from
    one m to the next, and `ar` from term to term. Of b whole vectors are read; of c nothing is touched behind a row.
    """
    code = Function(f"define internal void @sums({ARGUMENTS}, {SIZES}) noinline nounwind")
    begins = code.spread("%start")
    rows = [_whole(code, "%rows", tile) for tile in TILES]
    pairs = _whole(code, "%columns", 2 * LANES)
    for vectors, first, last in ((2, "0", pairs), (1, pairs, "%columns")):
        with code.loop(last, first, LANES * vectors) as n:
            mask = _mask(code, n) if vectors == 1 else ""
            for tile, start, end in zip(TILES, ("0", *rows), rows, strict=False):
                with code.loop(end, start, tile) as m:
                    _tile(code, (m, n), (tile, vectors), mask, begins)
    code.line("ret void")
    return "\n".join((*_MASKED, code.text()))


def _whole(code: Function, count: str, size: int) -> str:
    """The largest multiple of a size up to a count."""
    return code.binary("sub", count, code.binary("urem", count, str(size), "i64"), "i64")


def _mask(code: Function, n: str) -> str:
    """Which lanes of a vector from column n on are columns at all."""
    rest = code.spread(code.binary("sub", "%columns", n, "i64"), "i64")
    places = ", ".join(f"i64 {lane}" for lane in range(LANES))
    return code.value(f"icmp slt <{LANES} x i64> <{places}>, {rest}")


def _tile(code: Function, corner: tuple[str, str], size: tuple[int, int], mask: str, begins: str) -> None:
    """Rows of the result by vectors of columns, from a corner (m, n) on, of which a mask may leave out some lanes."""
    m, n = corner
    beside = range(0, LANES * size[1], LANES)
    lines = [code.at("%c", code.plus(code.times(code.plus(m, k), "%ldc"), n)) for k in range(size[0])]
    places = [[code.at(line, v) for v in beside] for line in lines]
    sums = [[code.variable(VECTOR, _begun(code, place, mask, begins)) for place in line] for line in places]
    with code.loop("%terms") as r:
        row, along = code.at("%b", code.plus(code.times(r, "%ldb"), n)), code.times(r, "%ar")
        taken = [code.load(code.at(row, v), VECTOR) for v in beside]
        for k, line in enumerate(sums):
            factor = code.load(code.at("%a", code.plus(code.times(code.plus(m, k), "%am"), along)))
            spread = code.spread(factor)
            for total, numbers in zip(line, taken, strict=True):
                product = code.binary("fmul", spread, numbers, VECTOR)
                code.store(code.binary("fadd", code.load(total, VECTOR), product, VECTOR), total, VECTOR)
    for line, totals in zip(places, sums, strict=True):
        for place, total in zip(line, totals, strict=True):
            _put(code, code.load(total, VECTOR), place, mask)


_MASKED = (
    f"declare {VECTOR} @llvm.masked.load.v{LANES}f64.p0(ptr, i32, <{LANES} x i1>, {VECTOR})",
    f"declare void @llvm.masked.store.v{LANES}f64.p0({VECTOR}, ptr, i32, <{LANES} x i1>)",
)
"""What reads and writes some lanes alone."""


def _begun(code: Function, place: str, mask: str, begins: str) -> str:
    """A vector of sums as they begin."""
    if mask:
        function, rest = f"@llvm.masked.load.v{LANES}f64.p0", f"i32 8, <{LANES} x i1> {mask}, {VECTOR} zeroinitializer"
        there = code.value(f"call {VECTOR} {function}(ptr {place}, {rest})")
    else:
        there = code.load(place, VECTOR)
    return code.value(f"select i1 %anew, {VECTOR} {begins}, {VECTOR} {there}")


def _put(code: Function, sums: str, place: str, mask: str) -> None:
    """Put a vector of sums where it belongs."""
    if mask:
        function = f"@llvm.masked.store.v{LANES}f64.p0"
        code.line(f"call void {function}({VECTOR} {sums}, ptr {place}, i32 8, <{LANES} x i1> {mask})")
    else:
        code.store(sums, place, VECTOR)
