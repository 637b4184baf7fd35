"""The options that all commands share: the knobs of training as the command line spells them. Must not know what the
commands do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from ..terminal import encoding

if TYPE_CHECKING:
    from chainstep.datasets.columns.choices import Choices
    from chainstep.engine.training.session import Session

CHOICES: Mapping[str, tuple[str, ...]] = {
    "activation": ("tanh", "relu", "sigmoid", "leaky_relu", "elu", "gelu", "silu", "softplus", "linear", "step"),
    "loss": ("sse", "mse", "hinge", "bce", "softmax", "perceptron"),
    "optimizer": ("sgd", "momentum", "adam"),
    "schedule": ("constant", "linear", "cosine", "step"),
    "init": ("lecture", "demo", "zeros", "xavier", "kaiming"),
}
"""What the knobs that are a choice can be: the engine's own tables, written out since a help text does not load it."""


def _sizes(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[int, ...] | None:
    """`16,16` as (16, 16), and `none` as ()."""
    if text is None or text == "none":
        return None if text is None else ()
    sizes = text.split(",")
    # isdecimal, since int() takes signs, underscores and surrounding space as well.
    if not all(size.isascii() and size.isdecimal() and len(size) < 10 and int(size) > 0 for size in sizes):
        raise click.BadParameter(f"{text!r} is no list of layer sizes such as 16,16 (or none)", ctx, param)
    return tuple(map(int, sizes))


MEANINGS: Mapping[str, Mapping[str, str]] = {
    "schedule": {
        "constant": "the base rate throughout",
        "linear": "down to a tenth in a straight line, as in the demo",
        "cosine": "down to a tenth along half a cosine (Loshchilov & Hutter 2017)",
        "step": "halved four times, at each quarter of the horizon",
    },
    "init": {
        "lecture": "uniform in ±1, biases too",
        "demo": "uniform in ±1, biases 0",
        "zeros": "all 0, so that every neuron of a layer learns the same",
        "xavier": "uniform in ±√(6/(in+out)) (Glorot & Bengio 2010)",
        "kaiming": "normal with variance 2/in (He et al. 2015)",
    },
}
"""What they mean, likewise."""

MISTAKES: Mapping[str, str] = {
    "no_zero_grad": "zero_grad forgotten",
    "overwrite": "= instead of +=",
    "unordered": "backward without topological order",
    "twice": "backward() a second time",
    "flipped": "the sign of the update flipped",
    "zero_weights": "all weights zero",
    "no_bias": "no bias",
    "no_nonlinearity": "no non-linearity",
}
"""What can be broken on purpose, likewise."""

_MORE: Mapping[str, str] = {
    "activation": "The last layer is linear for hinge, bce and softmax, and where the target is a number.",
    "loss": (
        "hinge and bce take each class against the rest, and sum over outputs as sse and mse do; over samples sse is a "
        "sum, the others are a mean."
    ),
    "optimizer": "Penalties are part of the gradient that adam scales: it is no AdamW.",
}


class _Explained(click.Option):
    """An option about which a command's own help says more than that of the whole program."""

    def __init__(self, *args: Any, full: str, **named: Any) -> None:
        super().__init__(*args, **named)
        self._full = full

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        return (record[0], self._full) if record and ctx.parent else record


def _broken(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...] | None:
    """`a,b` and `c` as (a, b, c); None for nothing."""
    names = _columns(ctx, param, texts)
    for name in names:
        if name not in MISTAKES:
            from difflib import get_close_matches

            close = get_close_matches(name, MISTAKES, n=1)
            meant = f"did you mean {close[0]}?" if close else f"it is one of {', '.join(MISTAKES)}"
            raise click.BadParameter(f"there is no mistake {name!r}: {meant}", ctx, param)
    return names or None


def _choice(name: str) -> click.Option:
    choices = CHOICES[name]
    brief = f"{', '.join(choices)}."
    told = "; ".join(f"{choice}: {words}" for choice, words in MEANINGS.get(name, {}).items())
    full = f"{told}." if told else f"{brief} {_MORE[name]}"
    return _Explained([f"--{name}"], type=click.Choice(choices), metavar="NAME", help=brief, full=full)


_SEED = click.Option(["--seed"], type=int, metavar="N", help="Draws the first weights and the order of minibatches.")
_LR = click.Option(["--lr"], type=float, metavar="X", help="Learning rate; the schedule scales it.")
_STEPS = click.Option(["--steps"], type=int, metavar="N", help="Where training ends, or the app pauses.")
_HORIZON = click.Option(
    ["--horizon"], type=int, metavar="N", help="Steps that the schedule takes; if not given, as many as the run."
)
_HIDDEN = click.Option(["--hidden"], callback=_sizes, metavar="16,16", help="Neurons of each hidden layer, or none.")
_BATCH = click.Option(["--batch-size"], type=int, metavar="N", help="Samples a step; all if not given.")
_L1 = click.Option(["--l1"], type=float, metavar="X", help="Penalty X·Σ|p| over all parameters.")
_L2 = _Explained(
    ["--l2"],
    type=float,
    metavar="X",
    help="Penalty X·Σp² over all parameters.",
    full="Penalty X·Σp² over all parameters, biases too: half of torch's weight_decay.",
)
_GAIN = _Explained(
    ["--gain"],
    type=float,
    metavar="X",
    help="The first weights, X times as large.",
    full="Makes the first weights X times as large as --init draws them; biases stay.",
)
_CLASS_WEIGHTS = _Explained(
    ["--class-weights"],
    is_flag=True,
    default=None,
    help="Weighs a rare class as much as a common one.",
    full=(
        "Takes each sample's loss times n/(k·n_c), with n training samples, k classes and n_c samples of its own: "
        "scikit-learn's balanced. Test and validation loss are weighted likewise, accuracy is not; a mean divides by "
        "the number of samples."
    ),
)
_MOMENTUM = click.Option(["--momentum"], type=float, metavar="X", help="Of the momentum optimiser.")
_NAMED_MISTAKES = "; ".join(f"{name}: {words}" for name, words in MISTAKES.items())
_MISTAKE = _Explained(
    ["--mistake", "mistakes"],
    multiple=True,
    callback=_broken,
    metavar="NAME,…",
    help="Broken on purpose: no_zero_grad, overwrite, …",
    full=f"Broken on purpose from the first step on. {_NAMED_MISTAKES}.",
)
_TARGET = click.Option(["--target"], metavar="COLUMN", help="What to predict: a column's name or number.")


def _columns(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """`a,b` and `c` as (a, b, c)."""
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())


OF_TABLES = (
    click.Option(["--drop"], multiple=True, callback=_columns, metavar="C,…", help="Columns to leave out."),
    click.Option(["--only"], multiple=True, callback=_columns, metavar="C,…", help="The columns to learn from."),
    click.Option(["--classes/--quantity"], default=None, help="What the target's values are; if not given, found out."),
    click.Option(
        ["--missing"],
        type=click.Choice(("drop", "fill")),
        metavar="NAME",
        help="drop rows with gaps, or fill with the median; if not given, by how many there are.",
    ),
    click.Option(
        ["--header/--no-header"], default=None, help="Whether the first row has names; if not given, found out."
    ),
)
"""What is chosen for a user's table."""


def choices(values: dict[str, Any]) -> Choices | None:
    """What the user has chosen for a table, taken out of the values of all options; None for nothing."""
    chosen = {name: values.pop(name) for name in ("drop", "only", "classes", "missing", "header")}
    if all(value is None or value == () for value in chosen.values()):
        return None
    from chainstep.datasets.columns.choices import Choices

    classes = chosen.pop("classes")
    return Choices(**chosen, task=None if classes is None else "classes" if classes else "quantity")


def _settle(ctx: click.Context, param: click.Parameter, unicode: bool | None) -> None:
    if unicode is not None:
        encoding.settle(unicode)


LETTERS = click.Option(
    ["--unicode/--ascii"],
    default=None,
    expose_value=False,
    is_eager=True,
    callback=_settle,
    help="All letters and shapes, or ASCII alone; if not given, as the locale has it.",
)
"""For every command."""

PYTHON = click.option(
    "--python", metavar="PATH", default="", help="Another interpreter, whose packages are then found."
)
"""For those that run code of the user's."""

OF_TRAINING = (
    _SEED,
    _LR,
    _STEPS,
    _HORIZON,
    _HIDDEN,
    _BATCH,
    _L1,
    _L2,
    _MOMENTUM,
    _CLASS_WEIGHTS,
    _GAIN,
    *map(_choice, CHOICES),
    _MISTAKE,
)
"""Every knob of training."""

OF_EXPRESSIONS = (
    _SEED,
    _LR,
    _STEPS,
    _HORIZON,
    _L1,
    _L2,
    _MOMENTUM,
    _choice("optimizer"),
    _choice("schedule"),
    _MISTAKE,
)
"""Those that mean something without a network."""

WITH_DATA = (_TARGET, *OF_TABLES, *OF_TRAINING)

OF_DATA = (_TARGET, *OF_TABLES)


def without_effect(session: Session, own: Mapping[str, object]) -> list[str]:
    """Which of the user's own knobs act on nothing, and why, in a line each."""
    from chainstep.engine.nn.optimizers import KNOBS, OPTIMIZERS

    from ..dialogs.knobs.knob_table import idle

    subject, said = session.snapshot(()).subject, []
    for name in own:
        if why := idle(name, session.settings, subject):
            has = [row for row, optimizer in OPTIMIZERS.items() if name in map(KNOBS.get, optimizer.knobs)]
            hint = f", --optimizer {has[0]} has" if has else ""
            said.append(f"--{name.replace('_', '-')} has no effect: {why}{hint}")
    return said


def notes(session: Session, own: Mapping[str, object]) -> list[str]:
    """What is to be said before anything else, in a line each: which of a table's rows are learnt from, and which of
    the user's own knobs act on nothing.
    """
    from chainstep.datasets.dataset import Dataset

    from ..render.report.facts import of_chosen

    data = session.subject
    said = [of_chosen(data)] if isinstance(data, Dataset) and data.chosen_of else []
    return said + without_effect(session, own)


def overrides(values: dict[str, Any]) -> dict[str, object]:
    """The knobs that the user has set."""
    return {name: value for name, value in values.items() if value is not None}
