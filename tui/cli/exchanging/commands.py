"""The commands that models go out and come in by, as click takes them. Must not know formats."""

from __future__ import annotations

from typing import Any

import click

from .. import options


@click.command(
    params=[*options.WITH_DATA, options.LETTERS], short_help="A model as a script for PyTorch and others, a drawing, …"
)
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
    from .. import opening
    from ..training import headless
    from .leaving import saved_run, write

    chosen = options.overrides(dict(knobs))
    session = saved_run(what, target, [name for name in chosen if chosen[name] != ()])
    if session is None:
        session, _ = opening.by_options(what, target, knobs)
        if knobs["steps"]:
            headless.advance(session, knobs["steps"], lambda _: None)
    write(session, to, file, sample)
    return 0
