"""What a network compiles to can be read: on the command line, and in the app. Knows the compiler's own text."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import TextArea

from chainstep.tui.cli import main
from chainstep.tui.files.subjects import open_subject

Opened = Callable[..., Any]


@pytest.mark.parametrize("what", ["lecture", "moons", "iris", "parabola"])
def test_the_source_is_the_one_that_runs(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["source", what]) == 0
    printed = capsys.readouterr().out
    session, _ = open_subject(what)
    session.train(session.run.stepper.program.batches.size * 2)
    compilation = session.run.compilation
    assert printed == compilation.sources[compilation.dense]
    ast.parse(printed)


def test_there_is_a_dense_variant_where_something_can_be_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for arguments in (["source", "moons"], ["source", "moons", "--dense"]):
        assert main(arguments) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] != texts[1]


async def test_a_key_shows_it_in_the_app(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("X")
        assert ui.app.screen.query_one(TextArea).text == ui.session.run.compilation.source()
        await ui.press("X")
        assert ui.app.screen is ui.train
