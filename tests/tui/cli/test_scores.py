"""What `train --json` says at its end of a table: the scores of the test part, in the data's units. Must not know how
they are measured.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_classes_end_with_their_confusion_and_what_is_reached_without_learning(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "kinds.csv"
    table.write_text("a,kind\n" + "".join(f"{k},{'high' if k >= 20 else 'low'}\n" for k in range(30)))
    *_, end = run("train", str(table), "--target", "kind", "--steps", "5", "--json").records
    (high, missed), (taken, low) = end["confusion"]
    assert (high + missed, taken + low) == (2, 4)
    assert end["test_accuracy"] == pytest.approx((low + high) / 6)
    assert end["baseline"] == pytest.approx(4 / 6)
    # Of a table it is worked out before anything trains, by what knows no engine.
    assert run("data", str(table), "--target", "kind", "--json").records[-1]["baseline"] == end["baseline"]
    assert "test_r2" not in end


def test_a_quantity_ends_with_r2_and_its_rmse_in_its_own_units(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "prices.csv"
    table.write_text("a,price\n" + "".join(f"{k},{300_000 + 5_000 * k}\n" for k in range(40)))
    *_, end = run("train", str(table), "--target", "price", "--steps", "300", "--json").records
    assert end["test_r2"] > 0.95
    assert 10 < end["test_rmse"] < end["baseline"] / 4
    assert 30_000 < end["baseline"] < 90_000
    before = run("data", str(table), "--target", "price", "--json").records[-1]
    assert before["baseline"] == pytest.approx(end["baseline"], rel=1e-12)
    assert end["test_accuracy"] is None
    assert "confusion" not in end
