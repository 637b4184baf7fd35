"""Finds which numbers of a sample are needed, and behind which gates. Knows plans and tapes; must not know how a
function is written.

A gate is a ReLU whose chain rule is skipped while it is closed. A scattered sum is one that begins with products of
gates and parameters: it is taken gate by gate, and so may skip those that are closed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..autograd.ops.operation import Op
from ..autograd.ops.table import OPS
from ..autograd.replay import BY_OPCODE
from .formulas import PRODUCT, Expr, literal, product
from .plan import Plan
from .statements import Guards

_DEEPEST = 20
"""Gates behind more than so many others are not skipped: CPython has a limit of 100 indentations."""


class _Term(NamedTuple):
    """A product of a gate and a parameter, by their slots."""

    gate: int
    factor: int
    product: int


class Gradients(NamedTuple):
    """What is known of the gradient of each slot that has one."""

    guards: dict[int, Guards]
    """The gates that all of its contributions are behind."""
    mixed: set[int]
    """Slots whose contributions are behind different gates."""
    contributions: dict[int, int]
    """How many it has."""


class Flow:
    """How numbers flow through a sample's tape and back. Without `skips`, nothing is a gate."""

    def __init__(self, plan: Plan, *, skips: bool) -> None:
        self.plan = plan
        self.first = plan.tape.first
        self.program = plan.tape.program
        self.ops = plan.tape.ops
        self.formulas = [self._formulas(k) for k in range(len(self.program))]
        """Of each instruction: its forward, and its local derivatives; "0.0" for those that are never computed."""
        self.requires_grad = self._requires_grad()
        self.differentiated = [self._differentiated(k) for k in range(len(self.program))]
        """Of each instruction: (input, its place) for each gradient that is computed."""
        self.gates: set[int] = set()
        """Slots of the gates."""
        self.users: dict[int, list[int]] = {}
        """The instructions that read a slot."""
        for k, (_, i, j, _) in enumerate(self.program):
            for slot in {i, j}:
                self.users.setdefault(slot, []).append(k)
        self.scattered: dict[int, list[_Term]] = {}
        """For the last slot of each scattered sum: its terms."""
        self.gate_of: dict[int, int] = {}
        """The gate in each product that is a term of a scattered sum."""
        self.absorbed: set[int] = set()
        """Slots of products and sums inside scattered ones."""
        self.read_open: set[int] = set()
        """Gates that are only read where they are known to be open."""
        if skips:
            self._find_gates()

    def _formulas(self, k: int) -> tuple[str, tuple[str, ...]]:
        op, exponent = self.ops[k], self.plan.constants.get(self.program[k][2])
        if op is OPS["powc"] and exponent is not None and math.isfinite(exponent) and exponent != 0.0:
            return _power(exponent).text, (product(literal(exponent), _power(exponent - 1.0)).text,)
        return op.forward, tuple(derivative or "0.0" for derivative in op.backward)

    def _requires_grad(self) -> set[int]:
        """Slots whose gradients lead to a parameter's."""
        found = set(self.plan.parameters)
        for op, (_, i, j, k) in zip(self.ops, self.program, strict=True):
            inputs = zip((i, j), op.backward, strict=False)
            if any(slot in found and derivative is not None for slot, derivative in inputs):
                found.add(k)
        return found

    def _differentiated(self, k: int) -> list[tuple[int, int]]:
        inputs = zip(self.program[k][1:3], self.ops[k].backward, strict=False)
        return [
            (slot, place)
            for place, (slot, derivative) in enumerate(inputs)
            if derivative is not None and slot in self.requires_grad
        ]

    def place(self, k: int) -> str:
        """Where an instruction belongs, in words."""
        scopes = self.plan.tape.scopes
        if scopes[k].layer is None:
            return "the loss" if self.plan.targets else "the expression"
        return f"layer {scopes[k].layer}, neuron {scopes[k].neuron}"

    # --- gates, and sums of them

    def _find_gates(self) -> None:
        relu = OPS["relu"]
        self.gates = {
            k for op, (_, i, _, k) in zip(self.ops, self.program, strict=True) if op is relu and i in self.requires_grad
        }
        self._find_scattered()
        guards = self.gradients().guards
        deep = {gate for gate in self.gates if len(guards.get(gate, ())) >= _DEEPEST}
        if deep:
            self.gates -= deep
            self._find_scattered()

    def _find_scattered(self) -> None:
        """Sums that begin with products of gates and parameters, where no gate is read by anything else."""
        self.scattered, self.gate_of, self.absorbed = {}, {}, set()
        sums = {top: self._terms(top) for top in self._tops()}
        sums = {top: terms for top, terms in sums.items() if terms}
        shown = set(self.plan.outputs) if self.plan.classes else set()
        while True:
            read: dict[int, int] = {}
            for terms in sums.values():
                for term in terms:
                    read[term.gate] = read.get(term.gate, 0) + 1
            read_open = {gate for gate, uses in read.items() if uses == len(self.users[gate]) and gate not in shown}
            kept = {top: terms for top, terms in sums.items() if all(term.gate in read_open for term in terms)}
            if len(kept) == len(sums):
                break
            sums = kept
        self.read_open = read_open
        for top, terms in sums.items():
            inner = self._left(top)
            end = terms[0].product if len(terms) == 1 else inner[len(terms) - 2]
            self.scattered[end] = terms
            self.gate_of.update((term.product, term.gate) for term in terms)
            self.absorbed |= {term.product for term in terms} | set(inner[: len(terms) - 1])
            self.absorbed.discard(end)
        root = self.plan.root
        if root in self.gates and root not in self.users and root not in shown:
            self.read_open.add(root)

    def _instruction(self, slot: int) -> tuple[Op, int, int] | None:
        """The op that makes a slot, and its inputs; None for a leaf."""
        if slot < self.first or slot >= self.first + len(self.program):
            return None
        code, i, j, _ = self.program[slot - self.first]
        return BY_OPCODE[code], i, j

    def _tops(self) -> list[int]:
        """Slots of sums that are not the left part of a longer one."""
        add = OPS["add"]
        inner = {i for op, (_, i, j, _) in zip(self.ops, self.program, strict=True) if op is add and i != j}
        return [
            k
            for op, (_, _, _, k) in zip(self.ops, self.program, strict=True)
            if op is add and not (k in inner and len(self.users[k]) == 1)
        ]

    def _left(self, top: int) -> list[int]:
        """The sums down the left side of a sum, the innermost first."""
        chain = [top]
        while True:
            made = self._instruction(chain[-1])
            assert made is not None
            _, i, j = made
            left = self._instruction(i)
            if left is None or left[0] is not OPS["add"] or len(self.users[i]) > 1 or i == j:
                return chain[::-1]
            chain.append(i)

    def _terms(self, top: int) -> list[_Term]:
        """The terms with which a sum begins, as far as they are gates times parameters."""
        chain = self._left(top)
        bottom = self._instruction(chain[0])
        assert bottom is not None
        slots = [bottom[1], *(self.program[slot - self.first][2] for slot in chain)]
        terms: list[_Term] = []
        for slot in slots:
            made = self._instruction(slot)
            if made is None or made[0] is not OPS["mul"] or len(self.users[slot]) > 1 or slot == self.plan.root:
                break
            _, i, j = made
            gate, factor = (i, j) if i in self.gates else (j, i)
            if gate not in self.gates or factor not in self.plan.parameters or gate in (term.gate for term in terms):
                break
            terms.append(_Term(gate, factor, slot))
        return terms

    # --- backward

    def gradients(self) -> Gradients:
        """Behind which gates gradients are, from the root back."""
        guards: dict[int, Guards] = {self.plan.root: ()}
        mixed: set[int] = set()
        contributions: dict[int, int] = {}
        for k in reversed(range(len(self.program))):
            slot = self.first + k
            inside = self.inside(guards.get(slot, ()), slot)
            for other, _ in self.differentiated[k]:
                contributions[other] = contributions.get(other, 0) + 1
                if guards.setdefault(other, inside) != inside:
                    if other not in self.read_open and other not in self.plan.parameters:
                        mixed.add(other)
                    guards[other] = _common(guards[other], inside)
        return Gradients(guards, mixed, contributions)

    def inside(self, guards: Guards, slot: int) -> Guards:
        """Guards, and a slot's own if that is a gate."""
        return (*guards, slot) if slot in self.gates and slot not in guards else guards


def _common(one: Guards, other: Guards) -> Guards:
    """The guards with which both begin."""
    pairs = zip(one, other, strict=False)
    return one[: next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))]


def _power(exponent: float) -> Expr:
    """The power with a constant exponent: what `power` does, without the call where it needs none."""
    return {1.0: Expr("a"), 2.0: Expr("a * a", PRODUCT, 1)}.get(exponent, Expr(f"power(a, {exponent!r})"))
