"""An engine as people write it after the lecture, in which one can make any mistake on purpose. Knows the table of ops;
must not know whose mistakes it makes, nor which there are.

Forward and derivatives are the rows of the table of ops. How gradients are handed on, in which order, and which ops are
made of others are data, so that a mistake is a change of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ...autograd.ops.operation import Op
from ...autograd.ops.table import OPS
from ...records import record

Forward = Callable[[Op, float, float], float]
"""(op, a, b) -> y."""
Share = Callable[["Node", int], float]
"""(node, which input) -> what it adds to that input's gradient."""


@record(eq=False)
class Mistake:
    """One way to get an op wrong. What is not given is right."""

    kind: str
    words: str
    """What is wrong, in a learner's terms; the place is said beside it."""
    sides: tuple[int, ...] = (0, 1)
    """Which inputs it concerns."""
    forward: Forward | None = None
    share: Share | None = None
    assigned: bool = False
    """The gradient is overwritten, not added to."""
    detached: bool = False
    """The input gets nothing, and nothing behind it does."""
    unreached: bool = False
    """The input gets its share, but does not hand it on."""
    misplaced: bool = False
    """The chain rule is kept with the input instead of the result."""
    turned: bool = False
    """A reflected op does what the plain one does."""


@record(eq=False)
class Whole:
    """How `backward()` goes about it, right or wrong."""

    kind: str
    words: str
    order: Callable[[Node, Callable[[Node], tuple[Node, ...]]], list[Node]]
    """(root, inputs of a node) -> the nodes whose chain rule is run, in that order."""
    seed: Callable[[Node], float] = lambda root: 1.0
    """The root's gradient to begin with."""
    once: bool = False
    """Inputs are kept in a set: one that is used twice by an op is visited once."""
    seeds_all: bool = False
    """Every node is given the gradient 1 before its chain rule is run, not the root alone."""
    turn: Callable[[float], float] | None = None
    """What is made of a node's gradient once its chain rule has been run."""
    keeps: Callable[[float], float] | None = None
    """What is kept of each number that a node is made with."""


def topological(root: Node, inputs: Callable[[Node], tuple[Node, ...]]) -> list[Node]:
    """From the root on, each node before its inputs."""
    order: list[Node] = []
    _visit(root, inputs, set(), order)
    return order[::-1]


def _visit(node: Node, inputs: Callable[[Node], tuple[Node, ...]], seen: set[int], order: list[Node]) -> None:
    # No function inside of another: one that calls itself would keep all these nodes until the collector comes.
    if id(node) not in seen:
        seen.add(id(node))
        for child in inputs(node):
            _visit(child, inputs, seen, order)
        order.append(node)


RIGHT = Whole("", "", topological)


@record(eq=False)
class Rules:
    """What a model does: the mistakes of each op, what ops are made of, and how backward goes about it."""

    mistakes: Mapping[str, tuple[Mistake, ...]] = MappingProxyType({})
    """By the op's name; a reflected op has a name of its own, `rsub`. Two of one op concern different inputs."""
    routes: Mapping[str, int] = MappingProxyType({})
    """By the op's name, which of `ROUTES` it is made by; 0 is the op itself."""
    whole: Whole = RIGHT

    def including(self, name: str, *mistakes: Mistake) -> Rules:
        """The same with these mistakes in one op."""
        return Rules({**self.mistakes, name: mistakes}, self.routes, self.whole)

    def only(self, name: str) -> Rules:
        """The same with the mistakes of one op alone; where it has none, with those of backward and the constructor."""
        mistakes = {name: self.mistakes[name]} if name in self.mistakes else {}
        return Rules(mistakes, self.routes, RIGHT if mistakes else self.whole)

    def by(self, routes: Mapping[str, int]) -> Rules:
        """The same with these ops made of others."""
        return Rules(self.mistakes, {**self.routes, **routes}, self.whole)


def _binary(name: str) -> tuple[Callable[[Node, Any], Node], Callable[[Node, float], Node]]:
    return lambda self, other: self.model.binary(name, self, other), lambda self, other: self.model.binary(
        name, other, self
    )


