"""Puts a snapshot together, with the parts that are asked for. Must not know the session or the screen.

It changes no number of the training. Of a run that took compiled steps it has the nodes derived first, which are what
those steps would have left behind, and test losses that are measured for it are kept. What makes the parts that a first
frame has not is loaded where they are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from ...nn.losses import LOSSES
from ..debugger.debugger import Debugger
from ..forks.branches import Branches
from ..run.nodes import Nodes
from ..run.run import Run
from ..setup.data import Trained
from ..setup.mistakes import MISTAKES
from ..setup.settings import Settings
from ..snapshot.parts import Part
from ..snapshot.snapshot import Snapshot
from .curve import curve, forks, newest_rmse, tested, tested_rmse
from .inspection.inspector import Inspector
from .network import network
from .parameters import parameters
from .position import position
from .subject import facts

if TYPE_CHECKING:
    from ..snapshot.closeup import NeuronView
    from ..snapshot.debugger import MistakeView
    from ..snapshot.event import Event
    from ..snapshot.position import ScriptView
    from ..snapshot.samples.each import SamplesView
    from ..snapshot.tape import CodeView, GraphView, TraceView, WatchView

_OF_NODES: frozenset[Part] = frozenset({"network", "graph", "trace", "neuron"})
"""Parts that show the numbers of nodes."""

_FEW = 64
"""Training samples up to which it is looked at for each picture whether all are decided rightly."""


def assemble(
    subject: Trained,
    branches: Branches,
    debugger: Debugger,
    inspector: Inspector,
    parts: Collection[Part],
    rows: range,
) -> Snapshot:
    """The picture of the current one of `branches`, with the named parts; the others are None. `rows` are the training
    samples that are seen.
    """

    run = branches.current.run
    stepper, state, of_network = run.stepper, run.state, run.stepper.program.data is not None
    if not _OF_NODES.isdisjoint(parts):
        stepper.recompute_sample(state)
    return Snapshot(
        subject=facts(subject, run),
        settings=stepper.settings,
        pending={knob.name: knob.value for knob in run.waiting()},
        position=position(run, debugger.granularity),
        granularity=debugger.granularity,
        lr=stepper.lr(state.step),
        objective=_objective(stepper.settings) if of_network else "value",
        solved=stepper.settings.loss == "perceptron" and _solved(run, inspector),
        fault=run.fault,
        stopped=debugger.stopped,
        breakpoints=debugger.breakpoints.views,
        forks=forks(branches),
        mistakes=_mistakes(run, prove="proof" in parts)
        if stepper.settings.mistakes or stepper.program.tape.out_of_turn
        else (),
        script=_script(run) if stepper.program.script is not None else None,
        **_measured(run, measure="test" in parts),
        **_inspected(run, inspector, of_network=of_network),
        **_parts(run, inspector, parts, rows, of_network=of_network),
    )


def _measured(run: Run, *, measure: bool) -> dict[str, Any]:
    """What training has come to; the test set's loss is measured where that is wanted."""
    measured = run.measured()
    newest = run.history.measurement(measured - 1) if measured else None
    test = tested(run, measure=measure) if run.stepper.program.data is not None else None
    return {
        "loss": newest.loss if newest else None,
        "accuracy": newest.accuracy if newest else None,
        "accuracy_of": run.state.measured,
        "test_loss": test[1] if test else None,
        "test_accuracy": test[2] if test else None,
        "rmse": newest_rmse(run),
        "test_rmse": tested_rmse(run, test) if test else None,
        "test_step": test[0] if test else None,
    }


