"""Writes a sample's forward and its decision. Knows plans and which numbers are needed; must not know backward."""

from __future__ import annotations

from collections.abc import Iterator

from .flow import Flow
from .formulas import HEAVIEST, Expr, literal, substituted, variables
from .plan import Plan
from .statements import Statements, zeroed


class Forward:
    """The results of a sample's ops: those that are used once stand where they are used, the others have a name."""

    def __init__(self, plan: Plan, flow: Flow, parameter: str = "p") -> None:
        """Parameters are called `parameter` and their number."""
        self._plan = plan
        self._flow = flow
        self._uses = self._count_uses()
        self.values: dict[int, Expr] = {
            **{slot: Expr(f"{parameter}{i}") for i, slot in enumerate(plan.parameters)},
            **{slot: Expr(f"x{i}") for i, slot in enumerate(plan.inputs)},
            **{slot: Expr(f"y{i}") for i, slot in enumerate(plan.targets)},
            **{slot: literal(data) for slot, data in plan.constants.items()},
        }
        """What stands for each slot."""
        self.conditions: dict[int, str] = {}
        """When each gate is open."""
        self.names: list[str] = []
        """The results that have a name."""

    def _count_uses(self) -> dict[int, int]:
        """How often the source will mention each slot."""
        flow, uses = self._flow, dict[int, int]()

        def mention(slot: int, times: int = 1) -> None:
            uses[slot] = uses.get(slot, 0) + times

        for (forward, backward), (_, i, j, y), inputs in zip(
            flow.formulas, flow.program, flow.differentiated, strict=True
        ):
            slots = {"a": i, "b": j, "y": y}
            if y not in flow.read_open:
                for name in variables(forward):
                    mention(slots[name])
            if y in flow.gates:
                mention(i, 2)
                continue
            for _, place in inputs:
                for name in variables(backward[place]):
                    mention(slots[name])
        mention(self._plan.root)
        for slot in self._plan.outputs if self._plan.classes else ():
            mention(slot, 2)
        return uses

    def write(self, body: Statements) -> Iterator[None]:
        """Add the statements; yields at each neuron."""
        flow, values, scope = self._flow, self.values, None
        scattered: set[tuple[int, ...]] = set()
        for k, (_, i, j, y) in enumerate(flow.program):
            if self._plan.tape.scopes[k] != scope:
                scope = self._plan.tape.scopes[k]
                yield
                body.comment(flow.place(k))
            if y in flow.gates:
                self.conditions[y] = f"{values[i].text} > 0.0"
            if y in flow.read_open:
                values[y] = values[i]
            elif y in flow.scattered:
                gates = tuple(term.gate for term in flow.scattered[y])
                if gates not in scattered:
                    scattered.add(gates)
                    self._scatter(gates, body)
                values[y] = Expr(f"n{y - flow.first}")
            elif y not in flow.absorbed and y in self._uses:
                value = substituted(flow.formulas[k][0], {"a": values[i], "b": values[j]})
                if self._uses[y] > 1 or value.weight >= HEAVIEST:
                    body.add((), f"n{k} = {value.text}")
                    value = Expr(f"n{k}")
                    self.names.append(value.text)
                values[y] = value

    def _scatter(self, gates: tuple[int, ...], body: Statements) -> None:
        """All the sums over the same gates, gate by gate."""
        flow = self._flow
        group = [end for end, terms in flow.scattered.items() if tuple(term.gate for term in terms) == gates]
        names = [f"n{end - flow.first}" for end in group]
        self.names += names
        for line in zeroed(names):
            body.add((), line)
        for place, gate in enumerate(gates):
            for name, end in zip(names, group, strict=True):
                factor = self.values[flow.scattered[end][place].factor]
                body.add((gate,), f"{name} += {self.values[gate].text} * {factor.text}")

    def decide(self, body: Statements) -> None:
        """Add the statements that count a sample which is decided wrongly."""
        if not self._plan.classes:
            return
        outputs = [self.values[slot].text for slot in self._plan.outputs]
        body.comment("is the decision right?")
        if len(outputs) == 1:
            test = f"if {outputs[0]} > {self._plan.threshold!r}:"
            body.add((), f"{test}\n    if y0 != 1.0:\n        wrong += 1\nelif y0 == 1.0:\n    wrong += 1")
            return
        body.add((), f"best, meant = {outputs[0]}, y0")
        for i, output in enumerate(outputs[1:], start=1):
            body.add((), f"if {output} > best:\n    best, meant = {output}, y{i}")
        body.add((), "if meant != 1.0:\n    wrong += 1")
