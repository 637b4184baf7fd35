"""What a session can be told: each command is plain data, so it can be recorded, written down and given again.

Must not know how a session carries them out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, get_args

from ..records import record


class CommandError(ValueError):
    """A command that cannot be carried out; the message is one line, and nothing has changed."""


@record
class Forward:
    """To the next boundary of a granularity, `count` times; the session's own granularity if none is named."""

    granularity: str | None = None
    count: int = 1


@record
class Back:
    """To the previous boundary of a granularity, `count` times."""

    granularity: str | None = None
    count: int = 1


@record
class Goto:
    """To the point before op `op` of step `step`, forwards or backwards."""

    step: int
    op: int = 0


@record
class SetGranularity:
    """What one step forward or back is: one of `step.timeline.GRANULARITIES`."""

    granularity: str


@record
class SetKnob:
    """Turn a hyperparameter."""

    name: str
    value: object


@record
class SetParameter:
    """Put a number into a parameter."""

    index: int
    value: float


@record
class SetProbe:
    """Ask for the prediction on an input of one's own; None stops asking."""

    inputs: tuple[float, ...] | None


@record
class Restart:
    """Back to step 0 with the same first weights; the knobs stay as they are."""


@record
class Reseed:
    """Back to step 0 with new first weights, drawn from `seed`; from the next seed if none is named."""

    seed: int | None = None


@record
class Continue:
    """Forwards to the next breakpoint that is hit, or to the step at which it pauses."""


@record
class ReverseContinue:
    """Backwards to the breakpoint that was hit last before this point."""


@record
class RunTo:
    """Forwards or backwards to the nearest point of a place, written as a breakpoint is: `backward L1.n2`."""

    place: str
    backwards: bool = False


@record
class AddBreakpoint:
    """Stop at a place, on a condition, or where something goes wrong: see `breakpoints.parse`."""

    text: str


@record
class ToggleBreakpoint:
    """Enable or disable a breakpoint."""

    number: int


@record
class DropBreakpoint:
    """Forget a breakpoint."""

    number: int


@record
class SetSample:
    """Put a number into training sample `sample` (from 0): into input `feature`, or into its target for None."""

    sample: int
    feature: int | None
    value: float
    also: tuple[tuple[int, float], ...] = ()
    """Inputs that are set with it: what one column of a table says may be several."""

    @property
    def amendments(self) -> dict[tuple[int, int | None], float]:
        """All that it sets: (sample, input or target) -> the number."""
        with_it: dict[tuple[int, int | None], float] = {(self.sample, place): value for place, value in self.also}
        return {(self.sample, self.feature): self.value} | with_it


@record
class Undo:
    """Take back the last edit: stand where it was made, as it was before."""


@record
class Redo:
    """Make the edit again that was undone last."""


@record
class Fork:
    """Go on beside this run from here, with the same past."""

    name: str | None = None


@record
class SwitchFork:
    """Go over to another fork, where it stands."""

    name: str


@record
class RenameFork:
    """Give a fork another name."""

    name: str
    to: str


@record
class DropFork:
    """Forget a fork; not the one that is shown."""

    name: str


@record
class SetWatch:
    """Pin a value of the sample's tape by its name, or let it go."""

    name: str
    on: bool = True


@record
class SetNeuron:
    """Look closely at a neuron, by its layer and its number there, both from 0; None to look at none."""

    unit: tuple[int, int] | None


@record
class LookAtSample:
    """Show the network on a training sample, by its row from 0, under the parameters of now; None: the one in hand."""

    row: int | None


@record
class SetPlot:
    """Look at the whole of the data in a plot of this kind: one of those that the subject has."""

    kind: str


@record
class SetQuotient:
    """Measure the slope of a function of one variable over `h`, to both sides or forward alone; of an expression, along
    one of its leaves.
    """

    h: float
    central: bool = False
    leaf: int = 0


@record
class SetCursor:
    """Look at what was measured at a step, be it computed again; None to look at none."""

    step: int | None


@record
class SetGradcheck:
    """Compare every gradient with a difference quotient over `h` wherever the session stands, to both sides or forward
    alone; None for the best h.
    """

    on: bool
    h: float | None = None
    central: bool = True


Movement = Forward | Back | Goto | Continue | ReverseContinue | RunTo
"""Commands that change nothing but the position."""

Change = SetKnob | SetParameter | SetSample | Restart | Reseed
"""Commands that change the numbers."""

Editing = Change | Undo | Redo
"""Changes, and taking them back."""

Forking = Fork | SwitchFork | RenameFork | DropFork
"""Commands on the runs side by side."""

Debugging = SetGranularity | AddBreakpoint | ToggleBreakpoint | DropBreakpoint
"""Commands on how movements go, and where they stop."""

Selection = SetNeuron | LookAtSample | SetPlot | SetQuotient | SetCursor
"""Commands that say what is selected: a replay has no use for them, and they are not kept with a run."""

Inspection = SetProbe | SetWatch | SetGradcheck | Selection
"""Commands that change nothing but what is looked at."""

Command = Movement | Editing | Forking | Debugging | Inspection

_KINDS: Mapping[str, Callable[..., Command]] = {kind.__name__: kind for kind in get_args(Command)}


def to_json(command: Command) -> dict[str, object]:
    """A command as a JSON object: its kind, and its fields."""
    fields = asdict(command)
    if not fields.get("also", True):
        del fields["also"]  # it is of few samples
    return {"command": type(command).__name__, **fields}


def _tuples(value: object) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def from_json(record: Mapping[str, object]) -> Command:
    """The command of a JSON object.

    Raises:
        CommandError: it describes no command.
    """
    fields = {name: _tuples(value) for name, value in record.items()}
    try:
        return _KINDS[str(fields.pop("command"))](**fields)
    except (KeyError, TypeError):
        raise CommandError(f"{dict(record)!r} is no command") from None
