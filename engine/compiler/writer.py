"""Writes the generated function's source. Knows plans and which numbers are needed; must not know how it is run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ..autograd.ops import OPS
from ..autograd.tape import Scope
from .codegen import (
    COLUMNS,
    PRODUCT,
    Path,
    Statements,
    Text,
    adding,
    filled,
    fitted,
    hoisted,
    listed,
    mentions,
    number,
    sums,
    times,
    total,
    zeros,
)
from .flow import Flow
from .plan import Plan

_HEAD = "Train by whole steps; `work` has the samples of a step in one piece or in several."

_RULES = """\
It does what the replay of the tape does op by op, in the same order, and gives the same bits. p are parameters, g
their gradients, x and y a sample's inputs and targets, n the results of ops and d the gradients of those.
- A result that is used once stands where it is used; one that is used again has a name.
- A sample's gradients do not depend on the batch's loss, so its forward, its loss and its backward are one pass.
- The gradient of an input is never computed, and a gradient's first contribution is not added to 0.0.
- Numbers that only depend on the step are computed once a step."""

_FAST = """\
- Where a gate (a ReLU, a hinge) is closed, what it would multiply by 0 is skipped: its terms in the next layer's
  sums, and its whole chain rule. Sums of gates are therefore taken gate by gate, each in its own order still.
