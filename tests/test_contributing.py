"""CONTRIBUTING names functions that exist, and its walks are the ways that the program takes. Must not know why."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from chainstep.engine.autograd.ops import table
from chainstep.engine.autograd.ops.operation import POWER, Op
from chainstep.engine.autograd.value import Value, apply
from chainstep.engine.training.commands import Forward
from chainstep.engine.training.step.timeline import PHASES
from chainstep.tui.app import ChainstepApp
from chainstep.tui.files.subjects.opening import open_subject
from support.cases import each

CHECKOUT = Path(__file__).parents[1]
GUIDE = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
REFERENCE = re.compile(r"`([\w/]+\.py) › ([\w.]+)`")


def section(title: str) -> str:
    """The text below a heading."""
    return GUIDE.split(f"## {title}\n")[1].split("\n## ")[0]


def names_of(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """What is defined in a file: classes, functions, methods and names that are assigned."""
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield prefix + name
            case ast.ClassDef(name=name, body=inner):
                yield prefix + name
                yield from names_of(inner, f"{prefix}{name}.")
            case ast.Assign(targets=targets):
                yield from (prefix + target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield prefix + name


@each(("file", "name"), sorted(set(REFERENCE.findall(GUIDE))))
def test_what_is_named_is_there(file: str, name: str) -> None:
    assert name in set(names_of(ast.parse((CHECKOUT / file).read_text(encoding="utf-8")).body))


def test_every_folder_and_file_that_is_named_is_there() -> None:
    paths = set(re.findall(r"`((?:engine|tui|datasets|tests)/[\w/.]+)`", GUIDE))

    assert len(paths) > 5
    assert not {path for path in paths if not (CHECKOUT / path).exists()}


@contextmanager
def watched() -> Iterator[list[tuple[str, str]]]:
    """(file, function) of everything of ours that is called meanwhile, in the order of the first calls."""
    called: dict[tuple[str, str], None] = {}

    def call(frame: FrameType, event: str, arg: object) -> None:
        code = frame.f_code
        if event == "call" and "/chainstep/" in code.co_filename:
            called[code.co_filename.split("/chainstep/")[-1], code.co_qualname] = None

    seen: list[tuple[str, str]] = []
    sys.setprofile(call)
    try:
        yield seen
    finally:
        sys.setprofile(None)
        seen.extend(called)


def assert_walked(title: str, called: list[tuple[str, str]]) -> None:
    """Each function that a walk names is called, and in this order. Names of tables are not called."""
    steps = "\n".join(re.findall(r"^\d+\..*", section(title), re.MULTILINE))
    walk = [(file, name) for file, name in REFERENCE.findall(steps) if not name.isupper()]
    assert len(walk) > 10
    assert [step for step in walk if step not in called] == []
    assert sorted(walk, key=called.index) == walk


async def test_a_key_goes_the_way_that_is_described() -> None:
    app = ChainstepApp(*open_subject("lecture"))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("right")
        with watched() as called:
            await pilot.press("right")
            await pilot.pause()

    assert_walked("From a key to a pixel", called)


def test_a_parameter_goes_the_way_that_is_described() -> None:
    with watched() as called:
        session, _ = open_subject("lecture")
        for _ in PHASES:
            session.apply(Forward("phase"))
        session.apply(Forward("step", 3))

    assert_walked("From a parameter to its update", called)


def test_an_op_is_added_by_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    square = Op(
        "square",
        forward="a * a",
        backward=("2.0 * a",),
        forward_text="{a}²",
        backward_text=("2·{a}",),
        precedence=POWER,
        forward_words="A square has no sign, and large numbers count far more.",
        outcomes=(("y == y", "{a} times itself is {y}."),),
        words="The slope of a square is twice its input.",
    )
    monkeypatch.setattr(table, "OPS", {**table.OPS, "square": square})
    x = Value(3.0)
    y = apply(square, x)
    y.backward()

    assert (y.data, x.grad) == (9.0, 6.0)
