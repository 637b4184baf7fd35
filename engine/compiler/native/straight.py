"""A tape's ops as a straight line of statements, forward and back: a whole sample, or a network's head. Knows plans and
which gradients are needed; must not know memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..flow import Flow
from ..layered.head import head_of
from ..plan import Plan
from .code import Function, number
from .formulas import computed


class Straight:
    """The ops of a plan's tape, one behind the other, written into a function."""

    def __init__(self, plan: Plan, code: Function, values: Mapping[int, str]) -> None:
        """`values` are those of parameters, inputs and targets, by their slots."""
        self._plan = plan
        self._code = code
        self._flow = Flow(plan, skips=False)
        constants = {slot: number(data) for slot, data in plan.constants.items()}
        self.values = {**constants, **values}
        """What stands for each slot."""

    def forward(self) -> str:
        """Write forward; the value of the sample's loss."""
        flow, values = self._flow, self.values
        for (formula, _), (_, i, j, y) in zip(flow.formulas, flow.program, strict=True):
            values[y] = computed(self._code, formula, {"a": values[i], "b": values[j]})
        return values[self._plan.root]

    def backward(self, seed: str, first: Mapping[int, str]) -> Mapping[int, str]:
        """Write backward; the values of the parameters' gradients, which were `first`."""
        flow, code = self._flow, self._code
        grads = {**first, self._plan.root: seed}
        zero = number(0.0)
        for k in reversed(range(len(flow.program))):
            _, i, j, y = flow.program[k]
            values = {"a": self.values[i], "b": self.values[j], "y": self.values[y]}
            grad = grads.get(y, zero)
            for slot, place in flow.differentiated[k]:
                share = self._share(flow.formulas[k][1][place], values, grad)
                grads[slot] = code.binary("fadd", grads.get(slot, zero), share)
        return {slot: grads[slot] for slot in first}

    def _share(self, derivative: str, values: Mapping[str, str], grad: str) -> str:
        """derivative · grad, with factors ±1 left out: they change no bit."""
        if derivative == "1.0":
            return grad
        if derivative == "-1.0":
            return self._code.value(f"fneg double {grad}")
        return self._code.binary("fmul", computed(self._code, derivative, values), grad)

    def wrong(self) -> str:
        """Write whether the decision is wrong: an i1."""
        plan, code, values = self._plan, self._code, self.values
        one = number(1.0)
        outputs = [values[slot] for slot in plan.outputs]
        targets = [values[slot] for slot in plan.targets]
        if len(outputs) == 1:
            chosen = code.value(f"fcmp ogt double {outputs[0]}, {number(plan.threshold)}")
            meant = code.value(f"fcmp oeq double {targets[0]}, {one}")
            return code.binary("xor", chosen, meant, "i1")
        best, meant = outputs[0], targets[0]
        for output, target in zip(outputs[1:], targets[1:], strict=False):
            better = code.value(f"fcmp ogt double {output}, {best}")
            best = code.value(f"select i1 {better}, double {output}, double {best}")
            meant = code.value(f"select i1 {better}, double {target}, double {meant}")
        return code.value(f"fcmp une double {meant}, {one}")


def formulas_of(plan: Plan) -> Iterator[str]:
    """All formulas that the ops of a tape are computed by, but for the products and sums of a network's layers."""
    line = plan
    if plan.network is not None:
        line = head_of(plan, plan.network)
        for op in {layer.activation for layer in plan.network.layers if layer.activation is not None}:
            yield from (op.forward, *(derivative for derivative in op.backward if derivative is not None))
    for forward, backward in Flow(line, skips=False).formulas:
        yield forward
        yield from backward
