"""What is loaded before anything is on the screen: what the first frame shows, and no more. Must not know why."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

# At the first frame, not after it: what takes long to load is loaded then, before it is asked for.
REPORT = """
import asyncio, json, sys
from chainstep.tui.app import ChainstepApp
from chainstep.tui.files.subjects.opening import open_subject

loaded = []
display = ChainstepApp._display

def displayed(self, *given):
    display(self, *given)
    loaded.append(sorted(name for name in sys.modules if name.startswith(("chainstep.", "plotext"))))

async def main():
    ChainstepApp._display = displayed
    app = ChainstepApp(*open_subject(sys.argv[1]))
    async with app.run_test(size=(120, 36)):
        print(json.dumps(loaded[0]))

asyncio.run(main())
"""

CURVE = ("chart", "downsample", "forks", "memo", "plan", "rate_chart", "scrub", "smooth")
LATER = {
    "plotext",
    "chainstep.datasets.user_table",
    *(f"chainstep.engine.compiler.{name}" for name in ("bounds", "compile", "plan")),
    *(f"chainstep.engine.training.analysis.{name}" for name in ("gradient_check", "lr_finder", "mistake_proofs")),
    *(
        f"chainstep.engine.training.analysis.plots.{name}"
        for name in ("decision_map", "fit", "function", "plot", "slope")
    ),
    "chainstep.engine.training.forks.edit_checks",
    "chainstep.engine.training.run.edits",
    *(f"chainstep.engine.training.snapshot.{name}" for name in ("debugger", "samples.each", "tape")),
    *(f"chainstep.engine.training.recorded.{name}" for name in ("graph", "recording", "replayed", "script")),
    *(f"chainstep.engine.training.step.backends.{name}" for name in ("backend", "choice", "compiled", "replay")),
    *(f"chainstep.engine.training.step.{name}" for name in ("compilation", "evaluate", "last_op")),
    *(f"chainstep.engine.training.{name}" for name in ("forks.edit_words", "run.recorder", "run.twin")),
    "chainstep.engine.training.setup.class_weights",
    "chainstep.tui.render.canvas.sparkline",
    "chainstep.tui.scripts",
    *(f"chainstep.engine.training.views.{name}" for name in ("closeup", "samples.each", "script.own", "tape")),
    *(f"chainstep.engine.training.views.told.{name}" for name in ("event", "meaning")),
    "chainstep.datasets.glossary.terms",
    *(
        f"chainstep.tui.cli.{name}"
        for name in ("checking.numeric", "expressions", "scripts.moments", "training.headless", "training.reports")
    ),
    *(f"chainstep.tui.dialogs.{name}" for name in ("forks.fork_table", "knobs.knob_table")),
    *(
        f"chainstep.tui.files.{name}"
        for name in ("coached", "export", "json_runs", "runs", "state", "store.format", "subjects.script", "summary")
    ),
    *(f"chainstep.tui.{name}" for name in ("dialogs.script.moments", "scripts.running")),
    *(f"chainstep.engine.training.replication.{name}" for name in ("follower", "leader")),
    *(f"chainstep.tui.classroom.{name}" for name in ("following.pupil", "sharing.teacher", "wire.places")),
    *(f"chainstep.tui.beside.{name}" for name in ("hosting", "learning", "scripting", "sweeping", "tables")),
    *(f"chainstep.tui.panes.{name}" for name in ("map", "messages", "neuron", "samples", "text.next")),
    *(f"chainstep.engine.lessons.{name}" for name in ("commands", "view")),
    *(f"chainstep.tui.teaching.{name}" for name in ("question", "quiz")),
    *(f"chainstep.tui.panes.lesson.{name}" for name in ("answer", "lesson", "room")),
    *(f"chainstep.tui.render.lesson.{name}" for name in ("covering", "lighting", "page", "parts", "standing")),
    *(f"chainstep.tui.panes.trace.{name}" for name in ("graph", "listing", "trace")),
    *(f"chainstep.tui.render.map.{name}" for name in ("contour", "heat", "shades")),
    *(f"chainstep.tui.render.{name}" for name in ("coach.aim", "coach.beats", "coach.page")),
    *(f"chainstep.tui.render.{name}" for name in ("network.card", "neuron.closeup", "samples.table", "trace.listing")),
    *(f"chainstep.tui.render.curve.{name}" for name in CURVE),
    *(f"chainstep.tui.render.text.{name}" for name in ("chain_rule", "formula")),
}
PIECES = (
    "along_curve",
    "arranging",
    "coaching",
    "debugging",
    "editing",
    "probing",
    "quotient",
    "sampling",
    "selecting",
    "teaching",
    "tracing",
)
BESIDE = ("pieces", "saying", "stage", "train")
SCREENS = {f"chainstep.tui.screens.{name}" for name in (*(f"pieces.{name}" for name in PIECES), *BESIDE)}


@pytest.mark.parametrize(
    ("example", "drawn", "others"),
    [
        ("moons", "network.grid", {"trace.graph", "network.wires"}),
        ("lecture", "network.wires", {"trace.graph", "network.grid"}),
    ],
)
def test_the_first_frame_waits_for_nothing_that_it_does_not_show(example: str, drawn: str, others: set[str]) -> None:
    command = [sys.executable, "-P", "-c", REPORT, example]
    loaded = set(json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout))

    assert f"chainstep.tui.render.{drawn}" in loaded
    assert not loaded & (LATER | {f"chainstep.tui.render.{name}" for name in others})
    assert {name for name in loaded if name.startswith("chainstep.tui.screens.")} == SCREENS


def test_asyncio_is_loaded_without_tls_which_whatever_wants_it_has_all_the_same() -> None:
    program = """
import sys
from chainstep.tui.cli.opening import without_tls
without_tls()
from chainstep.tui.app import ChainstepApp
print("_ssl" in sys.modules, sys.modules["asyncio.base_events"].ssl)
import ssl
without_tls()
print(ssl.create_default_context() is not None, "asyncio" in sys.modules and sys.modules["ssl"] is ssl)
"""
    ran = subprocess.run([sys.executable, "-P", "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert ran.stdout.split() == ["False", "None", "True", "True"]


def test_every_module_that_is_to_come_later_exists() -> None:
    """A name of none would be waited for by no frame whatever."""
    assert [name for name in sorted(LATER) if find_spec(name) is None] == []
