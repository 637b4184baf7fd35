"""The commands that models go out and come in by, as click takes them. Must not know formats."""

from __future__ import annotations

from typing import Any

import click

from .. import options


@click.command(params=[*options.WITH_DATA, options.LETTERS], short_help="A model for PyTorch and others, a drawing, …")
@click.argument("what", metavar="RUN|WHAT")
@click.option(
    "--to",
    type=click.Choice(["pytorch", "numpy", "micrograd", "dot", "safetensors", "csv"]),
    required=True,
    help="A script that prints the same loss and trains on, a sample's graph with data and grad, or parameters.",
)
@click.option("-o", "file", metavar="FILE", help="Where it goes; stdout if not given.")
@click.option("--sample", type=int, default=1, metavar="N", help="With --to dot: which sample, from 1.")
def export(what: str, to: str, file: str | None, sample: int, target: str | None, **knobs: Any) -> int:
    """Write the model of a saved RUN where it stands, or of WHAT at its first weights or after --steps steps.

    A script has the data, the weights and the loss exactly as they are here, and says what is summed and what is
    averaged; its loss is ours to 12 digits. With a number it trains on by as many steps. In safetensors, float64, and
    in scripts for PyTorch L1.n2.w0 is 0.weight[1, 0]: a module counts its place in nn.Sequential.
    """
    from ...playback.straight import advance
    from .. import opening
    from .leaving import saved_run, write

    chosen = options.overrides(dict(knobs))
    session = saved_run(what, target, [name for name in chosen if chosen[name] != ()])
    if session is None:
        session, _ = opening.by_options(what, target, knobs)
        if knobs["steps"]:
            advance(session, knobs["steps"], lambda _: None)
    write(session, to, file, sample)
    return 0


_OF_THE_NETWORK = ("hidden", "activation", "init", "gain", "mistakes")
"""Knobs that a network from elsewhere brings along, and those that would make another one of it."""


@click.command(
    "import",
    params=[*(option for option in options.WITH_DATA if option.name not in _OF_THE_NETWORK), options.LETTERS],
    short_help="The app on a network that PyTorch made.",
)
@click.argument("file", metavar="FILE.py[:NAME]|FILE.safetensors")
@click.option("--on", metavar="WHAT", help="What it is stepped on: an example, or a CSV file with --target COLUMN.")
@click.option("--inputs", metavar="X,X…", help="Without --on: its one sample; a 1 for each input if not given.")
@click.option(
    "--activation", metavar="A[,A…]", help="Of tensors that do not say theirs: between all layers, or one a layer."
)
@click.option("--python", default="", metavar="PATH", help="Another interpreter, whose torch builds the network.")
@click.option("--json", "as_json", is_flag=True, help="No app: one JSON object a parameter, and an end.")
def import_(
    file: str,
    on: str | None,
    inputs: str | None,
    activation: str | None,
    python: str,
    as_json: bool,
    target: str | None,
    **knobs: Any,
) -> int:
    """Open the app on an nn.Sequential of Linear and activations, with its weights.

    FILE.py builds it; it is run as it is, your own code, in a process of its own. FILE.safetensors has its weights;
    what `chainstep export` wrote says its activations too. Activations are ReLU, Tanh, Sigmoid, LeakyReLU(0.01), ELU,
    GELU, SiLU and Softplus, which may differ from layer to layer.

    Without --on it stands on one sample of typed inputs, with a target of 0; E edits both in the app. A saved run has
    the weights in it: the file is not needed again.
    """
    from .arriving import Asked, open_network

    return open_network(file, Asked(on, target, inputs, activation, python), knobs, as_json=as_json)
