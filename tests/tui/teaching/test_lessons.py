"""A lesson in the app: what it says, lights, covers and asks, and how one comes back to it. Must not know how an answer
is judged.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from textual.widgets import OptionList

from chainstep.engine.training.commands import Forward
from chainstep.tui.commands import ENTRIES
from chainstep.tui.commands.entry import Entry
from chainstep.tui.dialogs.program.finder import Finder
from chainstep.tui.dialogs.program.lessons import Lessons
from chainstep.tui.files.lessons.kept import kept_file
from tests.tui.conftest import Ui

Taught = Callable[..., Any]

LESSON = """
id = "plus"
title = "Why +="
idea = "Gradients add up."
setup = ["expr", "a*a", "a=3"]
can = "You can say why it is +=."

[[beat]]
say = "Here a feeds one product twice. Run to the backward pass."
show = ["pane network", "node a"]
do = "phase"
words = "forward is done, backward is next"
until = 'phase == "backward"'

[[beat]]
ask = "What will a.grad be?"
show = ["number a.grad", "pane samples"]
answer = "a.grad"
then = ["update"]
hint = "Count the wires that leave a."
tell = "The paths add up."
[[beat.wrong]]
answer = 'mistake("overwrite", a.grad)'
words = "You let the second wire overwrite the first."

[[beat]]
ask = "With = in place of +=, a keeps"
show = ["pane loss"]
cover = ["pane parameters"]
[[beat.choice]]
text = "what the last use writes"
right = "a.grad == 6"
[[beat.choice]]
text = "the sum all the same"
right = "a.grad == 5"
words = "Nothing adds the two."

