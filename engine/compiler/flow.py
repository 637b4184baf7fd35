"""Finds which numbers of a sample are needed, and behind which gates. Knows plans and tapes; must not know how a
function is written.

A gate is a ReLU whose chain rule is skipped while it is closed. A scattered sum begins with products of gates and
parameters, and is taken gate by gate.
"""

from __future__ import annotations

from ..autograd.operation import Op
from ..autograd.ops import OPS
from ..autograd.replay import BY_OPCODE
from .codegen import Path
from .plan import Plan

_DEPTH = 20
"""Gates behind more than so many others are not skipped: CPython has a limit of 100 indentations."""


class Flow:
    """How numbers flow through a sample's tape and back. Without `skips`, nothing is a gate."""

    def __init__(self, plan: Plan, *, skips: bool) -> None:
        self.plan = plan
        self.first = plan.tape.first
        self.program = plan.tape.program
        self.rows = plan.tape.ops
        self.needs = self._needs()
        self.wants = [self._wants(k) for k in range(len(self.program))]
        """Of each instruction: (input, its place) for each gradient that is computed."""
        self.gates: set[int] = set()
        """Slots of the gates."""
        self.users: dict[int, list[int]] = {}
        """The instructions that read a slot."""
        for k, (_, i, j, _) in enumerate(self.program):
            for slot in {i, j}:
                self.users.setdefault(slot, []).append(k)
        self.layers: dict[int, list[tuple[int, int]]] = {}
        """For the last slot of each scattered sum: (gate, its factor) of its terms."""
        self.products: dict[int, int] = {}
        """The gate in each product that is a term of a scattered sum."""
        self.absorbed: set[int] = set()
        """Slots of products and sums inside scattered ones."""
        self.pure: set[int] = set()
        """Gates that are only read where they are known to be open."""
        if skips:
            self._find_gates()

    def _needs(self) -> set[int]:
        """Slots whose gradients lead to a parameter's."""
        needs = set(self.plan.parameters)
        for row, (_, i, j, k) in zip(self.rows, self.program, strict=True):
            inputs = zip((i, j), row.backward, strict=False)
            if any(slot in needs and partial is not None for slot, partial in inputs):
                needs.add(k)
        return needs

    def _wants(self, k: int) -> list[tuple[int, int]]:
        inputs = zip(self.program[k][1:3], self.rows[k].backward, strict=False)
        return [
            (slot, place) for place, (slot, partial) in enumerate(inputs) if partial is not None and slot in self.needs
        ]

    # --- gates, and sums of them

    def _find_gates(self) -> None:
        relu = OPS["relu"]
        self.gates = {
            k for row, (_, i, _, k) in zip(self.rows, self.program, strict=True) if row is relu and i in self.needs
        }
        self._find_layers()
        home = self.paths()[0]
        deep = {gate for gate in self.gates if len(home.get(gate, ())) >= _DEPTH}
        if deep:
            self.gates -= deep
            self._find_layers()

    def _find_layers(self) -> None:
        """Sums that begin with products of gates and parameters, where no gate is read by anything else."""
        for found in (self.layers, self.products, self.absorbed):
            found.clear()
        chains = {top: self._gate_terms(top) for top in self._tops()}
        chains = {top: terms for top, terms in chains.items() if terms}
        while True:
            read: dict[int, int] = {}
            for terms in chains.values():
                for gate, _, _ in terms:
                    read[gate] = read.get(gate, 0) + 1
            shown = set(self.plan.outputs) if self.plan.classes else set()
            pure = {gate for gate, uses in read.items() if uses == len(self.users[gate]) and gate not in shown}
            kept = {top: terms for top, terms in chains.items() if all(gate in pure for gate, _, _ in terms)}
            if len(kept) == len(chains):
                break
            chains = kept
        self.pure = pure
        for top, terms in chains.items():
            inner = self._left(top)
            end = terms[0][2] if len(terms) == 1 else inner[len(terms) - 2]
            self.layers[end] = [(gate, factor) for gate, factor, _ in terms]
            self.products.update((product, gate) for gate, _, product in terms)
            self.absorbed |= {product for _, _, product in terms} | set(inner[: len(terms) - 1])
            self.absorbed.discard(end)
        root = self.plan.root
        if root in self.gates and root not in self.users and root not in shown:
            self.pure.add(root)

    def _instruction(self, slot: int) -> tuple[Op, int, int] | None:
        if slot < self.first or slot >= self.first + len(self.program):
            return None
        code, i, j, _ = self.program[slot - self.first]
        return BY_OPCODE[code], i, j

    def _tops(self) -> list[int]:
        """Slots of sums that are not the left part of a longer one."""
        add = OPS["add"]
        inner = {i for row, (_, i, j, _) in zip(self.rows, self.program, strict=True) if row is add and i != j}
        return [
            k
            for row, (_, _, _, k) in zip(self.rows, self.program, strict=True)
            if row is add and not (k in inner and len(self.users[k]) == 1)
        ]

    def _left(self, top: int) -> list[int]:
        """The sums down the left side of a sum, the innermost first."""
        chain = [top]
        while True:
            made = self._instruction(chain[-1])
            assert made is not None
            left = self._instruction(made[1])
            if left is None or left[0] is not OPS["add"] or len(self.users[made[1]]) > 1 or made[1] == made[2]:
                return chain[::-1]
            chain.append(made[1])

    def _gate_terms(self, top: int) -> list[tuple[int, int, int]]:
        """(gate, factor, product) of the terms with which a sum begins, as far as they are gates times parameters."""
        chain = self._left(top)
        bottom = self._instruction(chain[0])
        assert bottom is not None
        slots = [bottom[1], *(self.program[slot - self.first][2] for slot in chain)]
        terms: list[tuple[int, int, int]] = []
        for slot in slots:
            made = self._instruction(slot)
            if made is None or made[0] is not OPS["mul"] or len(self.users[slot]) > 1 or slot == self.plan.root:
                break
            gate, factor = (made[1], made[2]) if made[1] in self.gates else (made[2], made[1])
            if gate not in self.gates or factor not in self.plan.parameters or gate in (term[0] for term in terms):
                break
            terms.append((gate, factor, slot))
        return terms

    # --- backward

    def paths(self) -> tuple[dict[int, Path], set[int], dict[int, int]]:
        """For each slot: behind which gates its gradient is; whether its contributions are behind different ones; and
        how many there are.
        """
        home: dict[int, Path] = {self.plan.root: ()}
        apart: set[int] = set()
        count: dict[int, int] = {}
        for k in reversed(range(len(self.program))):
            slot = self.first + k
            path = self.inside(home.get(slot, ()), slot)
            for other, _ in self.wants[k]:
                count[other] = count.get(other, 0) + 1
                if home.setdefault(other, path) != path:
                    if other not in self.pure and other not in self.plan.parameters:
                        apart.add(other)
                    pairs = zip(home[other], path, strict=False)
                    same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(home[other]), len(path)))
                    home[other] = path[:same]
        return home, apart, count

    def inside(self, path: Path, slot: int) -> Path:
        """A path, and into a slot if that is a gate."""
        return (*path, slot) if slot in self.gates and slot not in path else path
