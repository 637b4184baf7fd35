"""Writes the function of a network of dense layers, with loops over the neurons of each. Knows plans and recognised
layers; must not know how the function is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..backward import Backward
from ..flow import Flow
from ..formulas import Expr, product, substituted
from ..forward import Forward
from ..plan import Plan
from ..recognition import Dense, Network
from ..statements import PIECE, START, STOP, TRAIN, Statements, batch_loss, with_tuple
from ..update import penalties, slopes, update
from .head import head_of

_RULES = """\
It does what the replay of the tape does op by op, in the same order, and gives the same bits. p are parameters, g
their gradients. In a sample's row are its inputs and targets; z are a layer's sums, a what it makes of them and a 1
for the next biases, d the gradients of z and e those of a. Of the last layer o0, o1 ... are the outputs.
- `tiled` lays out weights: w row by row as a layer's inputs come, r neuron by neuron, the last one first.
- `combined` adds factor * row up row by row, and `spread` adds to each row of gradients: as the tape does.
- A sample's gradients do not depend on the batch's loss, so its forward, its loss and its backward are one pass.
- The gradient of an input is never computed. Numbers that only depend on the step are computed once a step."""

_FAST = """\
- What a closed gate (a ReLU, a hinge) would multiply by 0 is skipped. That would hide the NaN of 0 * inf. No number
  of a sample can be inf while the parameters are within {limit!r} of 0, so that is asked before each step; if they
  are not, the dense variant, which skips nothing, has to go on."""


def source_in_pieces(plan: Plan, network: Network, *, fast: bool) -> Iterator[str]:
    """The function, line by line; it is written in a few milliseconds."""
    for line in _Writer(plan, network, fast=fast).lines():
        yield f"{line}\n"


class _Writer:
    """Writes one function."""

    def __init__(self, plan: Plan, network: Network, *, fast: bool) -> None:
        self.plan = plan
        self.network = network
        self.fast = fast
        self.layers = network.layers
        self.last = len(self.layers)
        self.skipping = "_open" if fast else ""
        """What is behind the names of those that skip zeros."""

    def lines(self) -> Iterator[str]:
        """The whole function."""
        plan = self.plan
        rules = f"{_RULES}\n{_FAST.format(limit=plan.limit)}" if self.fast else _RULES
        yield from TRAIN
        yield from _indented([*rules.split("\n"), '"""'], 4)
        yield "    p, g = numbers.parameters, numbers.gradients"
        if plan.state:
            yield from with_tuple("", plan.state, " = numbers.moments", 4)
        if plan.knobs:
            yield from with_tuple("", plan.knobs, " = knobs", 4)
        yield from _indented(START, 4)
        yield from _indented(self._begin(), 8)
        yield from _indented(self._laid_out(), 8)
        yield "        for row in rows:"
        yield from _indented(self._sample(), 12)
        yield from _indented([self._gathered(), *PIECE], 8)
        yield from _indented(batch_loss(mean=plan.mean, penalties=self._penalties()), 8)
        yield from _indented(self._update(), 8)
        yield "    numbers.parameters, numbers.gradients = tuple(p), tuple(g)"
        if plan.state:
            yield from with_tuple("numbers.moments = ", [f"tuple({name})" for name in plan.state], "", 4)
        yield from _indented(["numbers.previous = tuple(previous)", *STOP], 4)

    def _begin(self) -> Iterator[str]:
        """The start of a step: the penalties' gradients go first."""
        plan, terms = self.plan, slopes(self.plan)
        yield "before = p"
        yield "if not begun:"
        if self.fast:
            yield f"    if not hypot(*p) <= {plan.limit!r}:"
            yield "        break"
        yield "    total, wrong = 0.0, 0"
        if terms:
            yield "    # the gradients of the penalties; p * p has one from each side"
            # Where numbers may leave the finite ones, the sign of a zero can matter: 1/-0 is -inf.
            yield f"    g = [{'' if self.fast else '0.0 + '}{' + '.join(terms)} for p in p]"
        else:
            yield "    g = [0.0] * len(p)"
        if plan.mean:
            yield "share = 1.0 / size"

    def _laid_out(self) -> Iterator[str]:
        """The weights and the gradients of each layer, as they are read."""
        for k, layer in enumerate(self.layers, start=1):
            start, stop, step = layer.parameters.start, layer.parameters.stop, len(layer.inputs) + 1
            yield f"# layer {k}: {_words(layer)}"
            yield f"w{k} = tiled(p, [range(at, {stop}, {step}) for at in range({start}, {start + step})])"
            if k > 1:
                backwards = f"range({stop - step}, {start - 1}, {-step})"
                yield f"r{k} = tiled(p, [range(at, at + {step - 1}) for at in {backwards}])"
            yield f"g{k} = cut(g, range({start}, {stop}, {step}))"

    def _sample(self) -> Iterator[str]:
        """One sample's forward, its loss and its backward."""
        plan = self.plan
        inputs = len(plan.inputs)
        if plan.targets:
            yield from _unpacked("y", len(plan.targets), f"row[{inputs}:]")
        yield f"a0 = [*row[:{inputs}], 1.0]"
        for k, layer in enumerate(self.layers, start=1):
            yield f"# layer {k}"
            yield f"z{k} = combined{self.skipping}(-0.0, w{k}, a{k - 1})"
            made = "[*z#, 1.0]" if layer.activation is None else f"[*[{layer.activation.forward} for a in z#], 1.0]"
            yield f"a{k} = {made.replace('#', str(k))}"
        yield from self._head()
        yield from self._back()

    def _head(self) -> Iterator[str]:
        """The sample's loss and the gradients of what it is made of."""
        head = head_of(self.plan, self.network)
        flow = Flow(head, skips=self.fast)
        forward, body = Forward(head, flow, "o"), Statements()
        for _ in forward.write(body):
            pass
        forward.decide(body)
        root = head.root
        body.add((root,) if root in flow.read_open else (), f"total += {forward.values[root].text}")
        back = Statements()
        for _ in Backward(head, flow, forward.values, "e").write(back):
            pass
        read, own = len(self.network.read), len(self.plan.outputs)
        made = f"a{self.last}[:-1]" if read == own else f"[*a{self.last}[:-1], *z{self.last}]"
        yield from _unpacked("o", read, made)
        yield from body.lines(forward.conditions, 0)
        yield f"{' = '.join(f'e{i}' for i in range(read))} = 0.0"
        yield from back.lines(forward.conditions, 0)
        yield f"e = [{', '.join(f'e{i}' for i in range(own))}]"
        if read > own:
            yield f"s = [{', '.join(f'e{i}' for i in range(own, read))}]"

    def _back(self) -> Iterator[str]:
        """The chain rule from the last layer to the first."""
        if self.fast and len(self.network.read) == len(self.plan.outputs):
            yield from ("if not any(e):", "    continue")
        for k in range(self.last, 0, -1):
            yield f"# back through layer {k}"
            if k < self.last:
                yield f"e = combined{self.skipping}(0.0, r{k + 1}, d[::-1])"
            yield self._deltas(k)
            yield f"spread{self.skipping}(g{k}, d, a{k - 1})"

    def _deltas(self, k: int) -> str:
        """The gradients of a layer's sums, by those of its outputs."""
        layer = self.layers[k - 1]
        summed = k == self.last and len(self.network.read) > len(self.plan.outputs)
        if layer.activation is None:
            return "d = e"
        derivative = layer.activation.backward[0]
        assert derivative is not None
        share = product(substituted(derivative, {}), Expr("g")).text
        if summed:
            return f"d = [s + {share} for a, y, g, s in zip(z{k}, a{k}, e, s)]"
        return f"d = [{share} for a, y, g in zip(z{k}, a{k}, e)]"

    def _gathered(self) -> str:
        rows = ", ".join(f"*g{k}" for k in range(1, self.last + 1))
        return f"g = joined([{rows}])"

    def _penalties(self) -> Iterator[str]:
        """What adds each penalty to the loss of the batch."""
        for weight, term in penalties(self.plan):
            yield f"loss = loss + {weight!r} * total_of([{term} for p in p])"

    def _update(self) -> Iterator[str]:
        """The optimiser's lines for all parameters at once, the frozen ones then put back."""
        plan = self.plan
        once, lines = update(plan)
        yield "# update"
        yield from (f"{name} = {formula}" for formula, name in once.items())
        names = ("p", "g", *plan.state)
        frozen = sorted(plan.frozen & {*range(len(plan.parameters))})
        if frozen:
            yield f"kept = {', '.join(('p', *plan.state))},"
        for target, formula in lines:
            yield f"{target} = [{formula} for {', '.join(names)} in zip({', '.join(names)})]"
        if frozen:
            yield f"for i in {frozen}:"
            for place, name in enumerate(("p", *plan.state)):
                yield f"    {name}[i] = kept[{place}][i]"
        yield from ("previous = before", "t += 1")


def _words(layer: Dense) -> str:
    kind = "linear" if layer.activation is None else layer.activation.name
    return f"{len(layer.outputs)} of {kind}, on {len(layer.inputs)}"


def _unpacked(letter: str, count: int, source: str) -> Iterator[str]:
    """A sequence's numbers in variables of their own."""
    return (line[12:] for line in with_tuple("", [f"{letter}{i}" for i in range(count)], f" = {source}", 12))


def _indented(lines: Iterable[str], indent: int) -> Iterator[str]:
    return (f"{' ' * indent}{line}" if line else "" for line in lines)
