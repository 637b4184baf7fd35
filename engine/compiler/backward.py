"""Writes a sample's backward: the chain rule from its loss to the parameters. Knows plans and which gradients are
needed; must not know batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .flow import Flow
from .formulas import HEAVIEST, Expr, accumulate, product, set_to_sum, substituted, total
from .plan import Plan
from .statements import Guards, Statements, zeroed


class Backward:
    """The gradients of a sample's ops, from the last op to the first."""

    def __init__(self, plan: Plan, flow: Flow, values: Mapping[int, Expr], gradient: str = "g") -> None:
        """The parameters' gradients are called `gradient` and their slots."""
        self._plan = plan
        self._own = gradient
        self._flow = flow
        self._values = values
        """What stands for each slot of forward."""
        self._gradients = flow.gradients()
        self._seed = Expr("share") if plan.mean else Expr("1.0")
        """The gradient of the sample's loss."""
        self._pending: dict[int, list[Expr]] = {plan.root: [self._seed]}
        """Contributions to a slot's gradient that stand nowhere yet."""
        self._deferred: dict[int, list[str]] = {}
        """For a gate: statements that wait until the others behind it are written."""
        self._zeroed: dict[Guards, dict[str, None]] = {}
        """Gradients that begin at 0, by the guards before which they must."""
        self._named: dict[str, Guards] = {}
        """Gradients that have a name, and the guards behind which they got it."""
        self._body = Statements()

    def write(self, body: Statements) -> Iterator[None]:
        """Add the statements; yields at each neuron."""
        flow, plan, scope = self._flow, self._plan, None
        guards, mixed, _ = self._gradients
        for slot in sorted(mixed, reverse=True):
            self._begin_at_zero(guards[slot], self._name(slot))
        if plan.root in plan.parameters:
            # The seed of a sample's backward is set, not added.
            self._body.add((), f"{self._own}{plan.root} = {self._seed.text}")
        for k in reversed(range(len(flow.program))):
            if not flow.differentiated[k]:
                continue
            if plan.tape.scopes[k] != scope:
                scope = plan.tape.scopes[k]
                yield
                self._body.comment(flow.place(k))
            self._chain_rule(k)
        for outer, names in self._zeroed.items():
            self._insert(outer, zeroed(list(names)))
        body.items += self._body.items

    def _chain_rule(self, k: int) -> None:
        """What an op adds to the gradients of its inputs."""
        flow, parameters = self._flow, self._plan.parameters
        slot = flow.first + k
        guards = flow.inside(self._gradients.guards.get(slot, ()), slot)
        for line in self._deferred.pop(slot, ()):
            self._body.add(guards, line)
        gate = flow.gate_of.get(slot)
        grad = self._grad(k, guards, gate)
        operands = dict(zip("aby", flow.program[k][1:], strict=True))
        values = {name: self._values[operand] for name, operand in operands.items() if operand in self._values}
        for other, place in flow.differentiated[k]:
            derivative = "1.0" if slot in flow.gates else flow.formulas[k][1][place]
            if grad.text == "0.0" and derivative in ("1.0", "-1.0", "0.0"):
                continue
            share = product(substituted(derivative, values), grad)
            if other in parameters:
                line = accumulate(f"{self._own}{other}", share)
                if gate is not None and self._gradients.contributions[other] == 1:
                    self._deferred.setdefault(gate, []).append(line)
                else:
                    self._body.add(guards if gate is None else flow.inside(guards, gate), line)
            elif other in self._gradients.mixed:
                self._body.add(guards, accumulate(self._name(other), share))
            else:
                self._pending.setdefault(other, []).append(share)

    def _grad(self, k: int, guards: Guards, gate: int | None) -> Expr:
        """The gradient of an op's result; it gets a name where it is used twice, long, or read behind other guards."""
        slot = self._flow.first + k
        terms = [Expr(f"d{k}")] if slot in self._gradients.mixed else self._pending.pop(slot, [Expr("0.0")])
        grad = total(terms)
        elsewhere = gate is not None and self._gradients.guards[gate] != guards
        twice = len(self._flow.differentiated[k]) > 1 and grad.weight > 0
        if twice or grad.weight >= HEAVIEST or (elsewhere and self._named.get(grad.text) != guards):
            grad = Expr(f"d{k}")
            for line in set_to_sum(grad.text, terms):
                self._body.add(guards, line)
            self._named[grad.text] = guards
        if gate is not None and elsewhere:
            self._begin_at_zero(self._gradients.guards[gate], grad.text)
        return grad

    def _name(self, slot: int) -> str:
        return f"d{slot - self._flow.first}"

    def _begin_at_zero(self, outer: Guards, name: str) -> None:
        self._zeroed.setdefault(outer, {})[name] = None

    def _insert(self, guards: Guards, lines: list[str]) -> None:
        """Put statements before the first of those that are behind these guards."""
        items = self._body.items
        place = next(n for n, (own, text) in enumerate(items) if own[: len(guards)] == guards and text[0] != "#")
        items[place:place] = [(guards, line) for line in lines]
