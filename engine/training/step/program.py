"""A session's arithmetic as tapes over one memory: a sample's forward and loss, and the batch's loss.

Knows what was traced, tapes and how they are compiled; must not know positions, history or optimisers' numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from ...autograd.tape import Scope, Slots, Tape
from ...autograd.value import Value
from ...nn.losses import LOSSES, batch_loss
from ...nn.optimizers import NAMESPACE, OPTIMIZERS
from ...records import record
from ..setup import features
from ..setup.data import NO_CLASSES, UNTOUCHED, Batches, Coding, OneByOne, Recorded, TrainingData
from ..setup.fitting import coded_outputs
from ..setup.laying import RECORDED, SORTED, Told, of_batches, recording, tell, telling
from ..setup.mistakes import MISTAKES
from ..setup.samples import Samples, coded, held_out, largest, rows_of
from ..setup.settings import Settings, SettingsError, of_program
from ..setup.units import PLAIN, Units
from .tracing import Traced, partial_sums, traced_expression, traced_network, traced_script

if TYPE_CHECKING:
    from ...compiler.plan import Plan, Row
    from ...compiler.recognition import Network
    from ..recorded.script import Script
    from .anatomy import Anatomy
    from .compilation import Compilation

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

    Parameters have slots 0 … P−1. The sample tape is recorded once, with inputs, targets and weight as replaceable
    leaves; its first `forward` instructions are the network, the others the sample's own loss.
    """

    def __init__(
        self,
        traced: Traced,
        settings: Settings,
        *,
        samples: Samples,
        tests: Samples = (),
        validation: Samples = (),
        coding: Coding = NO_CLASSES,
        data: TrainingData | None = None,
        batches: Batches | None = None,
    ) -> None:
        self.data = data
        """The samples before input features are made of them; None for an expression."""
        self.script: Script | None = None
        """What a user's own script did, where it is replayed."""
        self.slots = slots = Slots()
        self.parameters, self.parameter_scopes = slots.add_all(traced.parameters), traced.parameter_scopes
        self.inputs, self.targets = slots.add_all(traced.inputs), slots.add_all(traced.targets)
        self.weight = slots.add_all(traced.weight)  # empty where all samples weigh alike
        self.settings = settings
        ordered = telling([*traced.sections, (Scope(), traced.loss)])
        self.tape = tape = self._tape(ordered, recording(SORTED, RECORDED), settings.order)
        self.forward = max((slots.of[value] - tape.first + 1 for _, value in traced.sections if value.op), default=0)
        self.replaced = range(self.inputs.start, tape.first)
        """Slots that are set anew for each sample: inputs, targets, its weight and constants."""
        self.outputs = tuple(slots.of[value] for value in traced.outputs)
        self.root = slots.of[traced.loss]
        self.layers = self._layer_plans(traced)
        self.sums = tuple(unit.sum for unit in self.layers[-1].units) if self.layers else self.outputs
        self.samples, self.tests = samples, tests
        self.validation = validation
        """Samples that are held out of training, to stop early by."""
        self.coding = coding
        self.amendments: Amendments = {}
        self.mean = LOSSES[settings.loss].mean and bool(self.layers)
        self.batches = batches or Batches(len(samples), settings.batch_size, settings.seed)
        self.losses, self._plans = self._batch_plans(traced.parameters)
        self._compilations: dict[tuple[str, frozenset[int]], Compilation] = {}

    @classmethod
    def of_network(cls, data: TrainingData, settings: Settings) -> Program:
        """The program of a network on a data set.

        Raises:
            SettingsError: the loss or the input features do not fit the data, or the perceptron rule the network.
        """
        output, coding = coded_outputs(data, settings)
        if settings.class_weights:
            coding = coding.balanced(data.train_targets)
        selected = settings.features
        traced = traced_network(settings, len(selected or data.features), coding.outputs, output)
        return cls(
            traced,
            settings,
            samples=coded(coding, data.train_inputs, data.train_targets, selected),
            tests=coded(coding, data.test_inputs, data.test_targets, selected),
            validation=held_out(coding, data, selected),
            coding=coding,
            data=data,
        )

    @classmethod
    def of_expression(cls, source: str, leaves: Mapping[str, float], settings: Settings) -> Program:
        """The program of an expression: its leaves are the parameters, its value is the loss of its only sample.

        Raises:
            ExpressionError: the text is no expression of these leaves.
            SettingsError: a mistake is about layers.
        """
        for name in settings.mistakes:
            if MISTAKES[name].layered:
                raise SettingsError(f"{MISTAKES[name].label}: that takes a network, and this is an expression")
        return cls(traced_expression(source, leaves), settings, samples=(((), ()),))

    @classmethod
    def of_script(cls, recorded: Recorded, settings: Settings) -> Program:
        """The program that replays what a script did: each of its moments is a sample, and a step.

        Raises:
            SettingsError: the settings would change that.
        """
        from ..recorded.script import Script  # no other session has one

        if of_program(settings) != of_program(Settings(loss=settings.loss)):
            raise SettingsError(UNTOUCHED)
        traced, values, inputs, grouped = traced_script(recorded)
        program = cls(traced, settings, samples=(), batches=OneByOne(len(recorded.moments)))
        program.script = script = Script(*recorded, program.slots, program.tape, values, inputs, grouped)
        program.samples = script.samples()
        return program

    def _layer_plans(self, traced: Traced) -> tuple[LayerPlan, ...]:
        plans: list[LayerPlan] = []
        first, of = 0, self.slots.of
        for layer in traced.layers:
            units = tuple(Unit(of[total], of[output]) for total, output in layer.neurons)
            plans.append(LayerPlan(layer.activation, layer.inputs, first, units))
            first += len(units) * (layer.inputs + 1)
        return tuple(plans)

    @cached_property
    def kinks(self) -> list[Kink]:
        """The ops of a sample at which its loss can have a kink."""
        smooth = LOSSES[self.settings.loss].smooth and bool(self.layers)
        rows = list(zip(self.tape.ops, self.tape.program, strict=True))[: self.forward if smooth else None]
        return [(side, i, j) for op, (_, i, j, _) in rows if (side := op.side_function) is not None]

    @cached_property
    def has_surrogate(self) -> bool:
        """Whether a learning rule stands in for a derivative: no difference quotient can judge it."""
        return any(op.surrogate for op in self.tape.ops)

    def _batch_plans(self, parameters: Sequence[Value]) -> tuple[range, dict[int, BatchPlan]]:
        """The slots of the samples' losses, and the plan for each size of a batch."""
        leaves = [Value(0.0, label=f"loss{s + 1}") for s in range(max(self.batches.sizes()))]
        slots, plan, sizes = self.slots.add_all(leaves), self._batch_plan, of_batches(self.batches.sizes())
        return slots, {size: plan(leaves[:size], parameters, shares) for size, *shares in sizes}

    def _batch_plan(self, losses: Sequence[Value], parameters: Sequence[Value], shares: Sequence[float]) -> BatchPlan:
        settings = self.settings
        root = batch_loss(losses, parameters, mean=self.mean, l1=settings.l1, l2=settings.l2)
        if root.op is not None:
            for count, partial in enumerate(partial_sums(root, losses), start=2):
                partial.label = f"loss1to{count}"
            root.label = "loss"
        tell(shares[0])
        sections = telling([(Scope(), root)], *shares[:2])
        return BatchPlan(self._tape(sections, recording(*shares[1:])), self.slots.of[root])

    def _tape(self, sections: Iterable[tuple[Scope, Value]], told: Told, order: Sequence[int] = ()) -> Tape:
        overwrites, unordered = (name in self.settings.mistakes for name in ("overwrite", "unordered"))
        return Tape(self.slots, sections, overwrites=overwrites, unordered=unordered, first=order, told=told)

    def compilation(self, optimizer: str, frozen: frozenset[int]) -> Compilation:
        """The compiled functions for an optimiser, with these parameters left alone; the same object each time."""
        key = optimizer, frozen
        if key not in self._compilations:
            from .compilation import Compilation  # the first frame computes nothing

            broken = [MISTAKES[name].label for name in self.settings.mistakes if MISTAKES[name].replayed]
            broken += ["an order of backward of your own"] * self.tape.reordered
            obstacle = f"{', '.join(broken)}: what is broken on purpose is not compiled" if broken else None
            obstacle = obstacle if self.script is None else "what your own script did is not compiled"
            self._compilations[key] = Compilation(self._plan(optimizer, frozen), obstacle)
        return self._compilations[key]

    def _plan(self, optimizer: str, frozen: frozenset[int]) -> Plan:
        from ...compiler.plan import Plan

        row = OPTIMIZERS[optimizer]
        return Plan(
            tape=self.tape,
            parameters=self.parameters,
            inputs=self.inputs,
            targets=range(self.targets.start, self.weight.stop),
            constants={slot: self.slots.values[slot].data for slot in self.tape.constants},
            outputs=self.outputs,
            root=self.root,
            mean=self.mean,
            l1=self.settings.l1,
            l2=self.settings.l2,
            lines=row.lines,
            state=row.state,
            knobs=row.knobs,
            functions=NAMESPACE,
            classes=self.coding.classes > 0,
            threshold=self.coding.threshold,
            largest=self._largest,
            frozen=frozen,
            network=self.network,
        )

    @cached_property
    def network(self) -> Network | None:
        """The dense layers that the sample tape is made of, recognised by its ops; None where it is none of them."""
        from ...compiler.recognition import Sample, recognised

        leaves = self.parameters, self.inputs, range(self.targets.start, self.weight.stop)
        return recognised(Sample(self.tape, *leaves, frozenset(self.tape.constants), self.outputs, self.root))

    def prepare(self) -> None:
        """Work out what compiled code needs of all samples, which takes long where there are very many. It may be done
        in another thread.
        """
        _ = self.rows, self._largest, self.network

    @cached_property
    def rows(self) -> list[Row]:
        """The training samples as the compiled function takes them."""
        return rows_of(self.samples)

    @cached_property
    def _largest(self) -> float:
        """The largest magnitude in any sample; infinite where a number is not finite."""
        return largest(chain(self.samples, self.tests, self.validation))

    @property
    def leaves(self) -> range:
        """The slots of a sample's own numbers: inputs, coded targets, and its weight where it has one."""
        return range(self.inputs.start, self.weight.stop)

    @property
    def untold(self) -> tuple[float, ...]:
        """What stands for the coded targets of an input that has none, and for its weight."""
        return (0.0,) * (self.weight.stop - self.targets.start)

    def batch(self, size: int) -> BatchPlan:
        """The batch tape for `size` samples."""
        return self._plans[size]

    def expanded(self, row: Sequence[float]) -> tuple[float, ...]:
        """The inputs that the network has for a row of the data."""
        return features.expanded(row, self.settings.features)

    def place(self, row: Sequence[float], inputs: Sequence[float]) -> tuple[float, ...]:
        """Where a sample lies among the rows of the data: where its row does, unless its inputs say otherwise."""
        return features.place(row, inputs, self.settings.features)

    def probabilities(self, outputs: Sequence[float]) -> tuple[float, ...]:
        """What outputs mean as probabilities, one a class; none where the loss makes them mean none."""
        meaning = LOSSES[self.settings.loss].probabilities
        return meaning(outputs) if meaning is not None and self.coding.classes else ()

    def target(self, row: int) -> float:
        """A training sample's target as the data gives it, or as it was changed by hand."""
        assert self.data is not None
        return self.amendments.get((row, None), self.data.train_targets[row])

    @cached_property
    def spread(self) -> float:
        """Mean squared distance of the training targets from their mean, as the data came; 1 where that is none."""
        targets = self.data.train_targets if self.data else (0.0,)
        mean = sum(targets) / len(targets)
        spread = sum((target - mean) * (target - mean) for target in targets) / len(targets)
        return spread if spread and math.isfinite(spread) else 1.0

    @cached_property
    def table_units(self) -> Units:
        """In which units and columns people have the data."""
        return Units.of(self.data) if self.data else PLAIN

    @property
    def input_names(self) -> tuple[str, ...]:
        """What the network's inputs are called."""
        return features.names(self.data.features, self.settings.features) if self.data else ()

    @property
    def raw_names(self) -> tuple[str, ...]:
        """What the numbers of a row are called that the inputs are made of."""
        return features.raw_names(self.data.features, self.settings.features) if self.data else ()

    @cached_property
    def first(self) -> tuple[float, ...]:
        """The parameters that training begins with: drawn ones, or an expression's leaves."""
        told = None if self.script is None else self.script.parameters(0)
        return told or tuple(self.slots.values[slot].data for slot in self.parameters)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Full names of the parameters: `L1.n1.w0`."""
        return tuple(self.slots.values[slot].label for slot in self.parameters)

    @cached_property
    def units(self) -> tuple[tuple[int, int] | None, ...]:
        """The layer and neuron, from 0, that each parameter belongs to; None for a leaf of an expression, unless that
        is one neuron.
        """
        if self.lone_neuron is not None:
            return ((0, 0),) * len(self.parameters)
        scopes = self.parameter_scopes
        return tuple(None if layer is None or neuron is None else (layer - 1, neuron - 1) for layer, neuron in scopes)

    @cached_property
    def lone_neuron(self) -> Anatomy | None:
        """The neuron that an expression is; None for any other, and for a network."""
        if self.layers:
            return None
        from .anatomy import of_expression  # a network has none

        return of_expression(self.tape, self.root, self.parameters, self.slots.values)

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

    def with_order(self, settings: Settings) -> Program:
        """The same program with the order of backward that other settings have."""
        twin = copy(self)
        twin.settings = settings
        twin.tape = self.tape.firing(settings.order)
        twin._compilations = {}
        return twin

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
        # Compiled code is made for numbers of a certain size.
        twin._compilations = {}
        for name in ("rows", "_largest"):
            twin.__dict__.pop(name, None)
        return twin
