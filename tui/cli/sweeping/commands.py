"""The command for sweeps and its options, as click takes them. Must not know how runs are trained or shown."""

from __future__ import annotations

from typing import Any

import click

from .. import options
from ..statuses import UsageError

_METAVARS = {"hidden": "16,16", "lr": "A..B", "seed": "A..B"}


def _swept(option: click.Option) -> click.Option:
    """An option of training that takes several values, and may be repeated."""
    name = option.name or ""
    metavar = _METAVARS.get(name, "VALUES")
    return click.Option([*option.opts, name], multiple=True, metavar=metavar, help=option.help)


_FLAGS = ("class_weights", "mistakes")
"""Knobs that are the same in all runs."""

OF_POOLS = [
    click.Option(["--workers"], type=click.IntRange(1, 256), metavar="N", help="Processes; one a core if not given."),
    click.Option(["--scheduler"], metavar="ADDRESS", help="Train on the workers of a Dask scheduler."),
]
"""Where runs are trained. A sweep that goes on may go on elsewhere."""

_OPTIONS = [
    *options.OF_DATA,
    *(option if option.name in _FLAGS else _swept(option) for option in options.OF_TRAINING),
    click.Option(["--random"], type=int, metavar="N", help="Draw N settings in place of all; each with every seed."),
    click.Option(["--sampler"], metavar="NAME", help="With --random: what of Optuna's draws them, such as tpe."),
    *OF_POOLS,
    click.Option(["--json", "as_json"], is_flag=True, help="One JSON object a line: every run as it ends, end."),
    options.LETTERS,
]


@click.command(params=_OPTIONS, short_help="Many runs, over values of knobs and seeds.")
@click.argument("what")
@click.argument("leaves", nargs=-1, metavar="[…]")
def sweep(
    what: str,
    leaves: tuple[str, ...],
    target: str | None,
    random: int | None,
    sampler: str | None,
    workers: int | None,
    scheduler: str | None,
    as_json: bool,
    **knobs: Any,
) -> int:
    """Train WHAT once for each combination of values, and show the final losses over the rate.

    \b
    A..B     whole numbers: each of them; others: 0.01, 0.03, 0.1, … between
    A..B:N   N values evenly in the logarithm
    A,B,C    these; an option may be repeated. --hidden takes one list each time.

    WHAT is an example, a CSV file with --target COLUMN, or expr, an expression and its leaves. Each result is kept as
    it comes: chainstep resume goes on with a sweep that was stopped. Without a terminal it is told in lines.
    """
    from ...sweeps.spec import of_options
    from ...sweeps.values import ValuesError
    from . import sweeping

    try:
        chosen = options.choices(knobs)
        fixed = options.overrides({name: knobs.pop(name) for name in _FLAGS})
        spec = of_options(knobs, fixed, random, sampler)
    except ValuesError as error:
        raise UsageError(str(error)) from None
    subject = sweeping.subject(what, leaves, target, chosen, spec)
    where = sweeping.Where(workers, scheduler)
    return sweeping.run(subject, spec, where, as_json=as_json)


def resume_any(name: str | None, workers: int | None, scheduler: str | None, *, as_json: bool) -> int:
    """Open a saved run in the app, or go on with it where it is a sweep; the newest, if none is named.

    Raises:
        RunError: there is none, or it cannot be opened.
        UsageError: an option is for a sweep, and it is none.
    """
    from chainstep.datasets import printable

    from ...files.store.errors import RunError
    from ...sweeps import kept
    from .. import opening

    path = kept.named(name)
    if path is not None and opening.kiosk.get() is not None:
        raise RunError(f"{printable(path.stem, 200)} is a sweep, and a kiosk runs none")
    if path is not None:
        from . import sweeping

        return sweeping.go_on(kept.read(path), sweeping.Where(workers, scheduler), as_json=as_json)
    refuse_pools(workers, scheduler)
    if as_json:
        raise UsageError("one thing at a time: RUN, --list (with --json or without); --json goes with a sweep, too")
    return opening.resume(name)


def refuse_pools(workers: int | None, scheduler: str | None) -> None:
    """See that nobody says where runs are trained who trains none.

    Raises:
        UsageError: somebody does.
    """
    if workers is not None or scheduler is not None:
        raise UsageError("--workers and --scheduler are for a sweep that goes on")
