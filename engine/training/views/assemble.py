"""Puts a snapshot of a session together, with the parts that are asked for. Reads; must not change the numbers."""

from __future__ import annotations

from collections.abc import Collection

from ...nn.losses import LOSSES
from ..analysis.mistake_proofs import mistakes_view
from ..debugger.debugger import Debugger
from ..forks.branches import Branch, Branches
from ..forks.edit_words import described
from ..forks.editing import Editor
from ..run.run import Run
from ..setup.data import Formula, TrainingData
from ..snapshot.curve import ForkView
from ..snapshot.network import Prediction
from ..snapshot.parts import Part
from ..snapshot.snapshot import Snapshot
from ..step.evaluate import Evaluator
from . import closeup, event, listing
from . import parts as views
from .inspector import Inspector


def assemble(
    subject: TrainingData | Formula,
    branches: Branches,
    editor: Editor,
    debugger: Debugger,
    inspector: Inspector,
    granularity: str,
    parts: Collection[Part],
) -> Snapshot:
    """The picture of a session, with the named parts."""

    def asked(part: Part) -> bool:
        return part in parts

    run = branches.current.run
    state, stepper, history, last = run.state, run.stepper, run.history, run.last
    program, settings, measured = stepper.program, stepper.settings, run.measured()
    if _OF_NODES.intersection(parts):
        stepper.derive(state)
    data = None if isinstance(subject, Formula) else subject
    newest = history.measurement(measured - 1) if measured else None
    tested = views.tested(run, measure=asked("test")) if data else None
    rule = settings.loss == "perceptron"
    table = _table(run) if asked("table") or rule else None
    probe = inspector.probe if data else None
    undoes, redoes = editor.undoes, editor.redoes
    return Snapshot(
        subject=views.facts(subject, program, settings),
        settings=settings,
        pending={knob.name: knob.value for knob in run.waiting()},
        position=views.position(stepper, state),
        granularity=granularity,
        lr=stepper.lr(state.step),
        objective=LOSSES[settings.loss].text if data else "value",
        loss=newest.loss if newest else None,
        accuracy=newest.accuracy if newest else None,
        accuracy_of=state.measured,
        test_loss=tested[1] if tested else None,
        test_accuracy=tested[2] if tested else None,
        solved=rule and table is not None and all(row.decision == row.target for row in table),
        fault=run.fault,
        stopped=debugger.stopped,
        breakpoints=debugger.breakpoints.views,
        forks=forks(branches),
        undo=described(undoes, program) if undoes else None,
        redo=described(redoes, program) if redoes else None,
        mistakes=mistakes_view(run, prove=asked("proof")),
        gradcheck=inspector.gradcheck,
        gradcheck_h=inspector.gradcheck_h,
        watches=listing.watches(run, inspector.watches),
        trace=listing.trace(run) if asked("trace") else None,
        next=event.next_event(run) if asked("next") else None,
        event=event.event(last) if last and asked("event") else None,
        network=views.network(stepper, state, last) if data and asked("network") else None,
        graph=views.graph(program, state, last) if data is None and asked("graph") else None,
        parameters=views.parameters(run, inspector.check(run)) if asked("parameters") else None,
        curve=views.curve(history, measured, state.step, program) if asked("curve") else None,
        table=table if asked("table") else None,
        probe=Evaluator(stepper).predict(run.parameters, probe, None) if probe is not None else None,
        map=inspector.map if asked("map") else None,
        neuron=closeup.neuron(run, inspector.neuron) if data and asked("neuron") else None,
    )


LARGEST_TABLE = 64
"""Training samples up to which there is a table of predictions."""

_OF_NODES: frozenset[Part] = frozenset({"network", "graph", "trace", "neuron"})
"""Parts that show the numbers of nodes."""


def _table(run: Run) -> tuple[Prediction, ...] | None:
    """What the network makes of every training sample, where they are few."""
    program = run.stepper.program
    data = program.data
    if data is None or len(data.train_inputs) > LARGEST_TABLE:
        return None
    inputs = [row for row, _ in program.samples]
    targets = [program.amendments.get((index, None), target) for index, target in enumerate(data.train_targets)]
    return Evaluator(run.stepper).table(run.parameters, inputs, targets)


def forks(branches: Branches) -> tuple[ForkView, ...]:
    """All runs side by side; none while there is only one."""
    return tuple(_fork(branch, branch is branches.current) for branch in branches) if len(branches) > 1 else ()


def _fork(branch: Branch, current: bool) -> ForkView:
    run, history = branch.run, branch.run.history
    # Of the others everything that is recorded is shown, of the current one what lies behind.
    stands = run.measured()
    length = stands if current else len(history.loss)
    newest = history.measurement(stands - 1) if stands else None
    return ForkView(
        name=branch.name,
        current=current,
        parent=branch.parent,
        since=branch.since[0],
        settings=run.stepper.settings,
        step=run.state.step,
        loss=newest.loss if newest else None,
        best=history.best(length),
        accuracy=newest.accuracy if newest else None,
        losses=history.loss,
        length=length,
    )
