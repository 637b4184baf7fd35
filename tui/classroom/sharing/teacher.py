"""A teacher's screen: the session is shared or no more, it is said who follows, and something is asked. Must not know
how anybody is told, nor how anything is drawn.

It is loaded where a session is shared: the first frame does not wait for it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chainstep.engine.records import record

from ...render.canvas import numbers
from ...teaching.question import Question, question
from ..wire.messages import LONGEST
from ..wire.places import PlaceError
from .answers import Answers
from .sharer import Sharer
from .subject import Subject, is_own, subject_of

if TYPE_CHECKING:
    from ...beside.hosting import Host


@record
class Share:
    """How a session is shared from the beginning: one's own data, too."""

    group: str | None = None
    """The group of users whose members may follow, besides oneself."""


class Teacher:
    """Lets others look on at the session of an app."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._sharer: Sharer | None = None
        self._subject: Subject | None = None
        self._everything = False
        """One's own data may be seen, whichever it is."""
        self._warned = ""
        """Of which data it was said that it will be seen."""
        self._allowed = ""
        """Which data of one's own may be seen besides."""
        self._group: str | None = None
        self._dialog: Answers | None = None
        """Where answers are seen, while they are."""

    @property
    def shares(self) -> bool:
        """Whether others may look on."""
        return self._sharer is not None

    # --- beginning and end

    async def begin(self, share: Share) -> None:
        """Share the session, with leave."""
        self._everything, self._group = True, share.group
        await self._start()

    async def toggle(self) -> None:
        """Share the session, or share it no more. Before one's own data is seen it is said so."""
        if self._sharer is not None:
            self._end()
            self._app.say("nobody looks on any more: F6 shares it again", False)
            return
        source = self._app.source
        if is_own(source) and self._warned != source.name:
            self._warned = source.name
            self._app.say(f"whoever follows gets a copy of {source.title}: F6 once more shares it", True)
            return
        self._everything, self._allowed = False, source.name
        await self._start()

    async def _start(self) -> None:
        sharer = Sharer(self._shown, self._running, self._heard, self._wrong, group=self._group)
        try:
            self._subject = await asyncio.to_thread(self._made)
            await sharer.start()
        except (OSError, PlaceError) as error:
            self._subject = None
            self._app.say(str(error) if isinstance(error, PlaceError) else _lowered(error), True)
            return
        if self._sharer is not None or self._app.leaving:
            sharer.stop()  # a key or the end has come first
            return
        self._sharer = sharer
        own = f", {self._app.source.title} too" if self._leave and is_own(self._app.source) else ""
        who = "" if self._group is None else f" for the group {self._group}"
        self._app.say(f"whoever says chainstep follow {sharer.name} looks on{who}{own}: F6 ends that", False)
        self._tell()

    def _end(self) -> None:
        if self._sharer is not None:
            self._sharer.stop()
            self._sharer = self._subject = None
        self._app.runner.company = ""
        self._app.runner.tell()

    def close(self) -> None:
        """The app ends."""
        if self._sharer is not None:
            self._sharer.stop()
            self._sharer = None

    # --- what is shared

    def stirred(self) -> None:
        """The session is not as it was."""
        if self._sharer is not None and not self._app.runner.returning:
            self._sharer.changed()

    def _running(self) -> bool:
        return self._app.runner.hurries

    @property
    def _leave(self) -> bool:
        """Whether the data may be seen, if it is one's own."""
        return self._everything or self._app.source.name == self._allowed

    def _made(self) -> Subject:
        return subject_of(self._app.runner.session, self._app.source, leave=self._leave)

    def _shown(self) -> Subject:
        """What is shared now; a table takes a moment."""
        shown = self._subject
        assert shown is not None
        if shown.session is not self._app.runner.session:
            try:
                shown = self._subject = self._made()
            except OSError as error:
                shown = self._subject = subject_of(self._app.runner.session, self._app.source, leave=False)
                self._wrong(f"{self._app.source.title} is not shared: {_lowered(error)}")
            else:
                if shown.withheld:
                    self._wrong(f"{self._app.source.title} is your own: whoever looks on does not see it")
        return shown

    # --- who follows

    def _heard(self) -> None:
        self._tell()
        if self._dialog is not None and self._sharer is not None:
            self._dialog.tell(self._sharer.count)

    def _tell(self) -> None:
        sharer, runner = self._sharer, self._app.runner
        company = "" if sharer is None else f"shared, {sharer.count} follow" if sharer.count else "shared"
        if company != runner.company:
            runner.company = company
            runner.tell()

    def _wrong(self, line: str) -> None:
        self._app.say(line, True)

    # --- what is asked

    def ask(self) -> None:
        """Ask for the gradient that the next op writes; where that is asked already, show the answers."""
        sharer = self._sharer
        if sharer is None:
            self._app.say("nobody looks on: F6 shares this session", True)
            return
        if not sharer.questions.open:
            self._app.runner.pause()
            asked = question(self._app.runner.session.snapshot({"next"}).next)
            if asked is None:
                self._app.say("in backward, before an op that writes a gradient, followers can be asked for it", True)
                return
            self._ask(sharer, asked)
        self._dialog = Answers(sharer.questions, sharer.count, sharer.reveal)
        self._app.push_screen(self._dialog, self._closed)

    def _ask(self, sharer: Sharer, asked: Question) -> None:
        given = ", ".join(f"{name} = {numbers.plain(number)}" for name, number in asked.given)
        right = numbers.plain(asked.after)
        before = f"{numbers.plain(asked.before)} + " if asked.before else ""
        sharer.ask(
            f"What will {asked.target} be?"[:LONGEST],
            asked.target[:LONGEST],
            f"{asked.rule}   where {given} now"[:LONGEST],
            asked.after,
            f"{before}{asked.worked} = {right}"[:LONGEST],
        )

    def _closed(self, _: None) -> None:
        self._dialog = None


def _lowered(error: OSError) -> str:
    """What was wrong, for the middle of a line."""
    why = error.strerror or str(error)
    return why[:1].lower() + why[1:]
