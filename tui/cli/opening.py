"""Opens the app on what the command line names. Must not know how the command line is read."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from .guards import NoTerminalError, require_terminal

if TYPE_CHECKING:
    from chainstep.datasets.columns.choices import Choices
    from chainstep.datasets.user_table import PreparedTable
    from chainstep.engine.training.session import Session

    from ..beside.learning import Learn
    from ..beside.sweeping import SweepToShow
    from ..classroom.following.joining import Joined
    from ..classroom.kiosk.kiosk import Kiosk
    from ..classroom.sharing.teacher import Share
    from ..files.lessons.course import Course
    from ..files.store.file import RunFile
    from ..files.subjects.source import Source
    from ..terminal.recording import Recording

kiosk: ContextVar[Kiosk | None] = ContextVar("kiosk", default=None)
"""For whom the app is opened; it stands beside what is passed down, as the recorder does."""

OPENING = ("expr", "follow", "import", "learn", "resume", "verify")
"""Commands that can open the app; so does whatever is none."""

share: ContextVar[Share | None] = ContextVar("share", default=None)
"""How others may look on at what is opened, likewise."""

Begin = Callable[[], "Recording"]

recorder: ContextVar[Begin | None] = ContextVar("recorder", default=None)
"""Begins a recording of what is shown, once there is a terminal that it can be shown on. It stands beside all that is
passed down to `show`, since whatever opens the app can be recorded.
"""


def opened(
    what: str, target: str | None, overrides: Mapping[str, object] | None, choices: Choices | None = None
) -> tuple[Session, Source]:
    """A session on an example or a CSV file; whoever waits for a large one at a terminal is told how far it is.

    Raises:
        DataError, SettingsError: as `open_subject`.
    """
    from ..files.subjects.opening import open_subject  # the help of commands, which may open the app, does without

    what = named_table(what)
    if target is None and not (overrides and "hidden" in overrides):
        return open_subject(what, target, overrides, choices)
    from .tables.waiting import Laying, Waiting  # no example waits for either

    if target is None:
        with Laying():
            return open_subject(what, target, overrides, choices)
    with Laying(), Waiting(what) as waiting:
        return open_subject(what, target, overrides, choices, waiting)


def by_options(what: str, target: str | None, knobs: dict[str, Any]) -> tuple[Session, Source]:
    """A session on what the user names, by the values of all options; what is no failure is told on stderr, and leaves
    stdout as it is.

    Raises:
        DataError, SettingsError: as `open_subject`.
    """
    from . import options
    from .output import complain

    chosen, own = options.choices(knobs), options.overrides(knobs)
    session, source = opened(what, target, own, chosen)
    for note in options.notes(session, own):
        complain(note)
    return session, source


def collect_again() -> None:
    """All that is needed is loaded: the collector works again, but not on what is there for good."""
    # Once: later calls in the same process find garbage, which would be kept.
    if not gc.get_freeze_count():
        gc.freeze()
    gc.enable()


def named_table(what: str) -> str:
    """The file that the user names; of `-` one that keeps what comes by standard input.

    Raises:
        DataError: nothing comes by it, or it is a script.
    """
    if what != "-":
        from ..files.subjects.opening import refuse_script  # as above

        refuse_script(what)
        return what
    from ..files.tables.piped import keep_piped

    path = keep_piped()
    _give_back_the_keyboard()
    return path


def _give_back_the_keyboard() -> None:
    """Standard input has been read to its end: keys come from the terminal, where there is one."""
    if sys.stdin is not sys.__stdin__:
        return
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return
    os.dup2(terminal, 0)
    os.close(terminal)


def open_app(
    what: str = "lecture",
    target: str | None = None,
    overrides: Mapping[str, object] | None = None,
    choices: Choices | None = None,
) -> int:
    """Open the app on an example or a CSV file, with some knobs set; returns the exit status.

    Raises:
        DataError: there is no such example or file, or its data cannot be used.
        SettingsError: a knob cannot be set so, or the knobs do not go together.
        NoTerminalError: the app cannot be shown here.
    """
    from ..files.subjects.opening import names_file

    what = named_table(what)
    if names_file(what):
        return _open_file(what, target, overrides or {}, choices)
    session, source = opened(what, target, overrides, choices)
    instead = f"chainstep train {source.arguments}"
    if not overrides:
        return show(session, source, instead)
    from .options import notes  # an example by its name has no options

    return show(session, source, instead, None, notes(session, overrides))


def _open_file(what: str, target: str | None, overrides: Mapping[str, object], choices: Choices | None) -> int:
    from ..files.subjects.opening import on_table
    from ..files.subjects.table import read_file
    from .options import notes
    from .tables.waiting import Laying, Waiting

    with Laying(), Waiting(what) as waiting:
        table = read_file(what, target, choices, waiting)
        session, source = on_table(what, table.target, table.choices, table.prepared.data, overrides)
    instead = f"chainstep train {source.arguments}"
    return show(session, source, instead, None, notes(session, overrides), table, overrides)


def resume(run: str | None) -> int:
    """Open the app on a saved run, the newest if none is named; returns the exit status.

    Raises:
        RunError: there is no such run, it cannot be read, or its data is not what it was.
        NoTerminalError: the app cannot be shown here.
    """
    from ..files import runs
    from .output import complain
    from .tables.waiting import Laying

    with Laying():
        resumed = runs.resume(run)
    for note in resumed.notes:
        complain(note)
    return show(resumed.session, resumed.source, "chainstep train WHAT", resumed.file, resumed.notes)


def show(
    session: Session,
    source: Source,
    instead: str,
    owned: RunFile | None = None,
    notes: Sequence[str] = (),
    table: PreparedTable | None = None,
    overrides: Mapping[str, object] | None = None,
    *,
    traces: bool = False,
    learn: Learn | None = None,
    sweep: SweepToShow | None = None,
    joins: Joined | None = None,
) -> int:
    """Show a session in the app; returns the exit status. `instead` is what to type where there is no terminal, `owned`
    the file of a run that goes on, and `notes` what is to be said first; see `ChainstepApp` for the others.

    Raises:
        NoTerminalError: the app cannot be shown here.
        DataError: it is to be recorded, and the file cannot be made.
    """
    recording = _begun(session, instead, owned)
    if sweep is None:  # a scheduler may be reached by TLS
        without_tls()
    from ..app import ChainstepApp  # what is no terminal need not wait for it

    app = ChainstepApp(
        session, source, owned, notes, table, overrides, traces=traces, courses=_courses, learn=learn, sweep=sweep
    )
    app.recording = recording
    app.meet(share.get(), joins)
    if (who := kiosk.get()) is not None:
        app.admit(who)
    return app.run_to_end()


def _begun(session: Session, instead: str, owned: RunFile | None) -> Recording | None:
    """See that a session can be shown here, and begin what records it; where it cannot, the file of its run is let go.

    Raises:
        NoTerminalError, SettingsError, DataError: as `show`.
    """
    begin = recorder.get()
    try:
        _require_terminal(instead)
        _refuse_giant(session)
        return None if begin is None else begin()
    except Exception:
        if owned is not None:
            owned.close()
        raise


def without_tls() -> None:
    """Load asyncio without TLS, if nothing has loaded it yet. No session speaks it, and its libraries take a
    thirtieth of the time to the first frame. Where there is no `ssl`, asyncio does without; it is there again for
    whatever imports it later.
    """
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # as the import system has it: there is none
    try:
        import asyncio  # noqa: F401
    finally:
        del sys.modules["ssl"]


def _require_terminal(instead: str) -> None:
    """Check that there is a terminal.

    Raises:
        NoTerminalError: there is none; whoever has come by ssh alone can do nothing but ask for one.
    """
    try:
        require_terminal(instead)
    except NoTerminalError:
        if kiosk.get() is None:
            raise
        raise NoTerminalError("a kiosk needs a terminal: ssh -t asks for one") from None


def _refuse_giant(session: Session) -> None:
    """Refuse what is larger than whoever it is opened for may have.

    Raises:
        SettingsError: it is.
    """
    who = kiosk.get()
    if who is not None and who.parameters is not None and len(session.labels) > who.parameters:
        from chainstep.engine.training.setup.settings import SettingsError

        raise SettingsError(f"{len(session.labels)} parameters take more memory than {who.memory} MB: see --memory")


def _courses() -> Course:
    from .learning.courses import course  # no app waits for it

    return course()
