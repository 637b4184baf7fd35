"""Shares a session: lets followers in, and tells all of them what is new. Must not know the screen, nor what is in a
message of the session's leader.

All of it is done on the event loop, in slices of a few milliseconds: a message is made once for all followers, and none
of them is waited for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from chainstep.engine.training.replication.leader import Leader
from chainstep.engine.training.replication.update import Update

from ..wire import messages, places
from ..wire.frames import encoded
from .outbox import Outbox
from .pace import LATEST, Pace
from .questions import Asked, Questions
from .subject import Subject
from .talk import Talk

MOST = 256
"""Followers at once."""

_LARGE = 2**20
"""Bytes of a table from which on few are sent it at once."""

_FEW = 4

_SPARE = 3
"""Answers beyond one to each question that are not minded."""


class Sharer:
    """Shares what `subject` gives; `running` says whether it plays at speed. `heard` is called when somebody comes,
    leaves or answers, `wrong` with a line on what somebody sent that is nothing.
    """

    def __init__(
        self,
        subject: Callable[[], Subject],
        running: Callable[[], bool],
        heard: Callable[[], None] = lambda: None,
        wrong: Callable[[str], None] = lambda line: None,
        *,
        group: str | None = None,
    ) -> None:
        self._subject, self._running = subject, running
        self._heard, self._wrong = heard, wrong
        self._group = group
        self.name = ""
        """What it is shared as; empty while it is not."""
        self.questions = Questions()
        self._path: Path | None = None
        self._server: asyncio.Server | None = None
        self._outboxes: dict[Talk, Outbox] = {}
        self._shown: Subject | None = None
        self._leader: Leader | None = None
        self._pace = Pace()
        self._before_the_door = set[asyncio.Task[None]]()
        """Who has come, and may be of the group."""
        self._stood = 0.0, 0
        """When it was told last while it plays, and the step at which it was then."""
        self._parted = 0
        """So many followers take turns."""
        self._playing = False
        """Followers believe that it plays."""
        self._timer: asyncio.Handle | None = None
        self._due = False
        """They are told as soon as the loop comes to it."""

    # --- beginning and end

    async def start(self) -> None:
        """Let followers come.

        Raises:
            PlaceError: there is no place for that.
        """
        folder = places.own_folder(self._group)
        name = places.free_name(folder, places.user_name())
        path = folder / f"{name}{places.SUFFIX}"
        made = places.listening(path, self._group)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(lambda: Talk(self), sock=made)
        self.name, self._path = name, path

    def stop(self) -> None:
        """Let all followers go."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        bye = encoded(Update("bye", {}))
        for outbox in self._outboxes.values():
            outbox.put(bye)
            outbox.close()
        self._outboxes.clear()
        for asking in self._before_the_door:
            asking.cancel()
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink()
        self.name, self._path = "", None

    @property
    def count(self) -> int:
        """How many follow."""
        return sum(outbox.asks for outbox in self._outboxes.values())

    @property
    def sent(self) -> list[int]:
        """Bytes that each of those who follow was sent."""
        return [outbox.sent for outbox in self._outboxes.values()]

    # --- what is new

    def changed(self) -> None:
        """The session is not as it was: whoever follows is told, now or soon."""
        if not self._outboxes or self._due:
            return
        now, running, leader = time.monotonic(), self._running(), self._leader
        if running and leader is not None:
            leader.look()
        if self._pace.due(now, running=running, odd=0 if leader is None else leader.odd):
            self._schedule(0.0)
        elif self._timer is None:
            self._schedule(self._pace.wait(now, running=running))

    def _schedule(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._due, loop = seconds == 0.0, asyncio.get_running_loop()
        # At once is before whatever comes of it on the teacher's own screen.
        self._timer = loop.call_soon(self._tell) if self._due else loop.call_later(seconds, self._tell)

    def _tell(self) -> None:
        """Tell followers what is new, and all of it those who have come or missed something."""
        self._timer, self._due = None, False
        now, running = time.monotonic(), self._running()
        for talk, outbox in list(self._outboxes.items()):
            if outbox.is_dead(now):
                talk.leave()
        subject = self._current()
        turn = self._turn(running)
        told = [] if self._leader is None else self._leader.updates(running=running, turn=turn)
        stamp = self._stamp(now, running)
        if running != self._playing or (running and told):
            told = [stamp, *told]
            self._playing = running
        waiting = [outbox for outbox in self._outboxes.values() if outbox.lost and outbox.ready]
        if len(subject.frame) > _LARGE:
            waiting = waiting[:_FEW]
        greeting: list[Update] = []
        if waiting:
            greeting, anew = ([], False) if self._leader is None else self._leader.join()
            told += greeting if anew else []
        self._send(told, turn)
        if waiting:
            hello = Update("hello", {"protocol": messages.PROTOCOL, "name": self.name})
            rest = _joined([stamp, *greeting, *self._newest_question()])
            for outbox in waiting:
                outbox.begin(encoded(hello), subject.frame, rest)
        self._pace.told(now, running=running, all_turns=turn is None)
        if running or any(outbox.lost for outbox in self._outboxes.values()):
            self._schedule(self._pace.wait(now, running=True))

    def _turn(self, running: bool) -> int | None:
        """Whose turn it is while nothing happens but that it plays; None where all are told."""
        if len(self._outboxes) != self._parted:
            self._parted = len(self._outboxes)
            self._pace.part(self._parted)
            for place, outbox in enumerate(self._outboxes.values()):
                outbox.turn = place % self._pace.turns
            if self._leader is not None:
                self._leader.part(self._pace.turns)
        return self._pace.turn if running and self._leader is not None and self._leader.steady else None

    def _current(self) -> Subject:
        """What is shared now; where that is another session, all begin anew."""
        subject = self._subject()
        if subject is not self._shown:
            self._shown = subject
            self._leader = None if subject.withheld else Leader(subject.session)
            self._parted = -1
            for outbox in self._outboxes.values():
                outbox.lost = True
        return subject

    def _stamp(self, now: float, running: bool) -> Update:
        """When it stood where followers are told that it stands: while it plays it has gone on since."""
        leader, (when, step) = self._leader, self._stood
        at, here = now, 0 if self._shown is None else self._shown.session.step
        if running and leader is not None:
            at -= min(LATEST, leader.late * (now - when) / max(1, here - step))
        self._stood = now, here
        return Update("pace", {"playing": running, "sent": int(at * 1000)})

    def _send(self, told: Iterable[Update], turn: int | None = None) -> None:
        data = _joined(told)
        for outbox in self._outboxes.values() if data else ():
            if turn in (None, outbox.turn):
                outbox.put(data)

    # --- questions

    def ask(self, text: str, target: str, given: str, right: float, words: str) -> Asked:
        """Ask all who follow."""
        asked = self.questions.ask(text, target, given, right, words)
        self._send(self._newest_question())
        return asked

    def _newest_question(self) -> list[Update]:
        """What is asked or, where that is over, what was right: it tells only those something who were asked."""
        asked = self.questions.asked
        if asked is None:
            return []
        if not self.questions.open:
            return [Update("reveal", {"number": asked.number, "right": asked.right, "words": asked.words})]
        fields = {"number": asked.number, "text": asked.text, "target": asked.target, "given": asked.given}
        return [Update("ask", fields)]

    def reveal(self) -> None:
        """Show all who follow what is right."""
        asked = self.questions.asked
        if asked is not None and self.questions.open:
            self.questions.close()
            self._send(self._newest_question())

    # --- who comes

    def came(self, talk: Talk, transport: asyncio.Transport) -> bool:
        """Let somebody in, or look whether they may; whether they may yet."""
        who = places.peer(transport.get_extra_info("socket"))
        if len(self._outboxes) + len(self._before_the_door) >= MOST:
            return False
        if places.may_follow(who, None):
            self._outboxes[talk] = Outbox(transport)
            return True
        if self._group is None:
            return False
        transport.pause_reading()
        asking = asyncio.create_task(self._look(talk, transport, who, self._group))
        self._before_the_door.add(asking)
        asking.add_done_callback(self._before_the_door.discard)
        return True

    async def _look(self, talk: Talk, transport: asyncio.Transport, who: places.Peer, group: str) -> None:
        """Let in who is of the group, which a server may have to be asked for: that is waited for elsewhere."""
        allowed = False
        try:
            allowed = await asyncio.to_thread(places.may_follow, who, group)
        except places.PlaceError:
            """There is no such group any more."""
        finally:
            if not allowed:
                transport.abort()
        if not transport.is_closing():
            self._outboxes[talk] = Outbox(transport)
            transport.resume_reading()

    def said(self, talk: Talk, message: Update) -> None:
        """Hear what a follower says.

        Raises:
            MessageError: it is nothing that is said here.
        """
        messages.from_follower(message)
        outbox = self._outboxes.get(talk)
        if outbox is None:
            return
        if message.kind == "hello":
            if outbox.asks:
                raise messages.MessageError("it has said hello before")
            outbox.asks = True
            self._schedule(0.0)
            self._heard()
        elif not outbox.asks:
            raise messages.MessageError("it has not said hello")
        elif self._answers_too_often(outbox):
            raise messages.MessageError("it answers more than it is asked")
        elif self.questions.answer(talk, message.fields["number"], message.fields["value"]):
            self._heard()

    def _answers_too_often(self, outbox: Outbox) -> bool:
        outbox.answers += 1
        return outbox.answers > self.questions.count + _SPARE

    def went(self, talk: Talk, why: str = "") -> None:
        """Somebody is gone, or is let go of because of what was sent."""
        outbox = self._outboxes.pop(talk, None)
        if why:
            self._wrong(f"a follower sent what is no message, and was let go: {why}")
        if outbox is not None and outbox.asks:
            self._heard()


def _joined(told: Iterable[Update]) -> bytes:
    return b"".join(map(encoded, told))
