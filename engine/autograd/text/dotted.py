"""Names of values as people type them, `L1.n2.w0.grad`, in a text that `ast` has read. Must not know what has such a
name.
"""

from __future__ import annotations

import ast

ASPECTS = ("data", "grad", "change")
"""What can be asked of a value: `.change` is what a parameter's last update added."""


def dotted(node: ast.expr) -> str | None:
    """`L1.n2.w0` as it was written; None where it is no name."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            before = dotted(value)
            return None if before is None else f"{before}.{attribute}"
    return None
