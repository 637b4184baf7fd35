"""The table of examples: data, purpose and settings by name. Must not know the engine: settings are names."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from . import bundled, generators
from .bundled import FOLDER, IRIS_SPECIES
from .dataset import DataError, Dataset
from .fixed import Fixed
from .printable import printable
from .recipe import Points, parted, with_tests
from .split import Row


class Example(Fixed):
    """A built-in subject. Either `load` gives its data, or it is an `expression` with its `leaves`."""

    name: str
    purpose: str
    """What it is for, in one sentence a learner understands."""
    aim: str
    """What it should answer, in one sentence. `{samples}` is how many it trains on, `{answers}` what the few should be
    answered.
    """
    settings: Mapping[str, object]
    """Knobs by the engine's names for them; those that are not named stay at its defaults. Read-only."""
    load: Callable[[], Dataset] | None = None
    parameters: tuple[float, ...] = ()
    """Initial weights that are given instead of drawn, each neuron's weights before its bias."""
    expression: str = ""
    leaves: Mapping[str, float] = MappingProxyType({})
    """What each name in the expression starts at; read-only."""

    def _check(self) -> None:
        self.__dict__.update(settings=MappingProxyType(self.settings), leaves=MappingProxyType(self.leaves))


_SIGNS = ("-1", "+1")


def _moons() -> Dataset:
    return _two_moons("moons")


def _deep() -> Dataset:
    return _two_moons("deep")


def _two_moons(name: str) -> Dataset:
    # The training points are a file; the test points are drawn alike, from a stream of their own.
    drawn = _drawn("moons", generators.moons, 100, 0.1)

    def train(noise: float | None) -> Sequence[Row]:
        return bundled.moons_points() if noise is None else drawn(noise)

    tests = _drawn("moons", generators.moons, 100, 0.1, stream="test")
    return with_tests(name, ("x0", "x1"), "y", _SIGNS, (train, tests), noise=0.1, seed="moons/split")


def _circles() -> Dataset:
    return _generated("circles", generators.circles, 120, 0.1)


def _gauss() -> Dataset:
    return _generated("gauss", generators.gauss, 120, 1.0)


def _spiral() -> Dataset:
    return _generated("spiral", generators.spiral, 240, 0.2)


def _plane() -> Dataset:
    return _generated("plane", generators.plane, 120, 0.05, classes=())


def _sine() -> Dataset:
    return _generated("sine", generators.sine, 80, 0.05, features=("x",), classes=())


_Generator = Callable[[int, float, random.Random], list[Row]]


def _drawn(name: str, generator: _Generator, n: int, own: float, *, stream: str = "points") -> Points:
    """Points that a generator draws from the stream of the example's name: noise moves each the same way."""
    return lambda noise: generator(n, own if noise is None else noise, random.Random(f"{name}/{stream}"))


def _generated(
    name: str,
    generator: _Generator,
    n: int,
    noise: float,
    *,
    features: tuple[str, ...] = ("x0", "x1"),
    classes: tuple[str, ...] = _SIGNS,
) -> Dataset:
    """Generated points, a quarter of them, of each class alike, held back as a test."""
    points = _drawn(name, generator, n, noise)
    return parted(name, features, "y", classes, points, noise=noise, fraction=0.25, seed=f"{name}/split")


def _iris() -> Dataset:
    return parted(
        "iris",
        ("sepal_length", "sepal_width", "petal_length", "petal_width"),
        "species",
        IRIS_SPECIES,
        lambda _: bundled.iris_flowers(),
        noise=None,
        fraction=0.2,
        seed="iris/split",
        standardised=True,
    )


def _penguins() -> Dataset:
    return _of_table("penguins", "species")


def _geyser() -> Dataset:
    return _of_table("geyser", "waiting (min)")


def _of_table(name: str, target: str) -> Dataset:
    """A table that is installed with the package, made ready as a user's is."""
    from .user_table import open_table  # other examples have no table

    return open_table(FOLDER / f"{name}.csv", target).data.changed(name=name)


def _digits() -> Dataset:
    rows = bundled.digits()
    pixels = tuple(f"pixel {row},{column}" for row in range(8) for column in range(8))
    names = tuple(map(str, range(10)))
    data = parted("digits", pixels, "digit", names, lambda _: rows, noise=None, fraction=0.2, seed="digits/split")
    return data.changed(image=(8, 8))


