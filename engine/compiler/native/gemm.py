"""The one kernel of a network: sums of products over rows, in order, with sizes that are told when it runs. Must not
know layers.
"""

from __future__ import annotations

from .code import LANES, VECTOR, Function

TILES = (8, 4, 1)
"""Rows of the result that are computed at once: so many sums are under way, none of which waits for another. What the
larger tiles leave over, the smaller ones do.
"""

ARGUMENTS = "ptr %c, i64 %ldc, ptr %a, i64 %am, i64 %ar, ptr %b, i64 %ldb, i64 %rows, i64 %columns, i64 %terms"


def kernels() -> str:
    """`@sums` begins each sum with %start, and `@add` with what is there:

    c[m][n] = start + a[0][m]·b[0][n] + a[1][m]·b[1][n] + … for m < rows, n < columns, added in that order, one rounded
    product and one rounded sum after the other. c and b have `ldc` and `ldb` numbers from row to row; a has `am` from
    one m to the next, and `ar` from term to term. Columns come in whole vectors.
    """
    return _kernel("add", "") + _kernel("sums", ", double %start")


def _kernel(name: str, more: str) -> str:
    arguments = ARGUMENTS.replace("ptr %c", "ptr noalias %c").replace("ptr %a", "ptr noalias readonly %a")
    arguments = arguments.replace("ptr %b", "ptr noalias readonly %b")
    code = Function(f"define internal void @{name}({arguments}{more}) noinline nounwind")
    begins = _spread(code, "%start") if more else None
    ends = [code.binary("sub", "%rows", code.binary("srem", "%rows", str(tile), "i64"), "i64") for tile in TILES]
    with code.loop("%columns", 0, LANES) as n:
        for tile, start, end in zip(TILES, ("0", *ends), ends, strict=False):
            with code.loop(end, start, tile) as m:
                _tile(code, m, n, tile, begins)
    code.line("ret void")
    return code.text()


def _tile(code: Function, m: str, n: str, rows: int, begins: str | None) -> None:
    """`rows` rows of the result from m on, and a vector of columns from n on."""
    places = [code.at("%c", code.plus(code.times(code.plus(m, k), "%ldc"), n)) for k in range(rows)]
    sums = [code.variable(VECTOR, begins or code.load(place, VECTOR)) for place in places]
    with code.loop("%terms") as r:
        row = code.load(code.at("%b", code.plus(code.times(r, "%ldb"), n)), VECTOR)
        along = code.times(r, "%ar")
        for k, total in enumerate(sums):
            factor = code.load(code.at("%a", code.plus(code.times(code.plus(m, k), "%am"), along)))
            product = code.binary("fmul", _spread(code, factor), row, VECTOR)
            code.store(code.binary("fadd", code.load(total, VECTOR), product, VECTOR), total, VECTOR)
    for place, total in zip(places, sums, strict=True):
        code.store(code.load(total, VECTOR), place, VECTOR)


def _spread(code: Function, value: str) -> str:
    """A vector of one number."""
    lone = code.value(f"insertelement {VECTOR} poison, double {value}, i64 0")
    return code.value(f"shufflevector {VECTOR} {lone}, {VECTOR} poison, <{LANES} x i32> zeroinitializer")
