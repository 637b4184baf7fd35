"""Writes the generated function: steps, batches and updates around a sample's forward and backward. Knows plans; must
not know how the function is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from .backward import Backward
from .flow import Flow
from .formulas import Expr, set_to_sum, substituted
from .forward import Forward
from .plan import Plan
from .statements import COLUMNS, PIECE, START, STOP, TRAIN, Statements, batch_loss, with_tuple, wrapped, zeroed
from .update import penalties, slopes, update

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


def source_in_pieces(plan: Plan, *, fast: bool) -> Iterator[str]:
    """The function, piece by piece; many pieces are empty."""
    yield from _Writer(plan, fast=fast).text()


class _Writer:
    """Writes one function."""

    def __init__(self, plan: Plan, *, fast: bool) -> None:
        self.plan = plan
        self.fast = fast
        self.count = len(plan.parameters)
        self.parameters = [f"p{i}" for i in range(self.count)]
        self.gradients = [f"g{i}" for i in range(self.count)]
        self.moments = [[f"{name}_{i}" for i in range(self.count)] for name in plan.state]
        """The optimiser's state variables."""
        self.row = [f"x{i}" for i in range(len(plan.inputs))] + [f"y{i}" for i in range(len(plan.targets))]

    def text(self) -> Iterator[str]:
        """The whole function, piece by piece."""
        flow = Flow(self.plan, skips=self.fast)
        forward, body = Forward(self.plan, flow), Statements()
        for _ in forward.write(body):
            yield ""
        forward.decide(body)
        root = self.plan.root
        body.comment("the sample's loss, and back")
        body.add((root,) if root in flow.read_open else (), f"total += {forward.values[root].text}")
        for _ in Backward(self.plan, flow, forward.values).write(body):
            yield ""
        yield from self._head(forward.names)
        yield from self._step(body.lines(forward.conditions, 12))
        yield from self._tail()

    def _head(self, names: list[str]) -> Iterator[str]:
        """The function's first lines, up to its loop."""
        plan = self.plan
        rules = f"{_RULES}\n{_FAST.format(limit=plan.limit)}" if self.fast else _RULES
        yield from _joined(TRAIN)
        yield from _joined([*rules.split("\n"), '"""'], 4)
        if len(names) + 2 * self.count > 250:
            yield "    # CPython reaches the first 256 variables fastest: those of the inner loop come first.\n"
            yield from _joined(zeroed([*self.row, *names]), 4)
        yield from _joined(with_tuple("", self.parameters, " = numbers.parameters", 4))
        yield from _joined(with_tuple("", self.gradients, " = numbers.gradients", 4))
        for i, moments in enumerate(self.moments):
            yield from _joined(with_tuple("", moments, f" = numbers.moments[{i}]", 4))
        if plan.knobs:
            yield from _joined(with_tuple("", plan.knobs, " = knobs", 4))
        yield from _joined(START, 4)

    def _step(self, sample: Iterator[str]) -> Iterator[str]:
        """What is done for each piece of a step, and at the step's end."""
        yield from _joined(with_tuple("before = ", self.parameters, "", 8))
        yield "        if not begun:\n"
        if self.fast:
            yield from _joined([f"if not hypot(*before) <= {self.plan.limit!r}:", "    break"], 12)
        yield from _joined(self._begin(), 12)
        if self.plan.mean:
            yield "        share = 1.0 / size\n"
        yield from _joined(with_tuple("for ", self.row, " in rows:", 8) if self.row else ["        for _ in rows:"])
        yield from _joined(sample)
        yield from _joined(PIECE, 8)
        yield from _joined(batch_loss(mean=self.plan.mean, penalties=self._penalties()), 8)
        yield from _joined(self._update(), 8)

    def _begin(self) -> Iterator[str]:
        """The start of a step: the penalties' gradients go first."""
        terms = slopes(self.plan)
        yield "total, wrong = 0.0, 0"
        if terms:
            yield "# the gradients of the penalties; p * p has one from each side"
            # Where numbers may leave the finite ones, the sign of a zero can matter: 1/-0 is -inf.
            gradient = f"{'' if self.fast else '0.0 + '}{' + '.join(terms)}"
            yield from (f"g{i} = {substituted(gradient, {'p': Expr(p)}).text}" for i, p in enumerate(self.parameters))
        else:
            yield from zeroed(self.gradients)

    def _penalties(self) -> Iterator[str]:
        """What adds each penalty to the loss of the batch."""
        for weight, term in penalties(self.plan):
            for line in set_to_sum("penalty", [substituted(term, {"p": Expr(p)}) for p in self.parameters]):
                yield from wrapped(line, 0, COLUMNS - 8)
            yield f"loss = loss + {weight!r} * penalty"

    def _update(self) -> Iterator[str]:
        """The optimiser's lines for each parameter in turn, the frozen ones left out."""
        once, lines = update(self.plan)
        yield "# update"
        yield from (f"{name} = {formula}" for formula, name in once.items())
        for i in sorted(set(range(self.count)) - self.plan.frozen):
            own = {"p": Expr(f"p{i}"), "g": Expr(f"g{i}"), **{name: Expr(f"{name}_{i}") for name in self.plan.state}}
            yield from (f"{own[target].text} = {substituted(formula, own).text}" for target, formula in lines)
        yield "previous = before"
        yield "t += 1"

    def _tail(self) -> Iterator[str]:
        """The function's last lines, behind its loop."""
        yield from _joined(with_tuple("numbers.parameters = ", self.parameters, "", 4))
        yield from _joined(with_tuple("numbers.gradients = ", self.gradients, "", 4))
        if self.moments:
            lines = [line for moments in self.moments for line in with_tuple("(", moments, "),", 8)]
            yield from _joined(["    numbers.moments = (", *lines, "    )"])
        yield from _joined(["numbers.previous = previous", *STOP], 4)


def _joined(lines: Iterable[str], indent: int = 0) -> Iterator[str]:
    """Lines as text, a hundred or so in a piece."""
    pad = " " * indent
    rest = iter(lines)
    while group := list(islice(rest, 100)):
        yield "".join(f"{pad}{line}\n" if line else "\n" for line in group)
