"""The program's beginning and its ends: which words need no parser, what bad input is told, and with which status it
ends. Must not know the commands.
"""

from __future__ import annotations

import errno
import gc
import os
import sys

from ..classroom.serving.joining import join
from .statuses import BAD_INPUT, BROKEN_PIPE, FAILED, INTERRUPTED

TYPE_CHECKING = False  # as in classroom.serving.joining
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status. Bad input is told in one line on stderr."""
    if arguments is None:
        join(sys.argv[1:])
    from ..terminal import encoding  # whoever has joined a class needs none

    encoding.settle()
    # What is loaded now stays, and the collector would walk over it again and again.
    gc.disable()
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        _let_go_of_stderr()
        return status
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except _bad_input() as error:
        return _complain(str(error), BAD_INPUT)
    except BrokenPipeError:
        _drop(1)
        return BROKEN_PIPE
    except OSError as error:
        _drop(1)
        wrong = (error.strerror or str(error)).lower()
        if error.errno == errno.ENAMETOOLONG:
            return _complain(f"{wrong}: {error.filename}", BAD_INPUT)
        return _complain(wrong, FAILED)
    finally:
        gc.enable()


def _run(words: Sequence[str]) -> int:
    if _is_example(words):
        # It has no option, and its first frame need not wait until a parser for them is loaded.
        from .opening import open_app

        return open_app(words[0]) if words else open_app()
    from .commands import run

    return run(words, main)


def _is_example(words: Sequence[str]) -> bool:
    """Whether the words are the name of an example, or none at all."""
    if not words:
        return True
    if len(words) > 1 or words[0].startswith("-"):
        return False
    from chainstep.datasets import EXAMPLES

    return words[0] in EXAMPLES


def _bad_input() -> tuple[type[Exception], ...]:
    """What is the user's to put right; loaded only where something is wrong."""
    from chainstep.datasets import DataError
    from chainstep.engine.autograd.text.expression import ExpressionError
    from chainstep.engine.training.archive.errors import ArchiveError
    from chainstep.engine.training.setup.settings import SettingsError

    from ..exchange.errors import ExchangeError
    from ..files.store.errors import RunError
    from .guards import NoTerminalError
    from .statuses import UsageError

    return UsageError, DataError, SettingsError, ExpressionError, ArchiveError, RunError, ExchangeError, NoTerminalError


def _complain(message: str, status: int) -> int:
    from .output import complain

    complain(message)
    return status


def _let_go_of_stderr() -> None:
    """A terminal that is gone takes nothing; the status is what the program ended with all the same."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        _drop(2)


def _drop(stream: int) -> None:
    """Nobody reads on: what is still buffered must not make Python complain at its end, with a status of its own."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream)
    os.close(nowhere)
