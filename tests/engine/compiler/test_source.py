"""The generated source is readable, always the same, and read by every supported Python."""

from __future__ import annotations

import json
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
def test_other_versions_of_python_read_it(python: str) -> None:
    plan = example("moons")[0].compilation.plan
    texts = [source(plan, dense=dense) for dense in (False, True)]
    script = "import json, sys; print([bool(compile(text, 'it', 'exec')) for text in json.load(sys.stdin)])"
    found = shutil.which(python)
    ran = found and subprocess.run(
        [found, "-IS", "-c", script], input=json.dumps(texts), capture_output=True, text=True
    )
    # A shim may stand for a version that is not there; it says so as a shell does.
    if not ran or ran.returncode == 127:
        pytest.skip(f"there is no {python}")
    assert (ran.stdout, ran.stderr) == ("[True, True]\n", "")
