"""Every command has its key, its words and its method, on the screen as in the registry. Must not know what they do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import chain
from typing import Any

import pytest
from textual.actions import parse
from textual.containers import VerticalScroll
from textual.widgets import OptionList

from chainstep.datasets.glossary.terms import glossary
from chainstep.tui.app import ChainstepApp
from chainstep.tui.commands import (
    ENTRIES,
    GROUPS,
    SCREENS,
    TRACE,
    TRAIN,
    Entry,
    bindings,
    entries,
    footer,
    of_pane,
    sections,
)
from chainstep.tui.dialogs.program.finder import Finder
from chainstep.tui.dialogs.program.help import Help, page
from chainstep.tui.panes.text.lines import laid_out
from chainstep.tui.render.style.glyphs import ASCII
from chainstep.tui.render.text.status_lines import keys
from chainstep.tui.screens.stage import Stage
from chainstep.tui.screens.trace import TraceScreen
from chainstep.tui.screens.train import TrainScreen
from support.cases import each
from support.screen.looks import IN_COLOUR

Opened = Callable[..., Any]

STAGES: dict[str, type[Stage]] = {TRAIN: TrainScreen, TRACE: TraceScreen}

ON_SCREENS = [(entry, screen) for screen in SCREENS for entry in entries(screen)]


def owner(entry: Entry, screen: str) -> type[ChainstepApp] | type[Stage]:
    """The class that carries a command out."""
    return ChainstepApp if entry.action.startswith("app.") else STAGES[screen]


def method(entry: Entry) -> str:
    return f"action_{parse(entry.action)[1]}"


def test_every_command_has_a_name_and_on_its_screen_keys_of_its_own() -> None:
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)
    for screen in SCREENS:
        taken = [key for entry in entries(screen) for key in entry.keys.split(",")]
        assert len(set(taken)) == len(taken)
        ranks = [entry.footer for entry in footer(screen)]
        assert len(set(ranks)) == len(ranks)


TWO_MEANINGS = {
    "x": {"trace", "train"},  # the other screen
    "slash": {"filter", "find"},  # in the list that the screen has
    "o": {"open", "fold"},
    "O": {"sort", "fold all"},
}
"""The keys that do another thing on the other screen: none of them moves the session or loses its place."""


def test_a_key_means_the_same_on_both_screens_or_its_pane_says_so() -> None:
    meanings: dict[str, set[str]] = {}
    for entry in ENTRIES:
        for key in entry.keys.split(","):
            meanings.setdefault(key, set()).add(entry.label)
    assert {key: labels for key, labels in meanings.items() if len(labels) > 1} == TWO_MEANINGS
    shown = {entry.label for entry in ENTRIES if entry.panes or entry.footer}
    assert set().union(*TWO_MEANINGS.values()) <= shown


@each(("entry", "screen"), ON_SCREENS)
def test_every_command_is_carried_out_by_something(entry: Entry, screen: str) -> None:
    assert callable(getattr(owner(entry, screen), method(entry)))
    assert entry.group in GROUPS
    assert entry.label
    assert re.fullmatch(r"[A-Z].*[.…]", entry.help)


@pytest.mark.parametrize("screen", SCREENS)
async def test_every_key_reaches_its_command(opened: Opened, monkeypatch: pytest.MonkeyPatch, screen: str) -> None:
    reached: list[tuple[str, tuple[object, ...]]] = []

    def spy(owned: type, name: str) -> None:
        # With the signature of what it stands for: Textual gives an action as many arguments as that takes.
        @wraps(getattr(owned, name))
        def record(_self: object, *arguments: object) -> None:
            reached.append((name, arguments))

        monkeypatch.setattr(owned, name, record)

    async with opened() as ui:
        if screen == TRACE:
            await ui.press("x")
        for entry in entries(screen):
            spy(owner(entry, screen), method(entry))
        for entry in entries(screen):
            for key in entry.keys.split(","):
                reached.clear()
                await ui.press(key)
                assert reached == [(method(entry), parse(entry.action)[2])], key


@pytest.mark.parametrize("screen", SCREENS)
def test_bindings_are_the_registry(screen: str) -> None:
    made = {(binding.id, binding.key, binding.action, binding.priority) for binding in bindings(screen)}
    assert made == {(entry.id, entry.keys, entry.action, True) for entry in entries(screen)}


PANES = sorted({(screen, pane) for entry, screen in ON_SCREENS for pane in ("", *entry.panes)})


@each(("screen", "pane"), PANES)
def test_the_footer_has_what_the_pane_with_the_focus_does_first_and_the_way_out_always(screen: str, pane: str) -> None:
    def named(some: Iterable[Entry]) -> list[tuple[str, str]]:
        return [(entry.shown, entry.label) for entry in some]

    own, common = of_pane(screen, pane), footer(screen)
    for width in range(40, 241):
        groups = laid_out(own, common, width, named)
        text = keys(map(named, groups), width, IN_COLOUR).text
        assert len(text) == width
        assert text.rstrip().endswith(f"{named(common)[-2][0]} help  q quit")
        shown = [f"{key} {word}" for group in groups for key, word in named(group)]
        assert [part for part in re.split(r"  | │ ", text.strip()) if part] == shown
        assert not own or shown[0] == " ".join(named(own)[0]) or width * 3 // 10 < len(" ".join(named(own)[0]))
    over = "x train" if screen == TRACE else "x trace"
    at_80 = [" ".join(hint) for group in laid_out(own, common, 80, named) for hint in named(group)]
    assert {"space play", "→ step", "← back", over, "? help", "q quit"} <= {*at_80}
    everywhere = [entry for group in laid_out(own, common, 1000, named) for entry in group]
    assert sorted(entry.id for entry in everywhere) == sorted({entry.id for entry in (*own, *common)})


async def test_the_footer_follows_the_focus_and_a_click_on_it_does_what_it_says(opened: Opened) -> None:
    async with opened() as ui:
        assert ui.rows("keys")[0].startswith(" e edit  f freeze  O sort │ space play  → step  ← back  x trace │")
        await ui.press("tab")
        assert ui.rows("keys")[0].startswith(" p picture  d grads │ space play")
        await ui.pilot.click("#keys", offset=(ui.rows("keys")[0].index("grads"), 0))
        await ui.pilot.pause()
        assert ui.train.gradients
        await ui.pilot.click("#keys", offset=(ui.rows("keys")[0].index("→"), 0))
        await ui.pilot.pause()
        assert ui.session.op == 1
        await ui.press("x")
        assert ui.rows("keys")[0].startswith(" s into  n over  r out │ space play")
        await ui.press("?")
        await ui.press("escape")
        assert ui.rows("keys")[0].startswith(" s into  n over  r out │ space play")


async def test_a_click_on_a_key_in_a_border_does_it(opened: Opened) -> None:
    async with opened() as ui:
        edge = ui.rows("network")[-1]
        await ui.pilot.click("#network", offset=(edge.index("d grads"), ui.region("network").height - 1))
        await ui.pilot.pause()
        assert ui.train.gradients
        assert ui.train.selected == 0
        assert "M map" not in edge  # the lecture has three inputs


# --- help and palette


@each(("screen", "pane"), PANES)
def test_all_is_under_a_heading_once_and_the_panes_own_comes_first(screen: str, pane: str) -> None:
    found = sections(screen, pane)
    assert sorted(entry.id for _, some in found for entry in some) == sorted(entry.id for entry in ENTRIES)
    assert not pane or found[0] == (f"Here: {pane.capitalize()}", of_pane(screen, pane))
    assert [screen in entry.screens for _, some in found[:-1] for entry in some] == [True] * len(entries(screen))
    assert not any(screen in entry.screens for entry in found[-1][1])


@each("entry", ENTRIES)
def test_a_command_is_found_by_its_key_its_name_and_its_words(entry: Entry) -> None:
    for wanted in (entry.shown, entry.label, entry.help, entry.label.upper()):
        assert entry.found(wanted) is not None
    best = [other.label for other in ENTRIES if other.found(entry.label) in (0, 1)]
    assert entry.label in best
    assert entry.found("no command says this") is None


async def test_help_is_the_registry_and_is_searched_by_typing(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
        await ui.press("?")
        assert isinstance(ui.app.screen, Help)
        await ui.pilot.pause()

        def said() -> str:
            return " ".join(" ".join(ui.text(ui.app.screen.query_one("#page"))).split())

        for entry in ENTRIES:
            assert f"{entry.shown} {entry.label}: {entry.help}" in said()
        assert said().startswith("Here: Parameters e edit: ")
        assert all(heading in said() for heading, _ in sections(TRAIN, "parameters"))
        scroller = ui.app.screen.query_one(VerticalScroll)
        await ui.press("pagedown", "down")
        await ui.until(lambda: scroller.scroll_y > 10)
        await ui.press("R")
        await ui.until(lambda: scroller.scroll_y == 0)
        assert "R back out: Step back to where the neuron began." in said()
        assert "smooth" not in said()
        await ui.press("backspace", *"/loss axis")
        assert said() == "Looking l log: Draw the loss on a logarithmic axis, and back."
        await ui.press(*"zz")
        assert said() == "no key and no word here has 'loss axiszz': escape shows all"
        await ui.press("escape")
        await ui.until(lambda: "smooth" in said())
        await ui.press(*"gradient")
        assert said().startswith("Words gradient All derivatives"), "the term of that name"
        await ui.press("escape", "h")
        assert "h The nudge of a difference quotient." in said(), "a letter is a key, and may be a term"
        await ui.press("escape", "escape")
        assert ui.app.screen is ui.train


def test_every_term_is_on_the_page_in_line_and_can_be_written_in_ascii() -> None:
    lines = page((), "", 60).plain.splitlines()
    assert max(map(len, lines)) <= 60
    for term in chain.from_iterable(glossary().values()):
        assert any(line.startswith(f"{term.name:>17}  {term.meaning[0]}") for line in lines)
        assert all(ASCII.say(text).isascii() for text in term)


async def test_the_palette_has_every_command_of_its_screen_in_their_order_with_its_key(opened: Opened) -> None:
    async with opened(size=(80, 24)) as ui:
        for screen in SCREENS:
            await ui.press("ctrl+p")
            assert isinstance(ui.app.screen, Finder)
            options = ui.app.screen.query_one(OptionList)
            rows = [" ".join(str(option.prompt).split()) for option in options.options]
            pane = "trace" if screen == TRACE else "parameters"
            wanted = [(name, some) for name, some in sections(screen, pane) if screen in some[0].screens]
            assert [row for row in rows if row != "themes"] == [
                row
                for name, some in wanted
                for row in (name, *(f"{entry.label} {entry.shown}" for entry in some if entry.id != "palette"))
            ]
            assert len({str(option.prompt).rstrip()[-1:] for option in options.options}) > 1
            assert {len(str(option.prompt)) for option in options.options if not option.disabled} == {66}
            assert options.highlighted == 1
            await ui.press("escape")
            await ui.press("x")


async def test_without_unicode_the_palette_and_the_help_spell_their_keys(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chainstep.tui.theme.shows_unicode", lambda: False)
    async with opened() as ui:
        await ui.press("ctrl+p")
        rows = [str(option.prompt) for option in ui.app.screen.query_one(OptionList).options]
        assert [row for row in rows if not row.isascii()] == []
        assert {"back left", "step right"} <= {" ".join(row.split()) for row in rows}
        await ui.press("escape", "?")
        assert "".join(ui.text(ui.app.screen.query_one("#page"))).isascii()


async def test_a_command_is_found_in_the_palette_by_its_name(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("ctrl+p", *"reseed", "enter")
        await ui.until(lambda: ui.session.settings.seed == 1338)
        await ui.press("ctrl+p", "down", "down", "up", "enter")  # the second of the parameters' own
        await ui.until(lambda: ui.session.settings.frozen == (0,))
