"""What a command loads before it does its work: what it needs, and no more. Must not know why."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from chainstep.datasets import EXAMPLES
from chainstep.engine.nn.mlp import INITS
from chainstep.engine.nn.optimizers import SCHEDULES
from chainstep.engine.training.setup.mistakes import MISTAKES
from chainstep.engine.training.setup.settings import CHOICES
from chainstep.tui.cli import options
from chainstep.tui.cli.commands import commands
from support.cases import each

SCREEN = ("textual", "rich", "plotext")


def loaded(*arguments: str) -> set[str]:
    """The modules that a command has loaded by its end."""
    command = [sys.executable, "-P", "-X", "importtime", "-m", "chainstep.tui", *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return set(re.findall(r"^import time: .*\| +(\S+)$", ran.stderr, re.MULTILINE))


def below(modules: set[str], *packages: str) -> set[str]:
    """Those of the modules that are the packages, or in them."""
    return {name for name in modules if any(f"{name}.".startswith(f"{package}.") for package in packages)}


@each("arguments", [["--help"], ["train", "--help"], ["--version"]])
def test_help_loads_neither_engine_nor_data_nor_screen(arguments: list[str]) -> None:
    modules = loaded(*arguments)

    assert "chainstep.tui.cli.entry" in modules
    assert below(modules, "chainstep.engine", "chainstep.datasets", *SCREEN) == set()


@pytest.mark.parametrize("command", ["train", "check"])
def test_training_without_a_screen_loads_none(command: str) -> None:
    modules = loaded(command, "lecture", "--steps", "2", "--json")

    assert "chainstep.engine.training.session" in modules
    assert below(modules, "tempfile", *SCREEN) == set()


def test_the_help_names_the_choices_that_the_engine_has() -> None:
    assert dict(options.CHOICES) == dict(CHOICES)
    assert dict(options.MISTAKES) == {name: mistake.label for name, mistake in MISTAKES.items()}
    assert dict(options.MEANINGS) == {
        name: {choice: row.words for choice, row in rows.items()}
        for name, rows in (("schedule", SCHEDULES), ("init", INITS))
    }


def test_no_example_is_called_as_a_command_is() -> None:
    """The one is opened before the others are loaded."""
    assert EXAMPLES.keys() & commands.commands.keys() == set()