[[beat]]
say = "Look at it line by line."
screen = "trace"
"""


async def beat(ui: Ui, number: int, stage: str) -> None:
    await ui.until(lambda: (ui.app.stage.lesson.beat, ui.app.stage.lesson.stage) == (number, stage))


async def test_it_leads_asks_and_comes_back(taught: Taught) -> None:
    async with taught(LESSON) as ui:
        assert ui.rows("lesson")[0].startswith("╭ Why += ─")
        assert "beat 1 of 4" in ui.rows("lesson")[0]
        assert "▷ enter forward is done, backward is next" in ui.line("lesson")
        assert ui.rows("network")[0].startswith("┏ » Graph ━"), "what is looked at is lit, and not behind its curve"
        assert "a«" in ui.line("network")
        await ui.press("enter", "enter")
        await beat(ui, 1, "done")
        assert "✓ ▷ 5 go on" in ui.line("lesson")
        assert ui.rows("network")[0].startswith("┏"), "it stays lit until one goes on"
        await ui.press("5")
        await beat(ui, 2, "ask")
        here = ui.session.op, ui.snapshot.position.phase
        await ui.press("K")
        assert "nudges tell what is asked" in ui.line("keys"), "no dialog gives away what the panes cover"
        assert ui.app.screen is ui.train
        await ui.press("T")
        assert "a range test tells what is asked" in ui.line("keys")
        await ui.press("P")
        assert "their numbers tell what is asked" in ui.line("keys"), "nor does a file"
        assert not ui.app.stage._exporting
        assert ui.app.screen is ui.train
        await ui.until(lambda: "?" not in ui.line("network"))  # what it is before is no answer
        await ui.press("z", "3", "enter")
        await ui.until(lambda: "✗ Not 3." in ui.line("lesson"))
        assert "5 go on" not in ui.line("lesson"), "5 is a digit of the answer now"
        assert "You let the second wire overwrite the first." in ui.line("lesson")
        await ui.press("escape", "right", "right")
        await ui.until(lambda: "backspace back to the lesson" in ui.line("lesson"))
        assert "?" in ui.line("network"), "wherever one goes, what is asked for is covered"
        assert "6.0" not in ui.line("network") + ui.line("chain-rule")
        await ui.press("backspace")
        await ui.until(lambda: (ui.session.op, ui.snapshot.position.phase) == here)
        assert "backspace" not in ui.line("lesson")
        await ui.press("z", *"2*3", "enter")
        await beat(ui, 2, "answered")
        assert "✓ Right: 6. The paths add up." in ui.line("lesson")
        assert ui.snapshot.position.phase == "update", "then the panes show it"
        assert "+6.0" in ui.line("network")
        assert not ui.app.saver.last_words, "what a lesson is shown on is nobody's run"
    assert [event["event"] for event in kept()] == ["reached", "reached", "answered", "answered"]


def kept() -> list[dict[str, object]]:
    return [json.loads(line) for line in kept_file().read_text().splitlines()]


async def test_a_choice_a_covered_pane_the_other_screen_and_the_end(taught: Taught) -> None:
    async with taught(LESSON) as ui:
        await ui.press("5")
        await beat(ui, 2, "ask")
        assert "best seen" not in ui.line("lesson"), "a pane that is not made yet stands on no other screen"
        await ui.press("ctrl+y")
        await beat(ui, 2, "answered")
        await ui.press("5")
        await beat(ui, 3, "ask")
        await ui.until(lambda: ui.region("loss") and "» " in ui.rows("loss")[0])
        await ui.press("1")
        assert ui.train.lesson.verdict is None, "a digit is the card's, before one goes to the answer"
        await ui.press("z", "down")
        await ui.until(lambda: "▸ 2" in ui.line("lesson"))
        op = ui.session.op
        await ui.press("enter")
        await ui.until(lambda: "Not the sum all the same. Nothing adds the two." in ui.line("lesson"))
        await ui.press("1")
        await beat(ui, 3, "answered")
        assert ui.session.op == op
        await ui.press("5")
        await beat(ui, 4, "say")
        assert "x trace: best seen there" in ui.line("lesson")
        await ui.press("x")
        await ui.until(lambda: "Look at it line by line" in ui.line("lesson"))
        assert "best seen" not in ui.line("lesson")
        await ui.press("5")
        await beat(ui, 4, "end")
        assert "You can say why it is +=." in ui.line("lesson")
        await ui.press("G")
        await ui.until(lambda: ui.app.guide is None)
        assert not ui.region("lesson")


async def test_a_pane_that_would_give_the_answer_away_is_covered(taught: Taught) -> None:
    async with taught(LESSON, (120, 36)) as ui:
        await ui.press("5", "5")
        await beat(ui, 3, "ask")
        await ui.until(lambda: "? until you have answered" in ui.line("parameters"))
        assert "3.0" not in ui.line("parameters")
        await ui.press("z", "1")
        await ui.until(lambda: "+3.0" in ui.line("parameters"))


async def test_the_list_opens_a_lesson_and_goes_on_where_one_left(taught: Taught) -> None:
    async with taught(LESSON, listed=True) as ui:
        await ui.until(lambda: isinstance(ui.app.screen, Lessons))
        assert ui.told("#story") == "Gradients add up."
        assert "new" in str(ui.app.screen.query_one(OptionList).get_option_at_index(0).prompt)
        await ui.press("enter")
        await ui.until(lambda: "Here a feeds" in ui.line("lesson"))
        await ui.press("5")
        await beat(ui, 2, "ask")
        await ui.press("G", "ctrl+n")
        await ui.until(lambda: isinstance(ui.app.screen, Lessons))
        assert "begun" in str(ui.app.screen.query_one(OptionList).get_option_at_index(0).prompt)
        ui.session.apply(Forward("step", 3))
        await ui.press("enter")
        await beat(ui, 2, "ask")
        await ui.until(lambda: ui.session.step == 0)


async def test_what_is_merely_looked_at_counts_too_and_keys_go_on_from_it(taught: Taught) -> None:
    finer = 'go = ["h 1"]\nsay = "Make h smaller."\ndo = "finer_h"\nuntil = "h < 0.05"\nway = ["h 0.01"]\n'
    text = f"{LESSON.split('[[beat]]')[0]}[[beat]]\nsay = 'Here a feeds'\n[[beat]]\n{finer}"
    async with taught(text) as ui:
        await ui.press("5")
        await beat(ui, 2, "do")
        await ui.press("right_curly_bracket")
        assert ui.session.inspector.plotting.quotient.h == 0.1
        assert ui.app.stage.lesson.stage == "do"
        await ui.press("right_curly_bracket")
        await beat(ui, 2, "done")


async def test_what_only_opens_something_is_done_by_key_palette_and_mouse_and_the_session_stays(taught: Taught) -> None:
    wanted = [entry.id for entry in ENTRIES if entry.opens]
    beats = "".join(f'[[beat]]\nsay = "Look."\ndo = "{name}"\n' for name in wanted)
    head = LESSON.split("[[beat]]")[0].replace('["expr", "a*a", "a=3"]', '["lecture"]')
    async with taught(f"{head}[[beat]]\nsay = 'Here a feeds'\n{beats}") as ui:
        before = ui.session.step, ui.session.op, ui.session.settings
        for number, entry in enumerate((entry for entry in ENTRIES if entry.opens), 2):
            await ui.press("5")
            await beat(ui, number, "do")
            await _open(ui, entry, ("key", "palette", "click")[number % 3])
            await ui.until(lambda: ui.app.screen is not ui.train)
            await beat(ui, number, "done")
            await ui.press("escape")
            await ui.until(lambda: ui.app.screen is ui.train)
            assert ui.train.lesson.at_lesson
        assert (ui.session.step, ui.session.op, ui.session.settings) == before


async def _open(ui: Ui, entry: Entry, way: str) -> None:
    """Ask for what a command opens."""
    if way == "key":
        await ui.press(entry.keys.split(",")[0])
    elif way == "palette":
        await ui.press("ctrl+p")
        await ui.until(lambda: isinstance(ui.app.screen, Finder))
        await ui.press(*("space" if letter == " " else letter for letter in entry.label), "enter")
    else:
        await ui.train.run_action(entry.action)  # as a click in the footer does
