"""What a lesson has one look at, by the names that stand on the screen. Must not know lessons, colours or pictures."""

from __future__ import annotations

from chainstep.engine.records import record

_FIELDS = ("", ".data", ".grad", ".change")
"""What may stand behind a name in that of one of its numbers."""


@record
class Light:
    """What is lit."""

    panes: frozenset[str] = frozenset()
    """Ids of panes."""
    covered: frozenset[str] = frozenset()
    """Ids of panes that would give away what is asked."""
    phases: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Of parameters, neurons and nodes: `L1.n2.w0`, `L1.n2`, `a*b`. A weight is its wire as well."""
    numbers: frozenset[str] = frozenset()
    """`a.grad`, `L1.n2.data`, `loss`."""
    wires: frozenset[tuple[str, str]] = frozenset()
    """Of a graph: from one node into another."""

    def on(self, name: str) -> bool:
        """Whether what is called so is lit, be it by one of its numbers."""
        return name in self.names or any(f"{name}{field}" in self.numbers for field in _FIELDS)

    def things(self) -> frozenset[str]:
        """All that is `on`, by name."""
        fields = _FIELDS[1:]
        bare = (number.removesuffix(field) for number in self.numbers for field in fields if number.endswith(field))
        return self.names | self.numbers | frozenset(bare)

    def number(self, name: str, field: str = "data") -> bool:
        """Whether one number of what is called so is lit: its `data`, `grad` or `change`."""
        return f"{name}.{field}" in self.numbers or (field == "data" and name in self.numbers)


DARK = Light()
"""Nothing is lit."""
