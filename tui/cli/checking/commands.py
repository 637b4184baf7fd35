"""The command that checks gradients, as click takes it. Must not know how that is done."""

from __future__ import annotations

from typing import Any

import click

from .. import opening, options
from ..statuses import WRONG_GRADIENT


def _tell_conventions(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from .conventions import print_conventions

        print_conventions()
        ctx.exit()


@click.command(params=[*options.WITH_DATA, options.LETTERS], short_help="Every gradient, numeric against analytic.")
@click.argument("what")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: start, every parameter, end.")
@click.option("--h", type=float, metavar="X", help="Distance of the difference; 1e-6 by the parameter's size.")
@click.option("--forward", is_flag=True, help="Forward differences in place of central ones.")
@click.option(
    "--against",
    type=click.Choice(["torch", "jax", "autograd", "tinygrad", "micrograd"]),
    help="Another library's gradients in place of quotients; it has to be installed.",
)
@click.option(
    "--conventions",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_conventions,
    help="Print what each library answers where mathematics leaves a choice.",
)
def check(
    what: str, target: str | None, as_json: bool, h: float | None, forward: bool, against: str | None, **knobs: Any
) -> int:
    """Compare the gradient of every parameter of WHAT with a difference quotient.

    At the first weights, or after --steps steps of training. The status is 1 if a relative error exceeds 1e-5; at a
    kink (a ReLU at 0) the quotient proves nothing, which is reported and no failure.

    With --against both sides are computed in float64, and stand beside each other with the floats that lie between
    them (ulps). Where they differ by more than rounding, it says which convention does it: that one is tried in our
    own backward, and gives just their number. The status is 1 if none does.
    """
    from chainstep.engine.training.setup.settings import SettingsError

    from ...playback.straight import advance

    if h is not None and not 0.0 < h < float("inf"):
        raise SettingsError(f"h must be finite and above 0, not {h!r}")
    session, source = opening.by_options(what, target, knobs)
    opening.collect_again()
    if knobs["steps"]:
        advance(session, knobs["steps"], lambda _: None)
    if against is not None:
        from .against import check_against

        return 0 if check_against(session, source.name, against, as_json=as_json) else WRONG_GRADIENT
    from .numeric import check

    return 0 if check(session, source.name, h=h, central=not forward, as_json=as_json) else WRONG_GRADIENT