class Node:
    """One number of a model's graph."""

    __slots__ = ("data", "grad", "inputs", "mistakes", "model", "name", "other", "own")

    def __init__(self, model: Model, data: float, name: str = "", inputs: tuple[Node, ...] = ()) -> None:
        keeps = model.rules.whole.keeps
        self.model = model
        self.data = data if keeps is None else keeps(data)
        self.name = name
        self.inputs = inputs
        self.grad = 0.0
        self.mistakes: tuple[Mistake, ...] = ()
        self.own = True
        """Its own chain rule is run for it."""
        self.other: Node | None = None
        """The node whose chain rule is run in its place."""

    __add__, __radd__ = _binary("add")
    __sub__, __rsub__ = _binary("sub")
    __mul__, __rmul__ = _binary("mul")
    __truediv__, __rtruediv__ = _binary("div")
    __pow__, __rpow__ = _binary("pow")

    def __neg__(self) -> Node:
        return self.model.apply("neg", self)

    def __abs__(self) -> Node:
        return self.model.apply("abs", self)

    @property
    def op(self) -> Op:
        """The row of the table."""
        return OPS[self.name]

    def numbers(self) -> tuple[float, float, float]:
        """a, b and y, as a derivative's formula has them."""
        a = self.inputs[0].data
        return a, self.inputs[-1].data if len(self.inputs) > 1 else a, self.data

    def slope(self, side: int) -> float:
        """The op's derivative along one input."""
        functions = self.op.backward_functions
        function = functions[side]
        return 0.0 if function is None else function(*self.numbers())

    def followed(self) -> tuple[Node, ...]:
        """The inputs that backward goes on to."""
        if not self.mistakes:
            return self.inputs
        lost = {side for mistake in self.mistakes if mistake.detached or mistake.unreached for side in mistake.sides}
        return tuple(node for side, node in enumerate(self.inputs) if side not in lost)

    def chain(self) -> None:
        """What is run for this node: its own chain rule, if nothing has been mistaken."""
        if self.other is not None:
            self.other.hand_on()
        elif self.own:
            self.hand_on()

    def hand_on(self) -> None:
        """Hand the gradient on to the inputs."""
        if self.inputs and not self.mistakes:
            # Most nodes are right, and there are very many.
            numbers, grad = self.numbers(), self.grad
            for function, child in zip(self.op.backward_functions, self.inputs, strict=False):
                child.grad += (0.0 if function is None else function(*numbers)) * grad
            return
        for side, child in enumerate(self.inputs):
            mistake = next((each for each in self.mistakes if side in each.sides), None)
            if mistake is None:
                child.grad += self.slope(side) * self.grad
            elif not mistake.detached:
                share = self.slope(side) * self.grad if mistake.share is None else mistake.share(self, side)
                child.grad = share if mistake.assigned else child.grad + share


