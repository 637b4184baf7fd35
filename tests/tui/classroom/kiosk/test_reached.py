"""The list of all that a person with only a kiosk's key can reach has everything that there is today. Must not know how
each of it is tried.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import click
from textual.actions import parse
from textual.binding import Binding
from textual.screen import ModalScreen

from chainstep.tui import dialogs
from chainstep.tui.classroom.kiosk.kiosk import Kiosk
from chainstep.tui.classroom.sharing import answers
from chainstep.tui.cli.classroom import kiosk
from chainstep.tui.cli.commands import commands
from chainstep.tui.commands import ENTRIES
from chainstep.tui.dialogs.base.dialog import Dialog
from support.kiosk.reached import COMMANDS, DIALOGS, FOLLOWED, NOTHING, OPTIONS, REFUSED


def test_every_command_is_on_the_list_and_reaches_no_further() -> None:
    listed = [name for names in COMMANDS.values() for name in names.split()]
    assert sorted(listed) == sorted(entry.id for entry in ENTRIES)
    for follows, shut in ((False, (NOTHING, FOLLOWED)), (True, (NOTHING,))):
        away = {entry.id for entry in ENTRIES if entry.reaches not in Kiosk("anna", follows=follows).allowed}
        assert away == {name for where in shut for name in COMMANDS[where].split()}


def of_ours(cls: type) -> Iterator[type[ModalScreen[object]]]:
    """All dialogs below a class that none is made of."""
    for below in cls.__subclasses__():
        if below.__subclasses__():
            yield from of_ours(below)
        if below.__module__.startswith("chainstep.") and (below.__name__ == "Prompt" or not below.__subclasses__()):
            yield below


def test_every_dialog_is_on_the_list_with_all_that_its_keys_do() -> None:
    for found in pkgutil.walk_packages(dialogs.__path__, f"{dialogs.__name__}."):
        importlib.import_module(found.name)
    assert answers.Answers.__name__ in DIALOGS[NOTHING]
    listed = dict[str, set[str]]()
    for of in DIALOGS.values():
        for name, actions in of.items():
            listed.setdefault(name, set()).update(actions.split())
    there = {cls.__name__: {*_actions(cls)} for cls in of_ours(ModalScreen)}
    assert there == listed
    written = {cls.__name__: " ".join(cls.REACHES) for cls in of_ours(Dialog) if cls.REACHES}  # type: ignore[attr-defined]
    assert written == {"TableReport": DIALOGS[NOTHING]["TableReport"]}


def _actions(cls: type) -> Iterator[str]:
    for base in cls.__mro__:
        if base.__module__.startswith("chainstep."):
            for binding in vars(base).get("BINDINGS", ()):
                yield parse(binding.action if isinstance(binding, Binding) else binding[1])[1]


def test_every_option_of_what_it_opens_is_on_the_list_or_refused() -> None:
    assert {*OPTIONS} == {"kiosk", "open", *kiosk._OPENING}
    for name, listed in OPTIONS.items():
        options = [param for param in commands.commands[name].params if isinstance(param, click.Option)]
        there = {word for option in options for word in (*option.opts, *option.secondary_opts)}
        refused = {*REFUSED.get(name, "").split()}
        assert there == {*listed.split()} | refused
        assert refused <= {*kiosk._SCREENLESS}
