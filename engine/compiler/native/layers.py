"""A network's layers as calls of one kernel, a block of samples at a time. Knows plans and recognised layers; must not
know steps or updates.

Each layer has a row of numbers a sample, in whole vectors; behind its outputs is the 1 that the next biases are
multiplied by. What fills up a row is never read as a number of the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ...autograd.ops.operation import Op
from ..layered.head import head_of
from ..plan import Plan
from ..recognition import Dense, Network
from .code import LANES, VECTOR, Function, number
from .formulas import called, computed
from .frame import padded, stride
from .gemm import kernel
from .module import Piece
from .straight import Straight

BLOCK = 120
"""Samples that are gone through at once: their numbers stay near the processor."""


class _Places:
    """Where a layer's numbers are in the scratch: doubles from its start."""

    def __init__(self, layer: Dense, start: int, *, activated: bool) -> None:
        self.layer = layer
        self.inputs, self.neurons = len(layer.inputs), len(layer.outputs)
        self.width = stride(self.neurons)
        """Numbers from one sample's row to the next."""
        block = BLOCK * self.width
        self.weights = start
        """Those of all neurons for an input, input by input."""
        self.sums = start = start + (self.inputs + 1) * padded(self.neurons)
        self.outputs = start = start + (block if activated else 0)
        self.deltas = start = start + block
        """The gradients of its outputs, and then in their place those of its sums."""
        self.more = start + block
        """The head's own share of the sums' gradients."""
        self.end = self.more + block


