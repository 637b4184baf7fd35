"""`python -m tests.bench`: measures everything once and prints the table. Must not know how anything is measured."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]

# Not the checkout itself: its folders `datasets` and `engine` are other people's names.
sys.path[:] = [str(TESTS), *(entry for entry in sys.path if Path(entry or ".").resolve() != TESTS.parent)]

from . import app_rows, default_rows, engine_rows, frame_rows, link_rows, long_rows  # noqa: E402
from .classroom import class_rows, follow_rows  # noqa: E402
from .machine import rows as machine_rows  # noqa: E402
from .rows import Row, table  # noqa: E402
from .sweeps import rows as sweep_rows  # noqa: E402

BENCHMARKS: dict[str, Callable[[int], Iterator[Row]]] = {
    "moons": engine_rows.moons,
    "lecture": engine_rows.lecture,
    "start": engine_rows.start,
    "stepping": engine_rows.stepping,
    "value": engine_rows.value,
    "live": app_rows.live,
    "keys": app_rows.keys,
    "rows-10000": app_rows.rows_10000,
    "lateness": app_rows.lateness,
    "memory": app_rows.memory,
    "idle": app_rows.idle,
    "first-frame": app_rows.first_frame,
    "frame": frame_rows.frame,
    "slow-link": link_rows.slow_link,
    "saving": long_rows.saving,
    "long-run": long_rows.long_run,
    "defaults": default_rows.defaults,
    "machine-code": machine_rows.machine_code,
    "wide": machine_rows.wide,
    "sweep": sweep_rows.sweep,
    "follow": follow_rows.follow,
    "class": class_rows.classroom,
}


def main() -> int:
    """Measure, print, and leave the judgement to the reader: the status is 0 whatever was reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="rows as JSON lines")
    parser.add_argument("--quick", action="store_true", help="two repetitions in place of five")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="only this one; may be repeated")
    wanted = parser.parse_args()
    rows: list[Row] = []
    for name in wanted.only or BENCHMARKS:
        print(f"{name} …", file=sys.stderr, flush=True)
        for row in BENCHMARKS[name](2 if wanted.quick else 5):
            rows.append(row)
            if wanted.json:
                print(row.to_json(), flush=True)
    if not wanted.json:
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; medians of ", end="")
        print(f"{2 if wanted.quick else 5} interleaved repetitions after one to warm up\n")
        print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
