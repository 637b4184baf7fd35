"""What is lit, by name. Must not know lessons or pictures."""

from __future__ import annotations

from chainstep.tui.render.style.light import Light
from support.cases import each


@each("field", ["", ".data", ".grad", ".change"])
def test_what_has_a_number_lit_is_lit_itself(field: str) -> None:
    light = Light(names=frozenset({"a*b"}), numbers=frozenset({f"L1.n2.b{field}"}))

    assert {name for name in ("L1.n2.b", "a*b", "L1.n2", "L1.n2.w0") if light.on(name)} == {"L1.n2.b", "a*b"}
    assert {"L1.n2.b", "a*b"} <= light.things()
