"""The generated source is readable, always the same, and read by every supported Python."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from chainstep.engine.compiler.compile import code_object, function, source
from support.compiled import example, fresh, pieces_of


def test_the_source_is_the_same_each_time_and_readable() -> None:
    for name in ("moons", "lecture", "wonderland", "expression"):
        for dense in (False, True):
            texts = {source(stepper.compilation.plan, dense=dense) for stepper, _ in (example(name), example(name))}
            assert len(texts) == 1
            text = texts.pop()
            assert text.startswith('def train(numbers, work, knobs):\n    """')
            assert max(map(len, text.splitlines())) <= 120
            assert text.isascii()


def test_the_bytecode_can_be_made_elsewhere() -> None:
    stepper, first = example("lecture")
    plan, numbers = stepper.compilation.plan, fresh(stepper, first)
    made = code_object(source(plan, dense=False))
    done, _, _ = function(plan, made)(numbers, pieces_of(stepper, 2), 0.9)
    assert done == 2


@pytest.mark.parametrize("python", ["python3.11", "python3.12", "python3.13"])
@pytest.mark.parametrize("dense", [False, True])
def test_other_versions_of_python_read_it(python: str, dense: bool) -> None:
    found = shutil.which(python)
    if found is None or subprocess.run([found, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"there is no {python}")
    stepper, _ = example("moons")
    text = source(stepper.compilation.plan, dense=dense)
    subprocess.run(
        [found, "-c", "import sys; compile(sys.stdin.read(), 'it', 'exec')"], input=text.encode(), check=True
    )
