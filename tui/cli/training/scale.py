"""`chainstep scale`: what a step costs as a network grows, measured here and now, beside the sizes of published models.
Must not know how a step is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

import click

from chainstep.engine.records import record
from chainstep.engine.training.session import Session

from ...render.canvas import numbers
from ..output import emit

WIDTHS = (4, 8, 16, 32, 64)
"""Neurons of each of the two hidden layers."""

LEAST = 0.2
"""Seconds that a network is measured for, at least;"""

_STEPS = 2
"""and so many steps, behind one that it gets ready in."""


@record
class Published:
    """A model whose size its makers have published."""

    name: str
    parameters: int
    source: str


PUBLISHED = (
    Published("GPT-2, smallest", 124_439_808, "Radford et al. 2019, and the weights that were published"),
    Published("GPT-2, largest", 1_557_611_200, "Radford et al. 2019, and the weights that were published"),
    Published("GPT-3", 175_000_000_000, "Brown et al. 2020, arXiv:2005.14165"),
)


@record
class Cost:
    """What a step of a network costs."""

    shape: str
    parameters: int
    samples: int
    """Of a step."""
    ops: int
    """Of a step: forward, loss, zero_grad, backward and update."""
    seconds: float
    """Of a step."""

    @property
    def each(self) -> float:
        """Seconds for each parameter and sample."""
        return self.seconds / self.parameters / self.samples


def measured(session: Session, clock: Callable[[], float] = perf_counter) -> Cost:
    """The cost of a step of a session that has not been trained yet."""
    begun = session.snapshot(())
    facts, place = begun.subject, begun.position
    session.train(session.batch_size)
    began, first = clock(), session.step
    while session.step < first + _STEPS or clock() - began < LEAST:
        session.train(session.batch_size)  # without an end: what is compiled must be worth it
    seconds = (clock() - began) / (session.step - first)
    return Cost(facts.architecture, facts.parameters, place.samples, place.total, seconds)


def report(begin: Callable[[int], Session], *, as_json: bool) -> None:
    """Measure each of `WIDTHS` on a session that `begin` gives, and tell each as soon as it is known."""
    costs: list[Cost] = []
    if not as_json:
        click.echo(_row("", "parameters", "ops a step", "a step", "each*"))
    for width in WIDTHS:
        cost = measured(begin(width))
        costs.append(cost)
        if as_json:
            emit({"event": "network", "model": cost.shape, **_numbers(cost)})
        else:
            each = f"{cost.each * 1e9:.3g} ns"
            click.echo(_row(cost.shape, f"{cost.parameters:,}", f"{cost.ops:,}", _time(cost.seconds), each))
    _tell_published(costs, as_json=as_json)


def _numbers(cost: Cost) -> dict[str, object]:
    return {
        "parameters": cost.parameters,
        "samples": cost.samples,
        "ops": cost.ops,
        "seconds": cost.seconds,
        "each": cost.each,
    }


def _tell_published(costs: Sequence[Cost], *, as_json: bool) -> None:
    """What others have published, and how long one sample of it would take at the rate of the largest network here."""
    rate = costs[-1].each
    if not as_json:
        click.echo("* for each parameter and sample")
        click.echo("\nPublished; a sample of a step, if it went on as in the last line above:")
    for model in PUBLISHED:
        seconds = rate * model.parameters
        if as_json:
            row = {"model": model.name, "parameters": model.parameters, "source": model.source, "seconds": seconds}
            emit({"event": "published", **row})
        else:
            click.echo(_row(model.name, f"{model.parameters:,}", "", _time(seconds), ""))
            click.echo(f"  {model.source}")
    if as_json:
        emit({"event": "end", "networks": len(costs)})


def _row(name: str, parameters: str, ops: str, step: str, each: str) -> str:
    return f"{name:<20}{parameters:>16}{ops:>13}{step:>10}{each:>12}".rstrip()


def _time(seconds: float) -> str:
    """A time in the unit that suits it."""
    for size, unit in ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{numbers.brief(seconds / size)} {unit}"
    return f"{numbers.brief(seconds * 1e6)} µs"
