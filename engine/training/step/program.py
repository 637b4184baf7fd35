"""Lays a session's arithmetic out as tapes over one memory: a sample's forward and loss, and the batch's loss.

Knows networks, losses and tapes; must not know positions, history or optimisers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cached_property

from ...autograd.expression import parse
from ...autograd.tape import Scope, Slots, Tape
from ...autograd.value import Value
from ...nn.losses import LOSSES, batch_loss
from ...nn.mlp import ACTIVATIONS, MLP
from ...records import record
from ..setup import features
from ..setup.data import Batches, Coding, Rows, TrainingData
from ..setup.mistakes import MISTAKES
from ..setup.settings import Settings, SettingsError

Samples = tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]
"""(inputs, coded targets) of each sample."""

Kink = tuple[Callable[[float, float], float], int, int]
"""What tells on which side of an op's kink its inputs are, and the slots of those."""

Amendments = Mapping[tuple[int, int | None], float]
"""Numbers of samples that were changed by hand: (sample, input or, for the target, None) -> as the data would have it.
"""


@record
class Unit:
    """A neuron's slots: its weighted sum, and its output."""

    sum: int
    output: int


@record(eq=False)
class LayerPlan:
    """A layer's neurons and the place of its first parameter; each neuron has `inputs` weights and then its bias."""

    activation: str
    inputs: int
    first_parameter: int
    units: tuple[Unit, ...]


@record(eq=False)
class BatchPlan:
    """The batch tape for one size: from the samples' losses to the loss of the step."""

    tape: Tape
    root: int


