"""What a session can be told: each command is plain data, so it can be recorded, written down and given again.

Must not know how a session carries them out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass


class CommandError(ValueError):
    """A command that cannot be carried out; the message is one line, and nothing has changed."""


@dataclass(frozen=True, slots=True)
class Forward:
    """To the next boundary of a granularity, `count` times; the session's own granularity if none is named."""

    granularity: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Back:
    """To the previous boundary of a granularity, `count` times."""

    granularity: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Goto:
    """To the point before op `op` of step `step`, forwards or backwards."""

    step: int
    op: int = 0


@dataclass(frozen=True, slots=True)
class SetGranularity:
    """What one step forward or back is: one of `GRANULARITIES`."""

    granularity: str


@dataclass(frozen=True, slots=True)
class SetKnob:
    """Turn a hyperparameter."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Put a number into a parameter."""

    index: int
    value: float


@dataclass(frozen=True, slots=True)
class SetProbe:
    """Ask for the prediction on an input of one's own; None stops asking."""

    inputs: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Restart:
    """Back to step 0 with the same first weights; the knobs stay as they are."""


@dataclass(frozen=True, slots=True)
class Reseed:
    """Back to step 0 with new first weights, drawn from `seed`; from the next seed if none is named."""

    seed: int | None = None


Command = Forward | Back | Goto | SetGranularity | SetKnob | SetParameter | SetProbe | Restart | Reseed

_KINDS: Mapping[str, Callable[..., Command]] = {
    kind.__name__: kind
    for kind in (Forward, Back, Goto, SetGranularity, SetKnob, SetParameter, SetProbe, Restart, Reseed)
}


def to_json(command: Command) -> dict[str, object]:
    """A command as a JSON object: its kind, and its fields."""
    return {"command": type(command).__name__, **asdict(command)}


def from_json(record: Mapping[str, object]) -> Command:
    """The command of a JSON object.

    Raises:
        CommandError: it describes no command.
    """
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
    try:
        return _KINDS[str(fields.pop("command"))](**fields)
    except (KeyError, TypeError):
        raise CommandError(f"{dict(record)!r} is no command") from None