class LayerByLayer:
    """Samples in blocks, layer by layer."""

    def __init__(self, plan: Plan, network: Network) -> None:
        self._plan = plan
        self._network = network
        self._head = head_of(plan, network)
        self._summed = len(network.read) > len(plan.outputs)
        """The head reads sums, too."""
        self._block = 0
        """Where a block's inputs are gathered."""
        end = BLOCK * stride(len(plan.inputs))
        self._layers: list[_Places] = []
        for layer in network.layers:
            self._layers.append(_Places(layer, end, activated=layer.activation is not None))
            end = self._layers[-1].end
        self.scratch = end

    def functions(self) -> str:
        return "\n".join((kernel(), _turning(), *self._activations()))

    def _activations(self) -> Iterator[str]:
        found = {layer.activation.name: layer.activation for layer in self._network.layers if layer.activation}
        for op in found.values():
            yield _activation(op)
            yield _slope(op, summed=False)
        last = self._network.layers[-1].activation
        if self._summed and last is not None:
            yield _slope(last, summed=True)
        yield _ones()

    # --- before the samples of a piece

    def begin(self, code: Function, at: Mapping[str, str]) -> None:
        for k, places in enumerate(self._layers, start=1):
            code.remark(f"layer {k}: weights input by input")
            n, m = places.inputs + 1, places.neurons
            own = code.at(at["parameters"], places.layer.parameters.start)
            _call(code, "turn", code.at(at["scratch"], places.weights), padded(m), own, n, m)

    # --- the samples

    def go(self, code: Function, at: Mapping[str, str], piece: Piece) -> None:
        with code.loop(piece.count, 0, BLOCK) as start:
            rest = code.binary("sub", piece.count, start, "i64")
            rows = code.least(rest, BLOCK)
            inputs = self._gathered(code, at, piece, start, rows)
            self._forward(code, at, inputs, rows)
            self._losses(code, at, piece, start, rows)
            self._backward(code, at, inputs, rows)

    def _gathered(self, code: Function, at: Mapping[str, str], piece: Piece, start: str, rows: str) -> str:
        """The address of a block's inputs: where they are, or where they were copied to."""
        width = stride(len(self._plan.inputs))
        block = code.at(at["scratch"], self._block)
        apart = code.binary("xor", piece.together, "true", "i1")
        with code.when(apart), code.loop(rows) as s:
            source = code.at(at["rows"], code.times(piece.sample(code.plus(start, s)), width))
            target = code.at(block, code.times(s, width))
            with code.loop(width, 0, LANES) as j:
                code.store(code.load(code.at(source, j), VECTOR), code.at(target, j), VECTOR)
        beside = code.at(at["rows"], code.times(code.plus(piece.start, start), width))
        return code.value(f"select i1 {piece.together}, ptr {beside}, ptr {block}")

    def _forward(self, code: Function, at: Mapping[str, str], inputs: str, rows: str) -> None:
        row, width = inputs, stride(len(self._plan.inputs))
        for k, places in enumerate(self._layers, start=1):
            code.remark(f"layer {k}")
            m, ld = places.neurons, places.width
            sums, outputs, weights = (
                code.at(at["scratch"], place) for place in (places.sums, places.outputs, places.weights)
            )
            sizes = rows, padded(m), places.inputs + 1
            _call(code, "sums", sums, ld, row, width, 1, weights, padded(m), *sizes, start=-0.0)
            if places.layer.activation is None:
                _call(code, "ones", outputs, rows, m, ld)
            else:
                _call(code, f"activate_{places.layer.activation.name}", sums, outputs, rows, m, ld)
            row, width = outputs, ld

    def _losses(self, code: Function, at: Mapping[str, str], piece: Piece, start: str, rows: str) -> None:
        """Each sample's loss, decision, and the gradients of what the last layer gives."""
        code.remark("losses")
        head, last, plan = self._head, self._layers[-1], self._plan
        own = len(plan.outputs)
        with code.loop(rows) as s:
            at_row = code.times(s, last.width)
            sample = piece.sample(code.plus(start, s))
            y = code.at(at["targets"], code.times(sample, len(plan.targets)))
            outputs, sums, of_outputs, of_sums = (
                code.at(code.at(at["scratch"], place), at_row)
                for place in (last.outputs, last.sums, last.deltas, last.more)
            )
            read = [code.load(code.at(outputs, j)) for j in range(own)]
            read += [code.load(code.at(sums, self._place_of_sum(j))) for j in range(own, len(self._network.read))]
            targets = {slot: code.load(code.at(y, k)) for k, slot in enumerate(head.targets)}
            line = Straight(head, code, {**dict(enumerate(read)), **targets})
            loss = line.forward()
            piece.tell(loss, line.wrong() if plan.classes else None)
            seed = piece.share if plan.mean else number(1.0)
            grads = line.backward(seed, dict.fromkeys(head.parameters, number(0.0)))
            if self._summed:
                for j in range(own):
                    code.store(number(0.0), code.at(of_sums, j))
            for slot, grad in grads.items():
                place = code.at(of_outputs, slot) if slot < own else code.at(of_sums, self._place_of_sum(slot))
                code.store(grad, place)

    def _place_of_sum(self, read: int) -> int:
        """The neuron whose sum the head reads at this place."""
        return self._network.layers[-1].sums.index(self._network.read[read])

    def _backward(self, code: Function, at: Mapping[str, str], inputs: str, rows: str) -> None:
        for k in range(len(self._layers), 0, -1):
            code.remark(f"back through layer {k}")
            places = self._layers[k - 1]
            m, ld = places.neurons, places.width
            before = self._layers[k - 2] if k > 1 else None
            deltas = self._deltas(code, at, places, rows, summed=self._summed and k == len(self._layers))
            row, width = inputs, stride(len(self._plan.inputs))
            if before is not None:
                row, width = code.at(at["scratch"], before.outputs), before.width
            n, gradients = places.inputs + 1, code.at(at["gradients"], places.layer.parameters.start)
            _call(code, "sums", gradients, n, deltas, 1, ld, row, width, m, n, rows)
            if before is not None:
                last = code.at(at["parameters"], places.layer.parameters.stop - n)
                target = code.at(at["scratch"], before.deltas)
                sizes = rows, padded(places.inputs), m
                reverse = code.at(deltas, m - 1)
                _call(code, "sums", target, before.width, reverse, ld, -1, last, -n, *sizes, start=0.0)

    def _deltas(self, code: Function, at: Mapping[str, str], places: _Places, rows: str, *, summed: bool) -> str:
        """The address of the gradients of a layer's sums."""
        sums, outputs, deltas, more = (
            code.at(at["scratch"], place) for place in (places.sums, places.outputs, places.deltas, places.more)
        )
        if places.layer.activation is not None:
            name, sizes = places.layer.activation.name, (rows, places.neurons, places.width)
            if summed:
                _call(code, f"slope_and_{name}", sums, outputs, deltas, more, *sizes)
            else:
                _call(code, f"slope_{name}", sums, outputs, deltas, *sizes)
        return deltas