class Program:
    """Everything about a session's arithmetic that stays while it runs.

    Parameters have slots 0 … P−1. The sample tape is traced once, with inputs and targets as replaceable leaves; its
    first `forward` instructions are the network, the others the sample's own loss.
    """

    def __init__(
        self,
        *,
        parameters: Sequence[Value],
        scopes: Sequence[Scope],
        inputs: Sequence[Value],
        targets: Sequence[Value],
        sections: Sequence[tuple[Scope, Value]],
        loss: Value,
        units: Sequence[Sequence[tuple[Value, Value]]],
        layers: Sequence[tuple[str, int, int]],
        outputs: Sequence[Value],
        samples: Samples,
        tests: Samples = (),
        settings: Settings,
        coding: Coding,
        data: TrainingData | None = None,
    ) -> None:
        self.data = data
        """The samples before input features are made of them; None for an expression."""
        self.slots = slots = Slots()
        self.parameters = slots.add_all(parameters)
        self.parameter_scopes = tuple(scopes)
        self.inputs = slots.add_all(inputs)
        self.targets = slots.add_all(targets)
        self.settings = settings
        tape = self._tape([*sections, (Scope(), loss)])
        self.tape = tape
        network = {value for _, value in sections}
        self.forward = max((slots.of[value] - tape.first + 1 for value in network if value.op), default=0)
        self.replaced = range(self.inputs.start, tape.first)
        """Slots that are set anew for each sample: inputs, targets and constants."""
        self.outputs = tuple(slots.of[value] for value in outputs)
        self.root = slots.of[loss]
        self.layers = tuple(
            LayerPlan(activation, inputs, first, tuple(Unit(slots.of[s], slots.of[o]) for s, o in row))
            for (activation, inputs, first), row in zip(layers, units, strict=True)
        )
        self.sums = tuple(unit.sum for unit in self.layers[-1].units) if self.layers else self.outputs
        self.samples = samples
        self.tests = tests
        self.rows = [(*inputs, *targets) for inputs, targets in samples]
        """The samples as the compiled function takes them."""
        self.coding = coding
        self.amendments: Amendments = {}
        self.mean = LOSSES[settings.loss].mean and bool(layers)
        self.batches = Batches(len(samples), settings.batch_size, settings.seed)
        sizes = self.batches.sizes()
        leaves = [Value(0.0, f"loss{s + 1}") for s in range(max(sizes))]
        self.losses = slots.add_all(leaves)
        self._plans = {size: self._batch_plan(leaves[:size], parameters) for size in sizes}

    @cached_property
    def kinks(self) -> list[Kink]:
        """The ops of a sample with a kink."""
        rows = zip(self.tape.ops, self.tape.program, strict=True)
        return [(op.side, i, j) for op, (_, i, j, _) in rows if op.side is not None]

    @cached_property
    def has_surrogate(self) -> bool:
        """Whether a learning rule stands in for a derivative: no difference quotient can judge it."""
        return any(op.surrogate for op in self.tape.ops)

    def _batch_plan(self, losses: Sequence[Value], parameters: Sequence[Value]) -> BatchPlan:
        settings = self.settings
        root = batch_loss(losses, parameters, mean=self.mean, l1=settings.l1, l2=settings.l2)
        if root.op is not None:
            for count, partial in enumerate(_partial_sums(root, losses), start=2):
                partial.label = f"loss1..{count}"
            root.label = "loss"
        return BatchPlan(self._tape([(Scope(), root)]), self.slots.of[root])

    def _tape(self, sections: Sequence[tuple[Scope, Value]]) -> Tape:
        broken = self.settings.mistakes
        return Tape(self.slots, sections, overwrites="overwrite" in broken, unordered="unordered" in broken)

    def batch(self, size: int) -> BatchPlan:
        """The batch tape for `size` samples."""
        return self._plans[size]

    def expanded(self, row: Sequence[float]) -> tuple[float, ...]:
        """The inputs that the network has for a row of the data."""
        return features.expanded(row, self.settings.features)

    def place(self, row: Sequence[float], inputs: Sequence[float]) -> tuple[float, ...]:
        """Where a sample lies among the rows of the data: where its row does, unless its inputs say otherwise."""
        return features.place(row, inputs, self.settings.features)

    @property
    def input_names(self) -> tuple[str, ...]:
        """What the network's inputs are called."""
        return features.names(self.data.features, self.settings.features) if self.data else ()

    @property
    def raw_names(self) -> tuple[str, ...]:
        """What the numbers of a row are called that the inputs are made of."""
        return features.raw_names(self.data.features, self.settings.features) if self.data else ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Full names of the parameters: `L1.n1.w0`."""
        return tuple(self.slots.values[slot].label for slot in self.parameters)

    @property
    def biases(self) -> tuple[int, ...]:
        """Indices of the parameters that are biases."""
        return tuple(
            layer.first_parameter + n * (layer.inputs + 1) + layer.inputs
            for layer in self.layers
            for n in range(len(layer.units))
        )

    @property
    def reduced(self) -> tuple[bool, float, float]:
        """(mean, l1, l2) of the batch's loss."""
        return self.mean, self.settings.l1, self.settings.l2

    def amended(self, amendments: Amendments) -> Program:
        """The same program on training samples with some numbers changed; see `amendments`."""
        if not amendments:
            return self
        twin, samples = copy(self), list(self.samples)
        twin.amendments = {**self.amendments, **amendments}
        for (sample, feature), number in amendments.items():
            inputs, targets = samples[sample]
            if feature is None:
                targets = self.coding.encode(number)
            else:
                inputs = (*inputs[:feature], number, *inputs[feature + 1 :])
            samples[sample] = (inputs, targets)
        twin.samples = tuple(samples)
        twin.rows = [(*inputs, *targets) for inputs, targets in samples]
        return twin


def _partial_sums(root: Value, losses: Sequence[Value]) -> list[Value]:
    """The sums of the first 2, 3 … losses, which lie on the way from the batch's loss down to the first sample's."""
    way, node = [], root
    while node.op is not None and node.a is not None:
        way.append(node)
        node = node.a
    return way[::-1][: len(losses) - 1]


def output_activation(settings: Settings, regression: bool) -> str:
    """Activation of the last layer: linear where the loss wants scores or the target is any number, else what
    squashes.
    """
    squashes = settings.activation in ("tanh", "sigmoid", "step")
    return settings.activation if squashes and not regression and not LOSSES[settings.loss].scores else "linear"