def _inspected(run: Run, inspector: Inspector, *, of_network: bool) -> dict[str, Any]:
    """What is looked at beside the training."""
    probe, scripted = inspector.probe if of_network else None, run.stepper.program.script is not None
    return {
        "gradcheck": inspector.gradcheck.on,
        "gradcheck_h": inspector.gradcheck.asked.h,
        "gradcheck_central": inspector.gradcheck.asked.central,
        "watches": _watches(run, inspector.watches) if inspector.watches or scripted else (),
        "cursor": inspector.cursor.measured(run),
        "looked_at": inspector.looked_at(run),
        "probe": inspector.evaluator(run).predict(run.parameters, probe) if probe is not None else None,
    }


def _parts(run: Run, inspector: Inspector, parts: Collection[Part], rows: range, *, of_network: bool) -> dict[str, Any]:
    """The parts that are asked for; the others are None."""

    def asked(part: Part) -> bool:
        return part in parts

    nodes = None if _OF_NODES.isdisjoint(parts) else _nodes(run, inspector, inspector.looked_at(run))
    return {
        "trace": _trace(run) if asked("trace") else None,
        "next": _next_event(run) if asked("next") and not run.ended else None,
        "event": _event(run) if asked("event") else None,
        "network": network(run, nodes) if of_network and nodes and asked("network") else None,
        "graph": _graph(run) if not of_network and asked("graph") else None,
        "parameters": parameters(run, inspector.gradcheck.of(run)) if asked("parameters") else None,
        "curve": curve(run) if asked("curve") else None,
        "samples": _samples(run, inspector, rows) if of_network and asked("samples") else None,
        "plot": inspector.plotting.view if asked("plot") else None,
        "slope": inspector.slope(run) if asked("slope") else None,
        "code": _code(run) if asked("code") and run.stepper.program.script is None else None,
        "neuron": _neuron(run, nodes, inspector.neuron) if nodes and asked("neuron") and inspector.neuron else None,
    }


def _nodes(run: Run, inspector: Inspector, looked_at: int | None) -> Nodes:
    return Nodes.in_hand(run) if looked_at is None else Nodes.of(run, inspector.evaluator(run), looked_at)


def _objective(settings: Settings) -> str:
    return "weighted " * settings.class_weights + LOSSES[settings.loss].text


def _solved(run: Run, inspector: Inspector) -> bool:
    """Whether every training sample is decided rightly; of many it is not known."""
    program = run.stepper.program
    return len(program.samples) <= _FEW and inspector.evaluator(run).measure(run.parameters, program.samples)[1] == 1.0


# --- what no first frame has


def _mistakes(run: Run, *, prove: bool) -> tuple[MistakeView, ...]:
    from ..analysis.mistake_proofs import ORDER, proof
    from ..snapshot.debugger import MistakeView

    labels = {name: MISTAKES[name].label for name in run.stepper.settings.mistakes}
    if run.stepper.program.tape.out_of_turn:
        labels[ORDER] = "backward out of order"
    return tuple(MistakeView(name, label, proof(name, run) if prove else None) for name, label in labels.items())


def _watches(run: Run, names: Sequence[str]) -> tuple[WatchView, ...]:
    from .script.own import wrong_leaves
    from .tape import watches

    return watches(run, dict.fromkeys((*names, *wrong_leaves(run))))


def _script(run: Run) -> ScriptView | None:
    from .script.own import script_view

    return script_view(run)


def _trace(run: Run) -> TraceView:
    from .tape import trace

    return trace(run)


def _graph(run: Run) -> GraphView:
    from .tape import graph

    return graph(run)


def _event(run: Run) -> Event | None:
    if run.last is None:
        return None
    from .told.event import event

    return event(run.last)


def _next_event(run: Run) -> Event:
    from .told.event import next_event

    return next_event(run)


def _code(run: Run) -> CodeView:
    from .told.code import code

    return code(run)


def _samples(run: Run, inspector: Inspector, rows: range) -> SamplesView:
    from .samples.each import samples

    return samples(run, inspector.evaluator(run), rows)


def _neuron(run: Run, nodes: Nodes, unit: tuple[int, int]) -> NeuronView | None:
    from .closeup import neuron

    return neuron(run, nodes, unit)
