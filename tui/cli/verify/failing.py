"""An expression that an engine gets wrong, as a script that computes it by that engine. Must not know the app."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from chainstep.engine.records import record, replace
from chainstep.engine.training.recorded.recording import Recording
from chainstep.engine.verify.rows import Row

from ...scripts.running import How, run
from .child.loading import module_of
from .judged import Judged

MOST = 12
"""Expressions that are tried: some need more than their leaves, and some are right by themselves."""

_SCRIPT = """\
import importlib
import sys

from chainstep.engine.verify.adapter import adapt

sys.path.insert(0, {root!r})
engine = adapt(vars(importlib.import_module({module!r})), {cls!r})
globals().update(engine.functions)
{leaves}
y = {expression}
engine.backward(y)
"""


@record(eq=False)
class Failing:
    """What an engine computes of an expression."""

    recording: Recording
    script: Path
    """What computes it."""
    how: How
    why: str
    """What is wrong with it, in one sentence."""


def failing(engines: Sequence[Judged], python: str, folder: Path) -> Failing | None:
    """What the first engine that is wrong computes of the shortest expression that shows it, by a script in a folder;
    None where none is wrong, or can be shown so.
    """
    for judged in engines:
        for row in sorted(judged.of("wrong"), key=lambda row: len(row.expression))[:MOST]:
            # Its lines are not the engine's, so it has a name of its own.
            script, how = folder / f"check_{Path(judged.asked.what).stem}.py", How((), python)
            script.write_text(_text(judged, row), encoding="utf-8")
            recording = run(script, how).recording
            # To find out how an engine is used is a backward() of its own.
            if recording is not None and recording.moments[-1].differs:
                return Failing(replace(recording, moments=recording.moments[-1:]), script, how, row.why)
    return None


def _text(judged: Judged, row: Row) -> str:
    root, module = Path.cwd(), judged.asked.what
    if judged.asked.is_file:
        root, module = module_of(Path(module).resolve())
    leaves = "\n".join(f"{name} = engine.make({_number(number)})" for name, number in dict(row.at).items())
    return _SCRIPT.format(root=str(root), module=module, cls=judged.asked.cls, leaves=leaves, expression=row.expression)


def _number(number: float) -> str:
    return repr(number) if math.isfinite(number) else f"float({str(number)!r})"
