"""What the screen may see of a session: immutable numbers and names. Must not know Values, tapes, the session or the
screen.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping

from ...records import record
from ..setup.settings import Settings
from .closeup import MapPoint as MapPoint
from .closeup import MapView as MapView
from .closeup import NeuronView as NeuronView
from .debugger import BreakpointView as BreakpointView
from .debugger import Fault as Fault
from .debugger import Link as Link
from .debugger import MistakeView as MistakeView
from .debugger import TraceLine as TraceLine
from .debugger import TraceView as TraceView
from .debugger import WatchView as WatchView

PARTS = frozenset({"event", "network", "graph", "parameters", "curve", "table", "test"})
"""The parts that the Train screen shows."""

DEBUGGER_PARTS = frozenset({"next", "trace", "proof", "map", "neuron"})
"""The parts of a snapshot that are made only where they are asked for."""

LARGEST_TABLE = 64
"""Training samples up to which a snapshot has a table of predictions."""


@record
class Position:
    """Where the session stands: before which op, as a debugger names the line it will run next."""

    step: int
    """Updates completed so far; 0 before the first."""
    epoch: int
    phase: str
    """The phase of the next op, one of `step.timeline.PHASES`."""
    sample: int | None
    """Number of the next op's sample in the batch, from 1; None where the op belongs to the whole batch."""
    samples: int
    """Samples in this step's batch."""
    op: int
    """Ops done in this phase."""
    ops: int
    """Ops of this phase in all."""
    index: int
    """Ops done in this step, over all phases."""
    total: int
    """Ops of this step in all."""
    layer: int | None
    """Layer of the next op, from 1; None where it has none."""
    neuron: int | None
    """Neuron of the next op, from 1; None where it has none."""

    @property
    def scope(self) -> str:
        """The path of the next op: `sample 2 › layer 1 › neuron 3`, or as much of it as there is."""
        levels = (("sample", self.sample), ("layer", self.layer), ("neuron", self.neuron))
        return " › ".join(f"{name} {number}" for name, number in levels if number is not None)


@record(eq=False)
class Assignment:
    """One number that an op wrote: `target operator formula`, in symbols and in this step's values."""

    target: str
    """What was written: `x0*w0`, `w0.grad`, `L1.n1.w0`."""
    operator: str
    """`=`, `+=` or `←`."""
    symbols: str
    """The rule in general: `∂(x0*w0)/∂w0 · (x0*w0).grad`."""
    formula: str
    """The rule worked out, with `{name}` where a value goes: `{b} · {g}`."""
    names: Mapping[str, str]
    """What to print for each `{name}` as a symbol."""
    values: Mapping[str, float]
    """The number of each `{name}`."""
    before: float
    after: float


@record(eq=False)
class Event:
    """The op that was run last."""

    phase: str
    scope: str
    expression: str
    """The op as text: `x0*w0`, `tanh(x0*w0 + b)`, `update L1.n1.w0`."""
    op: str
    """Name of the op's row in the table of operations; empty for zero_grad and update."""
    words: str
    """One sentence on the rule."""
    assignments: tuple[Assignment, ...]


@record(eq=False)
class ParametersView:
    """Every parameter, in the model's order: four tuples of the same length P."""

    labels: tuple[str, ...]
    """`L1.n1.w0` for a network, the leaf's own name for an expression."""
    data: tuple[float, ...]
    grad: tuple[float, ...]
    change: tuple[float, ...]
    """What the last update added; 0.0 before the first."""
    numeric: tuple[float | None, ...] | None
    """Numeric gradients, as far as the gradient check has come; None where there is none."""
    current: int | None
    """Index of the parameter that the last op wrote."""
    errors: tuple[float | None, ...] | None = None
    """Relative errors of `grad` against them, once backward is complete; None for a kink, which proves nothing."""
    frozen: frozenset[int] = frozenset()
    """Parameters that updates leave alone."""
    edited: frozenset[int] = frozenset()
    """Parameters that were edited by hand in this run."""


@record(eq=False)
class LayerView:
    """One layer of n neurons with m inputs each."""

    activation: str
    weights: tuple[tuple[float, ...], ...]
    """n rows of m."""
    biases: tuple[float, ...]
    weight_grads: tuple[tuple[float, ...], ...]
    bias_grads: tuple[float, ...]
    sums: tuple[float, ...]
    """Weighted sum of each neuron, before its activation."""
    data: tuple[float, ...]
    """Output of each neuron."""
    grad: tuple[float, ...]
    computed: int
    """How many of its neurons, from the first, have been computed: the others hold nothing to show yet."""
    first_parameter: int
    """Index of the first neuron's w0 in the model's parameters; a neuron has m weights and then its bias."""


@record
class Lit:
    """Which part of the network the last op touched (layers and neurons count from 0)."""

    layer: int
    neuron: int
    weight: int | None
    """The weight that was multiplied; None for sums and activations."""
    backward: bool


