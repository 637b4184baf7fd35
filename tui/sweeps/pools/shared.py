"""What the runs of one process have in common: a run of the same arithmetic as one before is not compiled again. Knows
sessions and who makes machine code; must not know which runs there are, or what comes of them.
"""

from __future__ import annotations

from chainstep.engine.training.session import Session

from ... import native

_MOST = 8
"""Kinds of arithmetic that are kept, the newest ones: with each of several `--hidden`, say."""

_WORTH = 0.01
"""Seconds of a run from which on machine code is worth its proof, which each run needs anew."""


class Kind:
    """Runs of the very same arithmetic: they differ in rates, seeds and steps."""

    def __init__(self, session: Session) -> None:
        self.compilation = session.compilation
        self.making: native.Making | None = None
        """What makes its machine code; none was wanted yet."""
        self.runs = 0
        self.seconds = 0.0
        """That all of them were trained for."""

    @property
    def lasting(self) -> bool:
        """Whether a run takes long enough for machine code."""
        return self.seconds > _WORTH * self.runs


class Shared:
    """What was compiled so far. One that is `small` is for runs that are over before machine code would have paid."""

    def __init__(self, *, small: bool = False) -> None:
        self._small = small
        self._kinds: list[Kind] = []
        self._machines: dict[str, native.Machine] = {}

    def begin(self, session: Session) -> Training:
        """A run begins: it is played by what is there.

        Raises:
            SettingsError: the environment asks for an engine that there is not.
        """
        native.begin(session, self._machines)
        kind = self._kind(session)
        made = kind.making is not None and kind.making.made
        if made and kind.lasting and native.sought(session):
            native.make(session, self._machines)
        for text in list(self._machines)[:-_MOST]:
            del self._machines[text]
        return Training(kind, None if self._small else native.Making(session, self._machines))

    def _kind(self, session: Session) -> Kind:
        for kind in self._kinds:
            if session.compilation.take_over(kind.compilation):
                return kind
        kind = Kind(session)
        self._kinds = [kind, *self._kinds][:_MOST]
        return kind


class Training:
    """How long a run was trained for, and whether that is long enough for machine code."""

    def __init__(self, kind: Kind, making: native.Making | None) -> None:
        """`making` makes machine code for it; None where none would have paid."""
        self._kind, self._making = kind, making
        self._before = kind.seconds
        kind.runs += 1

    def lasted(self, seconds: float) -> None:
        """The run has been trained for so long. As far as anybody here knows, as many runs lie ahead as behind."""
        kind, making = self._kind, self._making
        kind.seconds = self._before + seconds
        if making is None or kind.making is not None:
            return
        making.consider(kind.seconds, max(making.ahead(seconds), self._before if kind.lasting else 0.0))
        if making.begun:
            kind.making = making
