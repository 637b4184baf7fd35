"""What a network compiles to can be read: on the command line, and in the app. Knows the compiler's own text."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import TextArea

from chainstep.tui.cli import main
from chainstep.tui.files.subjects.opening import open_subject

Opened = Callable[..., Any]


@pytest.mark.parametrize("what", ["lecture", "moons", "iris", "parabola"])
def test_the_source_is_the_one_that_runs(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["source", what]) == 0
    printed = capsys.readouterr().out
    session, _ = open_subject(what)
    session.train(session.run.stepper.program.batches.size * 2)
    compilation = session.run.compilation
    source = compilation.sources[compilation.dense]
    assert printed.endswith(source)
    comments = printed.removesuffix(source).splitlines()
    assert all(line.startswith("#") and len(line) <= 120 for line in comments)
    ast.parse(printed)


def test_comments_tell_how_to_read_it_beside_the_lectures_classes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["source", "lecture"]) == 0
    comments = [line for line in capsys.readouterr().out.splitlines() if line.startswith("#")]
    assert comments[:8] == [
        "# How to read it beside the lecture's classes:",
        "# Neuron  is one line, its sum and its activation: weights p0 to p2, bias p3 are the first one's",
        "#           n6 = tanh(x0 * p0 + x1 * p1 + x2 * p2 + p3)",
        "# Layer   is its neurons' lines, one below the other: layer 1 has 4, p0 to p15",
        "# MLP     is the 3 layers, one below the other, for each sample of a step",
        "# p.data  is p0 to p40, in the order of parameters(): p0 is L1.n1.w0, p40 is L3.n1.b",
        "# p.grad  is g0 to g40: = 0.0 is zero_grad(), += is backward(), and at the end of a step each p moves",
        "#",
    ]


def test_there_is_a_dense_variant_where_something_can_be_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for arguments in (["source", "moons"], ["source", "moons", "--dense"]):
        assert main(arguments) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] != texts[1]


async def test_a_key_shows_it_in_the_app(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("X")
        assert ui.app.screen.query_one(TextArea).text == ui.session.source()
        await ui.press("X")
        assert ui.app.screen is ui.train
