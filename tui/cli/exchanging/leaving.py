"""`chainstep export`: which session is meant, and where its model goes. Must not know formats."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chainstep.datasets import EXAMPLES, printable

from ..output import write_file
from ..statuses import UsageError

if TYPE_CHECKING:
    from chainstep.engine.training.session import Session


def saved_run(what: str, target: str | None, knobs: Sequence[str]) -> Session | None:
    """The session of a saved run; None where an example or a table is named.

    Raises:
        RunError: there is no such run.
        UsageError: a run is to have other knobs or another target.
    """
    from ...files.runs import read
    from ...files.subjects.opening import names_file

    run = what.lower().endswith((".chainstep", ".json"))
    if what in EXAMPLES or what == "-" or (names_file(what) and not run):
        return None
    session = read(what)
    if target is not None or knobs:
        option = "target" if target is not None else knobs[0].replace("_", "-")
        raise UsageError(f"{printable(what, 200)} is a saved run and goes out as it is: --{option} is for WHAT")
    return session


def write(session: Session, to: str, file: str | None, sample: int) -> None:
    """Write the model into a file, or to stdout.

    Raises:
        ExchangeError: it cannot be had so.
        DataError: the file cannot be written.
        UsageError: what is no text would go to a terminal.
    """
    from ...exchange.export import BINARY, exported

    if file is None and to in BINARY and sys.stdout.isatty():
        raise UsageError(f"{to} is no text: say where it goes with -o FILE")
    content = exported(session, to, file, sample)
    if file is None:
        sys.stdout.buffer.write(content)
        return
    write_file(file, content)
