"""A session as the screen may see it. Must not know Values, tapes, the session or the screen.

The classes of its parts are named here for their types alone: each is loaded where it is made or drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...records import record

if TYPE_CHECKING:
    from ..setup.settings import Settings
    from .closeup import NeuronView
    from .curve import Curve, ForkView, Measured
    from .debugger import BreakpointView, Fault, MistakeView
    from .event import Event
    from .network import NetworkView
    from .parameters import ParametersView
    from .plots.fit import FitView
    from .plots.function import FunctionView, SlopeView
    from .plots.image import ImageView
    from .plots.map import MapView
    from .position import Position, ScriptView
    from .samples.each import SamplesView
    from .samples.prediction import Prediction
    from .subject import Subject
    from .tape import CodeView, GraphView, TraceView, WatchView

    Plotted = MapView | FunctionView | ImageView | FitView
    """A plot of the whole."""


@record(eq=False)
class Snapshot:
    """A session as it stood at one moment. Parts that were not asked for are None."""

    subject: Subject
    settings: Settings
    pending: Mapping[str, object]
    """Knobs that take effect at the next step."""
    position: Position
    granularity: str
    lr: float
    """Effective learning rate: base times schedule."""
    objective: str
    """The loss as a formula: `Σ(ŷ-y)²`; for an expression, its value."""
    loss: float | None
    """Loss of the newest step whose loss phase is complete; None before there is one."""
    accuracy: float | None
    accuracy_of: int
    """Samples behind `accuracy`."""
    test_loss: float | None
    """Of the parameters with which step `test_step` began."""
    test_accuracy: float | None
    solved: bool
    """Every training sample is decided rightly and a further step would change nothing."""
    fault: Fault | None
    event: Event | None
    rmse: float | None = None
    """√(Σ(ŷ−y)²/n) of `loss` in the target's own units; None where those are the network's, or the loss says more."""
    test_rmse: float | None = None
    """That of `test_loss`."""
    test_step: int | None = None
    """That of the position, or an earlier one where the test samples have not been measured since."""
    stopped: str | None = None
    """Why the last movement stopped before its end: the breakpoint that was hit."""
    breakpoints: tuple[BreakpointView, ...] = ()
    forks: tuple[ForkView, ...] = ()
    """All runs side by side, the first one first; empty while there is only one."""
    mistakes: tuple[MistakeView, ...] = ()
    gradcheck: bool = False
    """Whether gradients are being checked."""
    gradcheck_h: float | None = None
    gradcheck_central: bool = True
    watches: tuple[WatchView, ...] = ()
    script: ScriptView | None = None
    """Where in a user's own script it stands, where it replays one."""
    trace: TraceView | None = None
    next: Event | None = None
    """The op that a step forward by op would run, with its numbers; nothing has been run yet."""
    network: NetworkView | None = None
    graph: GraphView | None = None
    parameters: ParametersView | None = None
    curve: Curve | None = None
    cursor: Measured | None = None
    """The step that is looked at."""
    samples: SamplesView | None = None
    looked_at: int | None = None
    """Row of the training sample that the network and the neuron are shown on; None for the one in hand."""
    probe: Prediction | None = None
    """The input that the user typed, and what the network makes of it now."""
    plot: Plotted | None = None
    """The newest plot of the whole that is complete; while it plays, one of some steps ago."""
    slope: SlopeView | None = None
    """The slope at the point that the session stands at, where there is one variable; that of now."""
    neuron: NeuronView | None = None
    """The neuron that is looked at closely."""
    code: CodeView | None = None