@record(eq=False)
class NetworkView:
    """The network on one sample."""

    sample: int | None
    """Number in its batch, from 1, of the sample whose numbers these are; None where nothing has been computed."""
    input_names: tuple[str, ...]
    inputs: tuple[float, ...]
    input_grads: tuple[float, ...]
    layers: tuple[LayerView, ...]
    output_names: tuple[str, ...]
    """One a neuron of the last layer: a class, or the target's name."""
    targets: tuple[float, ...]
    computed: bool
    """False until a forward pass has begun: before that the inputs hold nothing to show."""
    lit: Lit | None
    place: tuple[float, float] | None = None
    """Where the sample lies on a map; None where the data has not two inputs, or nothing has been computed."""


@record(eq=False)
class NodeView:
    """One node of an expression."""

    name: str
    op: str
    """The op's symbol; empty for a leaf."""
    inputs: tuple[int, ...]
    """Indices of its inputs in the same listing."""
    data: float
    grad: float
    computed: bool


@record(eq=False)
class GraphView:
    """An expression's nodes in topological order; the last one is its value."""

    nodes: tuple[NodeView, ...]
    lit: int | None
    backward: bool


@record(eq=False)
class Curve:
    """Loss, accuracy and learning rate of steps 0 … length−1, measured before each step's update.

    The arrays only ever grow behind `length`, so this view never changes.
    """

    length: int
    loss: array[float]
    accuracy: array[float]
    """NaN where accuracy means nothing."""
    lr: array[float]
    test_steps: tuple[int, ...]
    """Steps at which the test loss was measured."""
    test_loss: tuple[float, ...]
    marks: tuple[tuple[int, str], ...]
    """(step, what was turned)."""
    ghost: array[float] | None
    """Losses of the run before the restart."""
    stops: tuple[tuple[int, str], ...] = ()
    """(step, breakpoint that stopped a movement there)."""


@record(eq=False)
class Prediction:
    """What the network makes of one input."""

    inputs: tuple[float, ...]
    sums: tuple[float, ...]
    """The last layer before its activation."""
    outputs: tuple[float, ...]
    target: float | None
    """As the data gives it: a class's index, or a number; None where it is unknown."""
    decision: int | None
    """Index of the class that is chosen; None for regression."""


@record(eq=False)
class ForkView:
    """One of the runs side by side."""

    name: str
    current: bool
    parent: str | None
    """The fork that it left; None for the first run."""
    since: int
    """The step at which it left it."""
    settings: Settings
    step: int
    loss: float | None
    """The newest loss where it stands."""
    best: float | None
    """The smallest loss of all that is recorded."""
    accuracy: float | None
    losses: array[float]
    length: int
    """Steps of `losses` to be shown: of the current one those behind it, of the others all that is recorded."""


@record
class Subject:
    """What is being trained: the facts that stay until a restart."""

    name: str
    architecture: str
    """`MLP 3-4-4-1 tanh`, `Neuron 3-1 step` or the expression's text."""
    parameters: int
    features: tuple[str, ...]
    """Names of the network's inputs."""
    classes: tuple[str, ...]
    """Names of the classes; empty for regression and for expressions."""
    train_size: int
    test_size: int
    expression: bool
    inputs: tuple[str, ...] = ()
    """Names of the numbers that an input is typed as: other than `features` where those are made of them."""
    columns: tuple[str, ...] = ()
    """What the data itself calls those."""
    noise: float | None = None
    """How far the data is scattered; None where that is not to be changed."""
    split: float | None = None
    """The fraction that is for testing; None where that is not to be changed."""


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
    test_accuracy: float | None
    solved: bool
    """Every training sample is decided rightly and a further step would change nothing."""
    fault: Fault | None
    event: Event | None
    stopped: str | None = None
    """Why the last movement stopped before its end: the breakpoint that was hit."""
    breakpoints: tuple[BreakpointView, ...] = ()
    forks: tuple[ForkView, ...] = ()
    """All runs side by side, the first one first; empty while there is only one."""
    undo: str | None = None
    """What Undo would take back."""
    redo: str | None = None
    mistakes: tuple[MistakeView, ...] = ()
    gradcheck: bool = False
    """Whether gradients are being checked."""
    gradcheck_h: float | None = None
    watches: tuple[WatchView, ...] = ()
    trace: TraceView | None = None
    next: Event | None = None
    """The op that a step forward by op would run, with its numbers; nothing has been run yet."""
    network: NetworkView | None = None
    graph: GraphView | None = None
    parameters: ParametersView | None = None
    curve: Curve | None = None
    table: tuple[Prediction, ...] | None = None
    """Predictions for the training samples, for data of at most `LARGEST_TABLE` rows."""
    probe: Prediction | None = None
    """The input that the user typed, and what the network makes of it now."""
    map: MapView | None = None
    """The newest map of the network that is complete; while it plays, one of some steps ago."""
    neuron: NeuronView | None = None
    """The neuron that is looked at closely."""
