"""Property tests with many examples, random networks by machine code, and random sweeps. Knows which tests have to do
with what; must not know what they hold.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from chainstep.tui import native as machine
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.sweeps.outcome import Outcome
from chainstep.tui.sweeps.pools.shared import Shared
from chainstep.tui.sweeps.pools.worker import train_on
from chainstep.tui.sweeps.subject import Subject
from support.cases import every_case
from support.compiled import replayed, shares_of
from support.native.machine import stepped_natively, trained_natively
from support.native.networks import random_network

from .registry import long_run

CHECKOUT = Path(__file__).parents[2]

BITS = (
    "autograd/test_tape.py",
    "compiler",
    "training/analysis/test_mistakes.py",
    "training/archive/test_archive.py",
    "training/debugger/test_stops.py",
    "training/forks",
    "training/run/test_history.py",
    "training/run/test_stepping.py",
    "training/setup/test_data_knobs.py",
    "training/step",
)
"""Where walks and generated functions are held to the same bits."""


# pytest runs a share of these anyway.


@long_run(count=1_500, share=0)
def bits(folder: Path, count: int, seed: int) -> None:
    """Whatever is stepped, compiled, edited, forked, undone or loaded, the numbers are the same to the bit."""
    _examples([f"tests/engine/{path}" for path in BITS], count, seed)


@long_run(count=10_000, share=0)
def native(folder: Path, count: int, seed: int) -> None:
    """A random network trained by machine code, in pieces and in whole steps, has the bits of the replay."""

    def case(number: int) -> None:
        rng = random.Random(number)
        stepper, first = random_network(rng)
        steps, cuts = rng.randint(1, 4), [rng.randint(1, 60) for _ in range(rng.randint(0, 3))]
        expected = replayed(stepper, first, steps)
        assert stepped_natively(stepper, first, steps, rng.randint(1, 5))[0] == expected
        assert trained_natively(stepper, first, shares_of(stepper, steps, cuts)) == expected

    every_case(count, seed, case)


@long_run(count=500, share=3)
def sweeps(folder: Path, count: int, seed: int) -> None:
    """Runs that share what was compiled, and machine code, have the bits of each by itself."""
    before = os.environ.get(machine.VARIABLE)

    def case(number: int) -> None:
        rng = random.Random(number)
        os.environ[machine.VARIABLE] = "native" if machine.present() and rng.random() < 0.5 else "python"
        of, shared = Subject.of(*open_subject(rng.choice(("lecture", "xor", "moons", "iris")))), Shared()
        hidden = [tuple(rng.randint(1, 6) for _ in range(rng.randint(0, 2))) for _ in range(2)]
        for _ in range(6):
            knobs = {name: rng.choice(values) for name, values in SWEPT.items() if rng.random() < 0.6}
            run = {"seed": rng.randrange(99), "steps": rng.randint(1, 12), "hidden": rng.choice(hidden), **knobs}
            assert _same(train_on(of, run, shared=shared), train_on(of, run)), run

    try:
        every_case(count, seed, case)
    finally:
        os.environ.pop(machine.VARIABLE)
        os.environ.update({} if before is None else {machine.VARIABLE: before})


SWEPT: dict[str, tuple[object, ...]] = {
    "lr": (0.01, 0.1, 1.0, 1e200),
    "l2": (0.0, 0.001),
    "optimizer": ("sgd", "momentum", "adam"),
    "activation": ("relu", "tanh"),
    "batch_size": (3, 7),
}


def _same(one: Outcome, other: Outcome) -> bool:
    """To the bit; nan is nan."""
    return repr(one) == repr(other)


@long_run(count=1_500, share=0)
def properties(folder: Path, count: int, seed: int) -> None:
    """Every property test there is."""
    _examples(["tests"], count, seed)


def _examples(paths: list[str], count: int, seed: int) -> None:
    """Run the property tests below `paths`; Hypothesis prints the shrunk case of one that fails."""
    options = ["-m", "hypothesis", "--hypothesis-profile=long", f"--hypothesis-seed={seed}", "-q", "--no-header"]
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", *options, "-p", "no:cacheprovider", *paths],
        cwd=CHECKOUT,
        env={**os.environ, "HYPOTHESIS_EXAMPLES": str(count)},
    )
    assert ended.returncode == 0, f"pytest ended with status {ended.returncode}"