class Model:
    """An engine by `rules`; a trial can be made with it."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.flips = 0
        """Bit by bit, whether the inputs of an op are visited from the last on, as a set may give them."""
        self.forks = 0
        self.functions: Mapping[str, Callable[[Any], Any]] = {
            name: _unary(self, name) for name, op in OPS.items() if op.arity == 1
        }

    def make(self, number: float) -> Node:
        """A leaf."""
        return Node(self, number)

    def data(self, node: Node) -> float:
        return float(node.data)

    def grad(self, node: Node) -> float:
        return float(node.grad)

    def zero(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            node.grad = 0.0

    def backward(self, root: Node) -> None:
        """The chain rule for every node behind `root`, as the rules have it."""
        whole = self.rules.whole
        turned: dict[int, tuple[Node, ...]] = {}

        def inputs(node: Node) -> tuple[Node, ...]:
            if id(node) not in turned:
                followed = node.followed()
                if whole.once:
                    followed = tuple(dict.fromkeys(followed))
                if len(followed) > 1:
                    followed = followed[::-1] if self.flips >> len(turned) & 1 else followed
                    turned[id(node)] = followed
                return followed
            return turned[id(node)]

        order = whole.order(root, inputs)
        self.forks = len(turned)
        root.grad = whole.seed(root)
        for node in order:
            if whole.seeds_all:
                node.grad = 1.0
            node.chain()
            if whole.turn is not None:
                node.grad = whole.turn(node.grad)

    def apply(self, name: str, *inputs: Node) -> Node:
        """The node that an op makes, by itself or by others."""
        route = self.rules.routes.get(name, 0)
        return self._by_others(name, route, *inputs) if route else self.primitive(name, name, *inputs)

    def binary(self, name: str, left: Any, right: Any) -> Node:
        """The node of an op with two inputs, one of which may be a plain number."""
        known_as = name if isinstance(left, Node) else f"r{name}"
        route = self.rules.routes.get(known_as, 0)
        if route:
            return self._by_others(known_as, route, left, right)
        first, second = self.node(left), self.node(right)
        mistakes = self.rules.mistakes.get(known_as, ())
        if known_as == name:
            return self.apply("powc" if name == "pow" and second is not right else name, first, second)
        if any(mistake.turned for mistake in mistakes):
            return self.apply("powc" if name == "pow" else name, second, first)
        return self.primitive(known_as, name, first, second) if mistakes else self.apply(name, first, second)

    def node(self, each: Any) -> Node:
        """A node, or the leaf of a plain number."""
        return each if isinstance(each, Node) else self.make(each)

    def _by_others(self, name: str, route: int, *inputs: Any) -> Node:
        """By one of the op's routes; of the second half of their numbers, plain numbers are made leaves first."""
        again, which = divmod(route - 1, len(ROUTES[name]))
        made: Node = ROUTES[name][which](*map(self.node, inputs) if again else inputs)
        return made

    def primitive(self, known_as: str, name: str, *inputs: Node) -> Node:
        """The node of one op, with the mistakes that are made under the name by which it is known."""
        op = OPS[name]
        mistakes = self.rules.mistakes.get(known_as, ())
        forward = next((each.forward for each in mistakes if each.forward), None)
        a, b = inputs[0].data, inputs[-1].data
        node = Node(self, op.forward_function(a, b) if forward is None else forward(op, a, b), name, inputs)
        node.mistakes = mistakes
        if any(mistake.misplaced for mistake in mistakes):
            node.own = False
            inputs[0].other = node
        return node

    def outcomes(self, compute: Callable[[], Any], most: int = 16) -> Iterator[Any]:
        """What `compute` gives for each order in which inputs can be visited."""
        self.flips = 0
        yield compute()
        for flips in range(1, min(1 << self.forks, most)):
            self.flips = flips
            yield compute()


def _unary(model: Model, name: str) -> Callable[[Node], Node]:
    return lambda node: model.apply(name, node)


def _by_exp(a: Any) -> Any:
    e = a.model.functions["exp"](a * 2)
    return (e - 1) / (e + 1)


ROUTES: Mapping[str, tuple[Callable[..., Any], ...]] = {
    "neg": (lambda a: a * -1,),
    "sub": (lambda a, b: a + -b, lambda a, b: -b + a, lambda a, b: a + b * -1),
    "div": (lambda a, b: a * b**-1, lambda a, b: b**-1 * a),
    "pow": (lambda a, b: a.model.functions["exp"](b * a.model.functions["log"](a)),),
    "radd": (lambda a, b: b + a,),
    "rmul": (lambda a, b: b * a,),
    "rsub": (lambda a, b: -b + a, lambda a, b: -(b - a), lambda a, b: a + b * -1, lambda a, b: (b - a) * -1),
    "rdiv": (lambda a, b: b**-1 * a, lambda a, b: a * b**-1, lambda a, b: (b / a) ** -1),
    "sigmoid": (lambda a: (a.model.functions["exp"](-a) + 1) ** -1, lambda a: 1 / (a.model.functions["exp"](-a) + 1)),
    "tanh": (_by_exp,),
    "sqrt": (lambda a: a**0.5,),
}
"""What people make an op of, by its name."""


def number_of_routes(name: str) -> int:
    """How many ways by others an op has; with two inputs two of each, as a plain number is made a leaf or not."""
    binary = ROUTES[name][0].__code__.co_argcount > 1 if name in ROUTES else False
    return len(ROUTES.get(name, ())) * (2 if binary else 1)
