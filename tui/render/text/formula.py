"""Names in place of the fields of a rule, in brackets where they would be torn apart. Must not know where rules come
from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..canvas import numbers

FIELD = re.compile(r"\{([^{}]+)\}")

_AHEAD = re.compile(r"(\*\*|[-+*/·^])\s*$")
_BEHIND = re.compile(r"\s*(\*\*|[-+*/·^²])")

_SUM, _PRODUCT, _SIGN, _POWER, _PLAIN = 1, 2, 3, 4, 9
"""How tightly something binds."""

_BINDING = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "·": _PRODUCT, "**": _POWER, "^": _POWER, "²": _POWER}


def named(rule: str, names: Mapping[str, str]) -> str:
    """The rule with a name for each `{field}`: `{a}/{b}` becomes `(a + b)/c`."""
    parts = FIELD.split(rule)
    for k in range(1, len(parts), 2):
        name = names.get(parts[k], parts[k])
        first = k == 1 and not parts[0].strip("- ")
        parts[k] = f"({name})" if _torn(name, parts[k - 1], parts[k + 1], first=first) else name
    return "".join(parts)


def in_numbers(rule: str, numbers_of: Mapping[str, float]) -> str:
    """The rule with a number for each `{field}`: `{b} · {g}` becomes `(-3.0) × 1.0`."""
    parts = FIELD.split(rule)
    for k in range(1, len(parts), 2):
        number = numbers.plain(numbers_of[parts[k]]) if parts[k] in numbers_of else parts[k]
        parts[k] = f"({number})" if number.startswith("-") and any(part.strip() for part in parts[::2]) else number
    return "".join(parts).replace("·", "×")


def _torn(name: str, before: str, after: str, *, first: bool) -> bool:
    """Whether an operator beside a name binds more tightly than what the name is made of."""
    ahead, behind, own = _AHEAD.search(before), _BEHIND.match(after), _binding(name)
    sign = ahead is not None and ahead[1] == "-" and (first or before[: ahead.start()].rstrip().endswith(("(", "[")))
    # Floats do not associate: a + (b + c) keeps its brackets, and so does (a**b)**c.
    if ahead is not None and own <= (_PRODUCT if sign else _BINDING[ahead[1]]):
        return True
    return behind is not None and own < _BINDING[behind[1]] + (_BINDING[behind[1]] == _POWER)


def _binding(name: str) -> int:
    """How tightly the loosest operator of a name binds that is in no brackets."""
    depth, bare = 0, ""
    for letter in name:
        depth -= letter in ")]"
        bare += letter if not depth else ""
        depth += letter in "(["
    if re.search(r" [^*/·\s]", bare):
        return _SUM
    if re.search(r"(?<!\*)\*(?!\*)|[/·]", bare):
        return _PRODUCT
    if bare.startswith("-"):
        return _SIGN
    return _POWER if "**" in bare else _PLAIN