- Skipping would hide the NaN of 0 * inf. No number of a sample can be inf while the parameters are within {limit!r}
  of 0, so that is asked before each step; if they are not, the dense variant, which skips nothing, has to go on."""


class Source:
    """Writes one function."""

    def __init__(self, plan: Plan, *, fast: bool) -> None:
        self.plan = plan
        self.flow = Flow(plan, skips=fast)
        self.fast = fast
        self.count = len(plan.parameters)
        self.formulas = [self._formulas(k) for k in range(len(plan.tape))]
        """Of each instruction: its forward, and its partials; those that nothing wants are left at 0."""
        self.share = Text("share") if plan.mean else Text("1.0")
        self.values: dict[int, Text] = {
            **{slot: Text(f"p{i}") for i, slot in enumerate(plan.parameters)},
            **{slot: Text(f"x{i}") for i, slot in enumerate(plan.inputs)},
            **{slot: Text(f"y{i}") for i, slot in enumerate(plan.targets)},
            **{slot: number(data) for slot, data in plan.constants.items()},
        }
        self.conditions: dict[int, str] = {}
        self.body = Statements()
        self.names: list[str] = []
        """The results that have names."""

    def _formulas(self, k: int) -> tuple[str, tuple[str, ...]]:
        row, exponent = self.flow.rows[k], self.plan.constants.get(self.flow.program[k][2])
        if row is OPS["powc"] and exponent is not None and math.isfinite(exponent) and exponent != 0.0:
            return _power(exponent).text, (times(number(exponent), _power(exponent - 1.0)).text,)
        return row.forward, tuple(partial or "0.0" for partial in row.backward)

    # --- forward

    def _uses(self) -> dict[int, int]:
        """How often the source will mention each slot."""
        flow, uses = self.flow, dict[int, int]()

        def mention(slot: int, times: int = 1) -> None:
            uses[slot] = uses.get(slot, 0) + times

        for (forward, partials), (_, i, j, y), wants in zip(self.formulas, flow.program, flow.wants, strict=True):
            slots = {"a": i, "b": j, "y": y}
            if y not in flow.pure:
                for name in mentions(forward):
                    mention(slots[name])
            if y in flow.gates:
                mention(i, 2)
                continue
            for _, place in wants:
                for name in mentions(partials[place]):
                    mention(slots[name])
        mention(self.plan.root)
        for slot in self.plan.outputs if self.plan.classes else ():
            mention(slot, 2)
        return uses

    def _forward(self) -> Iterator[str]:
        flow, uses, values, scope = self.flow, self._uses(), self.values, None
        done: set[tuple[int, ...]] = set()
        for k, (_, i, j, y) in enumerate(flow.program):
            if self.plan.tape.scopes[k] != scope:
                scope = self.plan.tape.scopes[k]
                yield ""
                self.body.comment(_place(scope, self.plan.tape.scopes))
            if y in flow.gates:
                self.conditions[y] = f"{values[i].text} > 0.0"
            if y in flow.pure:
                values[y] = values[i]
            elif y in flow.layers:
                gates = tuple(gate for gate, _ in flow.layers[y])
                if gates not in done:
                    done.add(gates)
                    self._scatter(gates)
                values[y] = Text(f"n{y - flow.first}")
            elif y not in flow.absorbed and y in uses:
                value = filled(self.formulas[k][0], {"a": values[i], "b": values[j]})
                if uses[y] > 1 or value.weight >= 32:
                    self.body.add((), f"n{k} = {value.text}")
                    value = Text(f"n{k}")
                    self.names.append(value.text)
                values[y] = value

    def _scatter(self, gates: tuple[int, ...]) -> None:
        """All the sums over the same gates, gate by gate."""
        flow = self.flow
        group = [end for end, terms in flow.layers.items() if tuple(gate for gate, _ in terms) == gates]
        names = [f"n{end - flow.first}" for end in group]
        self.names += names
        for line in zeros(names):
            self.body.add((), line)
        for place, gate in enumerate(gates):
            for name, end in zip(names, group, strict=True):
                factor = self.values[flow.layers[end][place][1]]
                self.body.add((gate,), f"{name} += {self.values[gate].text} * {factor.text}")

    def _decide(self) -> None:
        """Count the samples that are decided wrongly."""
        if not self.plan.classes:
            return
        outputs = [self.values[slot].text for slot in self.plan.outputs]
        self.body.comment("is the decision right?")
        if len(outputs) == 1:
            test = f"if {outputs[0]} > {self.plan.threshold!r}:"
            self.body.add((), f"{test}\n    if y0 != 1.0:\n        wrong += 1\nelif y0 == 1.0:\n    wrong += 1")
            return
        self.body.add((), f"best, meant = {outputs[0]}, y0")
        for i, output in enumerate(outputs[1:], start=1):
            self.body.add((), f"if {output} > best:\n    best, meant = {output}, y{i}")
        self.body.add((), "if meant != 1.0:\n    wrong += 1")

    # --- backward

    def _backward(self) -> Iterator[str]:
        flow, parameters, first = self.flow, self.plan.parameters, self.flow.first
        home, apart, count = flow.paths()
        pending: dict[int, list[Text]] = {self.plan.root: [self.share]}
        later: dict[int, list[str]] = {}
        inits: dict[Path, dict[str, None]] = {}
        defined: dict[str, Path] = {}
        body, scope = Statements(), None
        for slot in sorted(apart, reverse=True):
            inits.setdefault(home[slot], {})[f"d{slot - first}"] = None
        if self.plan.root in parameters:
            # The seed of a sample's backward is set, not added.
            body.add((), f"g{self.plan.root} = {self.share.text}")
        for k in reversed(range(len(flow.program))):
            slot, wants = first + k, flow.wants[k]
            if not wants:
                continue
            if self.plan.tape.scopes[k] != scope:
                scope = self.plan.tape.scopes[k]
                yield ""
                body.comment(_place(scope, self.plan.tape.scopes))
            path = flow.inside(home.get(slot, ()), slot)
            for line in later.pop(slot, ()):
                body.add(path, line)
            gate = flow.products.get(slot)
            outside = gate is not None and home[gate] != path
            terms = [Text(f"d{k}")] if slot in apart else pending.pop(slot, [Text("0.0")])
            grad = total(terms)
            if (len(wants) > 1 and grad.weight) or grad.weight >= 32 or (outside and defined.get(grad.text) != path):
                for line in sums(f"d{k}", terms):
                    body.add(path, line)
                grad = Text(f"d{k}")
                defined[grad.text] = path
            if gate is not None and outside:
                inits.setdefault(home[gate], {})[grad.text] = None
            names = dict(zip("aby", flow.program[k][1:], strict=True))
            values = {name: self.values[slot] for name, slot in names.items() if slot in self.values}
            for other, place in wants:
                partial = "1.0" if slot in flow.gates else self.formulas[k][1][place]
                if grad.text == "0.0" and partial in ("1.0", "-1.0", "0.0"):
                    continue
                share = times(filled(partial, values), grad)
                line = adding(f"g{other}" if other in parameters else f"d{other - first}", share)
                if other in parameters:
                    if gate is not None and count[other] == 1:
                        later.setdefault(gate, []).append(line)
                    else:
                        body.add(path if gate is None else flow.inside(path, gate), line)
                elif other in apart:
                    body.add(path, line)
                else:
                    pending.setdefault(other, []).append(share)
        for path, variables in inits.items():
            place = next(n for n, (at, text) in enumerate(body.items) if at[: len(path)] == path and text[0] != "#")
            body.items[place:place] = [(path, line) for line in zeros(list(variables))]
        self.body.items += body.items

    # --- the batch, and the whole

    def text(self) -> Iterator[str]:
        """The whole function, piece by piece."""
        plan, count = self.plan, self.count
        yield from self._forward()
        self._decide()
        self.body.comment("the sample's loss, and back")
        self.body.add((plan.root,) if plan.root in self.flow.pure else (), f"total += {self.values[plan.root].text}")
        yield from self._backward()
        parameters, gradients = [f"p{i}" for i in range(count)], [f"g{i}" for i in range(count)]
        moments = [[f"{name}_{i}" for i in range(count)] for name in plan.state]
        row = [f"x{i}" for i in range(len(plan.inputs))] + [f"y{i}" for i in range(len(plan.targets))]
        doc = f"{_RULES}\n{_FAST.format(limit=plan.limit)}" if self.fast else _RULES
        yield from _joined(["def train(numbers, work, knobs):", f'    """{_HEAD}', ""])
        yield from _joined([*doc.split("\n"), '"""'], 4)
        if len(self.names) + 2 * count > 250:
            yield "    # CPython reaches the first 256 variables fastest: those of the inner loop come first.\n"
            yield from _joined(zeros([*row, *self.names]), 4)
        yield from _joined(listed("", parameters, " = numbers.parameters", 4))
        yield from _joined(listed("", gradients, " = numbers.gradients", 4))
        for i, names in enumerate(moments):
            yield from _joined(listed("", names, f" = numbers.moments[{i}]", 4))
        if plan.knobs:
            yield from _joined(listed("", plan.knobs, " = knobs", 4))
        yield from _joined(_START, 4)
        yield from _joined(listed("before = ", parameters, "", 8))
        yield "        if not begun:\n"
        if self.fast:
            yield from _joined([f"if not hypot(*before) <= {plan.limit!r}:", "    break"], 12)
        yield from _joined(self._begin(), 12)
        if plan.mean:
            yield "        share = 1.0 / size\n"
        yield from _joined(listed("for ", row, " in rows:", 8) if row else ["        for _ in rows:"])
        yield from _joined(self.body.lines(self.conditions, 12))
        yield from _joined(["done += 1", "begun = lr is None", "if begun:", "    continue"], 8)
        yield from _joined(self._end(), 8)
        yield from _joined(self._update(), 8)
        yield from _joined(listed("numbers.parameters = ", parameters, "", 4))
        yield from _joined(listed("numbers.gradients = ", gradients, "", 4))
        if moments:
            lines = [line for names in moments for line in listed("(", names, "),", 8)]
            yield from _joined(["    numbers.moments = (", *lines, "    )"])
        yield from _joined(_STOP, 4)

    def _begin(self) -> Iterator[str]:
        """The start of a step: the penalties' gradients go first."""
        l1, l2 = self.plan.l1, self.plan.l2
        terms = [f"2.0 * ({l2!r} * p#)"] * (l2 != 0.0) + [f"{l1!r} * sign(p#)"] * (l1 != 0.0)
        yield "total, wrong = 0.0, 0"
        if terms:
            yield "# the gradients of the penalties; p * p has one from each side"
            # Where numbers may leave the finite ones, the sign of a zero can matter: 1/-0 is -inf.
            gradient = f"g# = {'' if self.fast else '0.0 + '}{' + '.join(terms)}"
            yield from (gradient.replace("#", str(i)) for i in range(self.count))
        else:
            yield from zeros([f"g{i}" for i in range(self.count)])

    def _end(self) -> Iterator[str]:
        """The loss of the batch, from the sum of its samples'."""
        yield "# the batch's loss"
        yield "loss = total / size" if self.plan.mean else "loss = total"
        for weight, term in ((self.plan.l1, "abs(p#)"), (self.plan.l2, "p# * p#")):
            if weight:
                for line in sums("penalty", [Text(term.replace("#", str(i)), PRODUCT, 1) for i in range(self.count)]):
                    yield from fitted(line, 0, COLUMNS - 8)
                yield f"loss = loss + {weight!r} * penalty"
        yield "losses.append(loss)"
        yield "rights.append(size - wrong)"

    def _update(self) -> Iterator[str]:
        """The optimiser's lines for each parameter in turn, the frozen ones left out."""
        once: dict[str, str] = {}
        fixed = frozenset(("lr", "t", *self.plan.knobs))
        made = [(line.target, hoisted(line.formula, fixed, once)) for line in self.plan.lines]
        yield "# update"
        yield from (f"{name} = {formula}" for formula, name in once.items())
        for i in sorted(set(range(self.count)) - self.plan.frozen):
            own = {"p": Text(f"p{i}"), "g": Text(f"g{i}"), **{name: Text(f"{name}_{i}") for name in self.plan.state}}
            yield from (f"{own[target].text} = {filled(formula, own).text}" for target, formula in made)
        yield "previous = before"
        yield "t += 1"


_START = [
    "t, total, wrong, begun = numbers.t, numbers.total, numbers.wrong, numbers.begun",
    "previous = numbers.previous",
    "done, losses, rights = 0, [], []",
    "for rows, size, lr in work:",
]

_STOP = [
    "numbers.previous = previous",
    "numbers.t, numbers.total, numbers.wrong, numbers.begun = t, total, wrong, begun",
    "return done, losses, rights",
]


def _power(exponent: float) -> Text:
    """The power with a constant exponent: what `power` does, without the call where it needs none."""
    return {1.0: Text("a"), 2.0: Text("a * a", PRODUCT, 1)}.get(exponent, Text(f"power(a, {exponent!r})"))


def _joined(lines: Iterable[str], indent: int = 0) -> Iterator[str]:
    """Lines as text, a hundred or so in a piece."""
    pad = " " * indent
    rest = iter(lines)
    while group := list(islice(rest, 100)):
        yield "".join(f"{pad}{line}\n" if line else "\n" for line in group)


def _place(scope: Scope, scopes: Sequence[Scope]) -> str:
    """What a comment calls a scope."""
    if scope.layer is None:
        return "the loss" if any(other.layer for other in scopes) else "the expression"
    return f"layer {scope.layer}, neuron {scope.neuron}"
