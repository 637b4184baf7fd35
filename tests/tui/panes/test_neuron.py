"""The close-up fills in with each key, and empties again. Knows the app from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Opened = Callable[..., Any]


@pytest.mark.parametrize(
    ("example", "size", "rows"),
    [
        (
            "wonderland",
            (120, 36),
            [
                "multiply not raining +0.00 +5.00 +0.00",
                "multiply not busy +0.00 +2.00 +0.00",
                "2 add Σ of 2 +0.00",
                "multiply friends are exc +0.00 +4.00 +0.00",
                "2 add Σ +0.00",
                "3 bias -3.00 -3.00",
                "4 activate step → +0.00",
            ],
        ),
        (
            "neuron",
            (80, 24),
            [
                "multiply x1 +2.000 -3.000 -6.000",
                "multiply x2 +0.000 +1.000 +0.000",
                "2 add Σ -6.000",
                "3 bias +6.881 +0.881",
                "4 activate tanh → +0.707",
            ],
        ),
    ],
)
async def test_each_key_fills_in_one_op(opened: Opened, example: str, size: tuple[int, int], rows: list[str]) -> None:
    async with opened(example, size=size) as ui:

        def text() -> str:
            return " ".join(ui.line("neuron").translate(dict.fromkeys(map(ord, "×=▶▷▸│"), " ")).split())

        await ui.press("y")
        await ui.until(lambda: ui.region("neuron") and "1 multiply" in text())
        before = []
        for row in rows:
            before.append(text())
            await ui.press("right")
            shown = row.removeprefix("multiply ")
            assert shown not in before[-1]
            assert shown in text()
        assert ("stays quiet: -3 ≤ 0 (0 ≤ 3 " if example == "wonderland" else "positive: 0.8814 > 0") in text()
        while before:
            await ui.press("left")
            assert text() == before.pop()