FIRST_ANSWERS = (1.0, 0.0, 1.0)
"""What a card of yes-or-no questions opens on, as many as it has: in wonderland it does not rain, you are busy, and
friends are excited.
"""

_IN_TEACHING_ORDER = (
    Example(
        name="lecture",
        purpose="Four samples, 41 parameters: small enough to follow every gradient of a network.",
        aim="Four samples of three inputs; it should answer {answers}.",
        settings={
            "hidden": (4, 4),
            "activation": "tanh",
            "init": "lecture",
            "loss": "sse",
            "lr": 0.1,
            "steps": 20,
        },
        load=bundled.lecture,
    ),
    Example(
        name="wonderland",
        purpose="One neuron decides by three answers; a step function gives backprop nothing to go on.",
        aim="Is it worth the trip? To the eight rows of answers it should say {answers}.",
        settings={
            "hidden": (),
            "activation": "step",
            "loss": "perceptron",
            "lr": 1.0,
            "steps": 20,
            "maximise": True,
        },
        load=bundled.wonderland,
        parameters=bundled.WONDERLAND_WEIGHTS,
    ),
    Example(
        name="parabola",
        purpose="One variable on a curve: the derivative is the slope, and against it lies the bottom.",
        aim="Which x makes this smallest? Its derivative says which way to go.",
        settings={"loss": "sse", "lr": 0.1, "steps": 20},
        expression="3*x**2 - 4*x + 5",
        leaves={"x": 3.0},
    ),
    Example(
        name="expression",
        purpose="The chain rule by hand: a nudge along the gradient raises the value.",
        aim="Which way does each of its numbers push the value?",
        settings={"loss": "sse", "lr": 0.01, "steps": 20, "maximise": True},
        expression="(a*b + c)*f",
        leaves={"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0},
    ),
    Example(
        name="neuron",
        purpose="A single tanh neuron with round gradients: how a sum and a squash pass them back.",
        aim="A neuron of two inputs: what does a nudge of each do to its output?",
        # The inputs are given: their gradients are worth a look, but nothing learns them.
        settings={"loss": "sse", "lr": 0.01, "steps": 20, "frozen": (0, 1)},
        expression="tanh(x1*w1 + x2*w2 + b)",
        leaves={"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.881373587019543},
    ),
    Example(
        name="and",
        purpose="A gate that one neuron learns, because one straight line parts its answers.",
        aim="Two inputs, each 0 or 1; it should answer {answers}.",
        settings={"hidden": (), "activation": "sigmoid", "loss": "bce", "lr": 1.0, "steps": 100},
        load=bundled.and_gate,
    ),
    Example(
        name="or",
        purpose="The other gate that one neuron learns: the line that parts and, moved nearer 0,0.",
        aim="Two inputs, each 0 or 1; it should answer {answers}.",
        settings={"hidden": (), "activation": "sigmoid", "loss": "bce", "lr": 1.0, "steps": 100},
        load=bundled.or_gate,
    ),
    Example(
        name="xor",
        purpose="The gate that no single neuron can learn: why there are hidden layers.",
        aim="Two inputs, each 0 or 1; it should answer {answers}.",
        settings={"hidden": (4,), "activation": "tanh", "loss": "sse", "lr": 0.1, "steps": 200},
        load=bundled.xor_gate,
    ),
    Example(
        name="moons",
        purpose="micrograd's demo: 337 parameters bend a boundary between two half circles.",
        aim="{samples} points in two half moons; it should say of each in which one it lies.",
        settings={
            "hidden": (16, 16),
            "activation": "relu",
            "init": "demo",
            "loss": "hinge",
            "l2": 1e-4,
            "lr": 1.0,
            "schedule": "linear",
            "horizon": 100,
            "steps": 100,
        },
        load=_moons,
    ),
    Example(
        name="circles",
        purpose="A ring within a ring: the boundary must close on itself; momentum gets it there.",
        aim="{samples} points on two rings; it should say of each on which one it lies.",
        settings={
            "hidden": (8, 8),
            "activation": "tanh",
            "loss": "bce",
            "optimizer": "momentum",
            "lr": 0.1,
            "steps": 100,
        },
        load=_circles,
    ),
    Example(
        name="gauss",
        purpose="Two blobs that a straight line parts: a linear model swings it into place.",
        aim="{samples} points in two clouds; it should say of each in which one it lies.",
        settings={"hidden": (), "activation": "linear", "loss": "hinge", "lr": 0.1, "steps": 50},
        load=_gauss,
    ),
    Example(
        name="spiral",
        purpose="Two arms wound together: the hardest boundary here, and what Adam is good for.",
        aim="{samples} points on two arms of a spiral; it should say of each on which one it lies.",
        settings={
            "hidden": (16, 16),
            "activation": "tanh",
            "loss": "bce",
            "optimizer": "adam",
            "lr": 0.03,
            "steps": 300,
        },
        load=_spiral,
    ),
    Example(
        name="iris",
        purpose="Three species from four measurements: softmax over classes, trained in batches of 30.",
        aim="{samples} flowers, four measures each; it should say of which species each is.",
        settings={
            "hidden": (8,),
            "activation": "tanh",
            "loss": "softmax",
            "optimizer": "adam",
            "lr": 0.03,
            "batch_size": 30,
            "steps": 200,
        },
        load=_iris,
    ),
    Example(
        name="penguins",
        purpose="Three species from a table as people keep them: categories, units, and gaps in it.",
        aim="{samples} penguins, measured on three islands; it should say of which species each is.",
        settings={
            "hidden": (8,),
            "activation": "relu",
            "init": "kaiming",
            "loss": "softmax",
            "optimizer": "adam",
            "lr": 0.01,
            "batch_size": 32,
            "steps": 200,
        },
        load=_penguins,
    ),
    Example(
        name="digits",
        purpose="Handwritten digits of 8 x 8 pixels: the network that this craft began with, made small.",
        aim="{samples} pictures of 64 pixels; it should say which digit each is.",
        settings={
            "hidden": (24,),
            "activation": "relu",
            "init": "kaiming",
            "loss": "softmax",
            "optimizer": "adam",
            "lr": 0.01,
            "batch_size": 32,
            "steps": 300,
        },
        load=_digits,
    ),
    Example(
        name="deep",
        purpose="Ten layers of 16: the scale of the first weights decides what gradient gets through.",
        aim="{samples} points in two half moons; a gradient has ten layers to come through.",
        settings={
            "hidden": (16,) * 10,
            "activation": "tanh",
            "init": "xavier",
            "loss": "bce",
            "lr": 0.1,
            "batch_size": 20,
            "steps": 100,
        },
        load=_deep,
    ),
    Example(
        name="plane",
        purpose="Regression at its simplest: two weights and a bias tilt a plane to noisy heights.",
        aim="{samples} points of a tilted plane; it should answer how high each lies.",
        settings={"hidden": (), "activation": "linear", "loss": "mse", "lr": 0.1, "steps": 100},
        load=_plane,
    ),
    Example(
        name="sine",
        purpose="Regression on a wave: eight tanh neurons add up to a curve that none of them is.",
        aim="{samples} points of a wave; it should answer the height y at each x.",
        settings={
            "hidden": (8,),
            "activation": "tanh",
            "loss": "mse",
            "optimizer": "adam",
            "lr": 0.03,
            "steps": 300,
        },
        load=_sine,
    ),
    Example(
        name="geyser",
        purpose="Regression in minutes: how long Old Faithful rests after an eruption of so many.",
        aim="{samples} eruptions; it should answer how many minutes later the next one came.",
        settings={
            "hidden": (8,),
            "activation": "tanh",
            "loss": "mse",
            "optimizer": "adam",
            "lr": 0.03,
            "batch_size": 32,
            "steps": 200,
        },
        load=_geyser,
    ),
)

EXAMPLES: Mapping[str, Example] = MappingProxyType({it.name: it for it in _IN_TEACHING_ORDER})
"""Every example by its name, in teaching order."""


def example(name: str) -> Example:
    """The example called `name`.

    Raises:
        DataError: there is none; the message names those that are spelt alike.
    """
    if name in EXAMPLES:
        return EXAMPLES[name]
    from difflib import get_close_matches

    close = get_close_matches(name.casefold(), EXAMPLES, n=3, cutoff=0.5)
    guess = f"did you mean {' or '.join(close)}? " if close else ""
    raise DataError(f"there is no example called '{printable(name)}'; {guess}`chainstep examples` lists them")