def _call(code: Function, name: str, *arguments: str | int, start: float | None = None) -> None:
    """Call a function of addresses and whole numbers. Sums `start` anew, or go on where that is None."""
    signature = _SIGNATURES["slope_and" if name.startswith("slope_and_") else name.partition("_")[0]]
    given = [
        f"{'ptr' if kind == 'p' else 'i64'} {argument}" for kind, argument in zip(signature, arguments, strict=True)
    ]
    if name == "sums":
        given += [f"i1 {'false' if start is None else 'true'}", f"double {number(0.0 if start is None else start)}"]
    code.line(f"call void @{name}({', '.join(given)})")


_SIGNATURES = {
    "turn": "pipii",
    "ones": "piii",
    "activate": "ppiii",
    "slope": "pppiii",
    "slope_and": "ppppiii",
    "sums": "pipiipiiii",
}
"""The kinds of arguments of each function: an address, or a whole number."""


def _turning() -> str:
    """`@turn(to, from row to row there, from, inputs, neurons)`: rows of neurons become rows of inputs, in whole
    vectors; what fills up the last one are numbers of the last neuron.
    """
    head = "ptr noalias %to, i64 %ld, ptr noalias readonly %from, i64 %inputs, i64 %neurons"
    code = Function(f"define internal void @turn({head}) noinline nounwind")
    last = code.plus("%neurons", -1)
    with code.loop("%neurons", 0, LANES) as m:
        rows = []
        for lane in range(LANES):
            row = code.least(code.plus(m, lane), last)
            rows.append(code.at("%from", code.times(row, "%inputs")))
        with code.loop("%inputs") as r:
            together = "poison"
            for lane, row in enumerate(rows):
                lone = code.load(code.at(row, r))
                together = code.value(f"insertelement {VECTOR} {together}, double {lone}, i64 {lane}")
            code.store(together, code.at("%to", code.plus(code.times(r, "%ld"), m)), VECTOR)
    code.line("ret void")
    return code.text()


def _ones() -> str:
    """`@ones(rows' address, rows, columns, from row to row)` puts a 1 behind each row."""
    code = Function("define internal void @ones(ptr %a, i64 %rows, i64 %columns, i64 %ld) nounwind")
    return _with_ones(code)


def _with_ones(code: Function) -> str:
    """The text of a function that ends with a 1 behind each row of %a."""
    with code.loop("%rows") as s:
        code.store(number(1.0), code.at("%a", code.plus(code.times(s, "%ld"), "%columns")))
    code.line("ret void")
    return code.text()


def _activation(op: Op) -> str:
    """`@activate_NAME(sums, outputs, rows, columns, from row to row)`: what an op makes of sums, each row with a 1."""
    head = "ptr noalias readonly %z, ptr noalias %a, i64 %rows, i64 %columns, i64 %ld"
    code = Function(f"define internal void @activate_{op.name}({head}) noinline nounwind")
    with _each(code, op.forward) as place:
        made = computed(code, op.forward, {"a": code.load(code.at("%z", place))})
        code.store(made, code.at("%a", place))
    return _with_ones(code)


@contextmanager
def _each(code: Function, formula: str) -> Iterator[str]:
    """Statements for the place of each number of all rows. Where a formula calls nothing, they are one long row, with
    what fills them up: that is cheaper than to begin anew at each.
    """
    if not called(formula):
        with code.loop(code.times("%rows", "%ld")) as place:
            yield place
    else:
        with code.loop("%rows") as s, code.loop("%columns") as j:
            yield code.plus(code.times(s, "%ld"), j)


def _slope(op: Op, *, summed: bool) -> str:
    """`@slope_NAME(sums, outputs, gradients, …)`: an op's chain rule, by which gradients of outputs become those of
    sums. That of the name `slope_and_NAME` adds it to what there is besides.
    """
    pointers = ["ptr noalias readonly %z", "ptr noalias readonly %a", "ptr noalias %d"]
    pointers += ["ptr noalias readonly %s"] * summed
    head = f"{', '.join(pointers)}, i64 %rows, i64 %columns, i64 %ld"
    code = Function(f"define internal void @slope_{'and_' * summed}{op.name}({head}) noinline nounwind")
    derivative = op.backward[0]
    assert derivative is not None
    with _each(code, derivative) as place:
        a, y, g = (code.load(code.at(array, place)) for array in ("%z", "%a", "%d"))
        delta = code.binary("fmul", computed(code, derivative, {"a": a, "y": y}), g)
        if summed:
            delta = code.binary("fadd", code.load(code.at("%s", place)), delta)
        code.store(delta, code.at("%d", place))
    code.line("ret void")
    return code.text()
