"""Sessions on what a lesson sets up, which is written as words of the command line. Must not know lessons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from chainstep.datasets import EXAMPLES, DataError
from chainstep.engine.autograd.text.expression import ExpressionError
from chainstep.engine.lessons.errors import LessonError
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import SettingsError

from ...files.subjects.opening import open_expression, open_subject
from ...files.subjects.source import Source
from .. import options
from ..expressions import read_leaves

_DATA = click.Command("setup", params=[click.Argument(["what"]), *options.WITH_DATA])

_EXPRESSION = click.Command(
    "expr",
    context_settings={"ignore_unknown_options": True},
    params=[
        click.Argument(["expression"]),
        click.Argument(["leaves"], nargs=-1),
        click.Option(["--maximise"], is_flag=True),
        *options.OF_EXPRESSIONS,
    ],
)


class Setups:
    """What was set up so far: the same words give the same session, which is copied and never moved. Where functions
    are not compiled here, whoever shows a session has them compiled beside it, and the replay goes on meanwhile.
    """

    def __init__(self, folder: Path | None = None, *, compiles_here: bool = True) -> None:
        """`folder` is that of a lesson of somebody's own, beside which its tables lie."""
        self._folder = folder
        self._compiles_here = compiles_here
        self._opened: dict[tuple[str, ...], tuple[Session, Source]] = {}

    def open(self, words: Sequence[str]) -> Session:
        """A session on what words behind `chainstep` name: an example, a file, `expr` and an expression; with options.

        Raises:
            LessonError: they name nothing that can be opened.
        """
        key = self._placed(words)
        if key not in self._opened:
            try:
                self._opened[key] = _opened(key)
            except click.UsageError as error:
                raise LessonError(" ".join(error.format_message().split())) from None
            except (DataError, ExpressionError, SettingsError) as error:
                raise LessonError(str(error)) from None
            self._opened[key][0].compiles_here = self._compiles_here
        return self._opened[key][0]

    def _placed(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words, with a file's name as it is called from here."""
        beside = None if self._folder is None or words[0] in EXAMPLES else self._folder / words[0]
        return (str(beside) if beside is not None and beside.is_file() else words[0], *words[1:])

    def source(self, session: Session) -> Source:
        """What a session that was set up, or a copy of it, was opened on."""
        return next(source for opened, source in self._opened.values() if opened.subject is session.subject)


def _opened(words: tuple[str, ...]) -> tuple[Session, Source]:
    if words[0] == "expr":
        values = _values(_EXPRESSION, words[1:])
        expression, leaves = values.pop("expression"), read_leaves(values.pop("leaves"))
        return open_expression(expression, leaves, {**options.overrides(values), "maximise": values["maximise"]})
    values = _values(_DATA, words)
    what, target, chosen = values.pop("what"), values.pop("target"), options.choices(values)
    return open_subject(what, target, options.overrides(values), chosen)


def _values(command: click.Command, words: Sequence[str]) -> dict[str, Any]:
    return command.make_context(command.name, list(words)).params
