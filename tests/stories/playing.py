"""How a story is played: the app in a terminal, keys in, and the screen awaited. Must not know what any story tells."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from chainstep.engine.training.session import Session
from support.screen.processes import forked
from support.screen.terminal import Terminal

from .script import Act, Story, awaited


class Player:
    """Plays at full speed, and is content with nothing less than all that an act shows."""

    def terminal(self, argv: Sequence[str], story: Story) -> Terminal:
        """Where the app runs."""
        return Terminal(argv, size=story.size, start=forked)

    def opened(self, terminal: Terminal) -> None:
        """The app shows its first frame."""

    def announce(self, terminal: Terminal, act: Act) -> None:
        """Before the keys of an act."""

    def press(self, terminal: Terminal, keys: str) -> None:
        """Type the keys of an act."""
        terminal.send(keys)

    def look(self, terminal: Terminal, act: Act, twin: Session) -> None:
        """Wait for what an act shows.

        Raises:
            TimeoutError: it does not come; says what is missing.
        """
        wanted = awaited(act, twin)
        try:
            terminal.read_until(wanted.seen)
        except TimeoutError as error:
            missing = ", ".join(wanted.among(terminal.screen()))
            raise TimeoutError(f"{act.sentence!r}, after {act.keys!r}: there is no {missing}\n{error}") from None

    def play(self, story: Story) -> Session:
        """Play a story to its end, and leave the app; gives the twin."""
        twin = story.twin()
        acts = story.acts(twin)
        act: Act | None = next(acts)
        arguments: Sequence[str] = story.arguments
        while act is not None:
            with self.terminal([sys.executable, "-P", "-m", "chainstep.tui", *arguments], story) as terminal:
                terminal.read_until("? help", timeout=20)
                self.opened(terminal)
                while act is not None:
                    self.announce(terminal, act)
                    self.press(terminal, act.keys)
                    self.look(terminal, act, twin)
                    act = next(acts, None)
                    if act is not None and act.opens:
                        arguments = act.opens
                        break
                terminal.send("q")
                self.left(terminal.wait(), terminal)
        return twin

    def left(self, status: int, terminal: Terminal) -> None:
        """The app has ended."""
        assert status == 0
        assert terminal.leftovers() == []