def network(data: TrainingData, settings: Settings) -> tuple[Program, MLP]:
    """The program of a network on a data set, and the network with its first weights.

    Raises:
        SettingsError: the loss or the input features do not fit the data, or the perceptron rule the network.
    """
    if trouble := features.wrong(data.features, settings.features):
        raise SettingsError(trouble)
    selected = settings.features
    loss = LOSSES[settings.loss]
    classes = len(data.classes)
    if not classes and loss.negative is not None:
        raise SettingsError(f"loss {settings.loss} needs classes, and {data.target} is a number: use mse or sse")
    if settings.loss == "perceptron":
        if settings.hidden:
            raise SettingsError("the perceptron rule knows a single layer: use no hidden layers with it")
        if settings.l1 or settings.l2:
            raise SettingsError("the perceptron rule has no penalties: set l1 and l2 to 0 with it")
    output = output_activation(settings, not classes)
    coding = Coding.of(classes, loss, output)
    width = len(selected or data.features)
    linear = "no_nonlinearity" in settings.mistakes
    mlp = MLP(
        width,
        [*settings.hidden, coding.outputs],
        seed=settings.seed,
        activation="linear" if linear else settings.activation,
        init=settings.init,
        output="linear" if linear else output,
    )
    _spoil(mlp, settings)
    texts = features.names((), selected) or [f"x{i}" for i in range(width)]
    inputs = [Value(0.0, text) for text in texts]
    targets = [Value(0.0, "y" if coding.outputs == 1 else f"y{i + 1}") for i in range(coding.outputs)]
    values: list[Value] = inputs
    sections, units, layers, scopes = [], [], [], []
    first = 0
    for i, layer in enumerate(mlp.layers, start=1):
        row = []
        for j, neuron in enumerate(layer.neurons, start=1):
            total = neuron.weighted_sum(values)
            out = ACTIVATIONS[neuron.activation](total)
            out.label = f"L{i}.n{j}" if i < len(mlp.layers) else "ŷ" if coding.outputs == 1 else f"ŷ{j}"
            sections.append((Scope(i, j), out))
            row.append((total, out))
            scopes += [Scope(i, j)] * (len(values) + 1)
        units.append(row)
        layers.append((layer.activation, len(values), first))
        first += len(layer.neurons) * (len(values) + 1)
        values = [out for _, out in row]
    measured = loss.measure(values, [total for total, _ in units[-1]], targets)
    program = Program(
        parameters=mlp.parameters(),
        scopes=scopes,
        inputs=inputs,
        targets=targets,
        sections=sections,
        loss=measured,
        units=units,
        layers=layers,
        outputs=values,
        samples=_coded(coding, data.train_inputs, data.train_targets, selected),
        tests=_coded(coding, data.test_inputs, data.test_targets, selected),
        settings=settings,
        coding=coding,
        data=data,
    )
    return program, mlp


def _spoil(mlp: MLP, settings: Settings) -> None:
    """Break the first weights, where that is wanted."""
    for neuron in (neuron for layer in mlp.layers for neuron in layer.neurons):
        if "zero_weights" in settings.mistakes:
            for parameter in neuron.parameters():
                parameter.data = 0.0
        if "no_bias" in settings.mistakes:
            neuron.b.data = 0.0


def _coded(coding: Coding, inputs: Rows, targets: Sequence[float], selected: Sequence[str]) -> Samples:
    return tuple(
        (features.expanded(row, selected), coding.encode(target)) for row, target in zip(inputs, targets, strict=True)
    )


def expression(source: str, leaves: Mapping[str, float], settings: Settings) -> tuple[Program, list[Value]]:
    """The program of an expression, and its leaves with their numbers. Its leaves are the parameters, its value is the
    loss.

    Raises:
        ExpressionError: the text is no expression of these leaves.
        SettingsError: a mistake is about layers.
    """
    for name in settings.mistakes:
        if MISTAKES[name].layered:
            raise SettingsError(f"{MISTAKES[name].label}: that takes a network, and this is an expression")
    root, values = parse(source, leaves)
    program = Program(
        parameters=values,
        scopes=[Scope()] * len(values),
        inputs=[],
        targets=[],
        sections=[(Scope(), root)],
        loss=root,
        units=[],
        layers=[],
        outputs=[root],
        samples=(((), ()),),
        settings=settings,
        coding=Coding(0, 1, 0.0, 0.0),
    )
    return program, values
