"""The one kernel of a network: sums of products over rows, in order, with sizes that are told when it runs. Must not
know layers.
"""

from __future__ import annotations

from .code import LANES, VECTOR, Function

TILES = (8, 4, 1)
"""Rows of the result that are computed at once: so many sums are under way, none of which waits for another. What the
larger tiles leave over, the smaller ones do.
"""

BESIDE = (2, 1)
"""Vectors of columns that they are computed for at once: with two, a number of a is loaded half as often."""

ARGUMENTS = "ptr noalias %c, i64 %ldc, ptr noalias readonly %a, i64 %am, i64 %ar, ptr noalias readonly %b, i64 %ldb"
SIZES = "i64 %rows, i64 %columns, i64 %terms, i1 %anew, double %start"


def kernel() -> str:
    """`@sums` begins each sum `anew` with %start, or with what is there:

    c[m][n] = start + a[0][m]·b[0][n] + a[1][m]·b[1][n] + … for m < rows, n < columns, added in that order, one rounded
    product and one rounded sum after the other. c and b have `ldc` and `ldb` numbers from row to row; a has `am` from
    one m to the next, and `ar` from term to term. Columns come in whole vectors.
    """
    code = Function(f"define internal void @sums({ARGUMENTS}, {SIZES}) noinline nounwind")
    begins = _spread(code, "%start")
    rows = [_whole(code, "%rows", tile) for tile in TILES]
    columns = [_whole(code, "%columns", LANES * vectors) for vectors in BESIDE]
    for vectors, first, last in zip(BESIDE, ("0", *columns), columns, strict=False):
        with code.loop(last, first, LANES * vectors) as n:
            for tile, start, end in zip(TILES, ("0", *rows), rows, strict=False):
                with code.loop(end, start, tile) as m:
                    _tile(code, (m, n), tile, vectors, begins)
    code.line("ret void")
    return code.text()


def _whole(code: Function, count: str, size: int) -> str:
    """The largest multiple of a size up to a count."""
    return code.binary("sub", count, code.binary("urem", count, str(size), "i64"), "i64")


def _tile(code: Function, corner: tuple[str, str], rows: int, vectors: int, begins: str) -> None:
    """`rows` rows of the result and `vectors` vectors of columns, from a corner (m, n) on."""
    m, n = corner
    beside = range(0, LANES * vectors, LANES)
    lines = [code.at("%c", code.plus(code.times(code.plus(m, k), "%ldc"), n)) for k in range(rows)]
    places = [[code.at(line, v) for v in beside] for line in lines]
    sums = [[_begun(code, place, begins) for place in line] for line in places]
    with code.loop("%terms") as r:
        row, along = code.at("%b", code.plus(code.times(r, "%ldb"), n)), code.times(r, "%ar")
        taken = [code.load(code.at(row, v), VECTOR) for v in beside]
        for k, line in enumerate(sums):
            factor = code.load(code.at("%a", code.plus(code.times(code.plus(m, k), "%am"), along)))
            spread = _spread(code, factor)
            for total, numbers in zip(line, taken, strict=True):
                product = code.binary("fmul", spread, numbers, VECTOR)
                code.store(code.binary("fadd", code.load(total, VECTOR), product, VECTOR), total, VECTOR)
    for line, totals in zip(places, sums, strict=True):
        for place, total in zip(line, totals, strict=True):
            code.store(code.load(total, VECTOR), place, VECTOR)


def _begun(code: Function, place: str, begins: str) -> str:
    """A sum that is under way."""
    first = code.value(f"select i1 %anew, {VECTOR} {begins}, {VECTOR} {code.load(place, VECTOR)}")
    return code.variable(VECTOR, first)


def _spread(code: Function, value: str) -> str:
    """A vector of one number."""
    lone = code.value(f"insertelement {VECTOR} poison, double {value}, i64 0")
    return code.value(f"shufflevector {VECTOR} {lone}, {VECTOR} poison, <{LANES} x i32> zeroinitializer")
