"""What a session may take of a machine that it shares: steps a second, parameters, memory for its records. Must not
know who sets a limit.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from chainstep.engine.training.commands import Command, SetKnob
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.fitting import parameter_count
from chainstep.engine.training.setup.settings import SettingsError, turned

OFTEN = 20
"""Slices in which the steps of a second are taken."""

_CREDIT = 0.5
"""Seconds that a session may have rested and then make up for."""


class Limits:
    """The most of each; None for as much as there is. `held` is called when the steps are held up for the first time
    since they began.
    """

    def __init__(
        self,
        steps_a_second: float | None = None,
        parameters: int | None = None,
        room: int | None = None,
        held: Callable[[], None] = lambda: None,
        *,
        alone: bool = False,
        machine: bool = True,
    ) -> None:
        self.steps_a_second, self.parameters, self.room = steps_a_second, parameters, room
        """`room` is in bytes."""
        self.alone, self.machine = alone, machine
        """It starts no process; there is memory for machine code."""
        self._held = held
        self._since = self._from = 0.0
        self._told = False

    # --- steps

    @property
    def samples(self) -> float | None:
        """The most samples of a slice, for each sample of a batch."""
        return None if self.steps_a_second is None else self.steps_a_second / OFTEN

    def begin(self, step: int) -> None:
        """A movement begins at a step."""
        self._since, self._from, self._told = perf_counter(), step, False

    def rest(self, step: int) -> float:
        """Seconds to wait, now that it stands at this step."""
        if self.steps_a_second is None:
            return 0.0
        now = perf_counter()
        due = self._since + (step - self._from) / self.steps_a_second
        if due < now - _CREDIT:
            self._since, self._from = now - _CREDIT, step
        if due <= now:
            return 0.0
        if not self._told:
            self._told = True
            self._held()
        return due - now

    # --- size

    def hold(self, session: Session) -> None:
        """Keep a session's records within their room."""
        if self.room is not None:
            session.keep_within(self.room)

    def refused(self, session: Session, command: Command) -> str | None:
        """Why a command would make a network that is too large; None where it would not."""
        data = session.run.stepper.program.data
        if self.parameters is None or data is None:
            return None
        if not (isinstance(command, SetKnob) and command.name in ("hidden", "features")):
            return None
        try:
            return self.too_many(parameter_count(data, turned(session.next_settings, command.name, command.value)))
        except SettingsError:
            return None  # whoever carries it out says it

    def too_many(self, count: int) -> str | None:
        """Why a network cannot have so many parameters; None where it can."""
        if self.parameters is None or count <= self.parameters:
            return None
        return f"{count} parameters are too many here: the memory that it may take is for {self.parameters}"
