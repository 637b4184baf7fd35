"""What if it were wrong: the switches break the session's training, and say how. Must not know how that is proved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.widgets import OptionList, Static

from chainstep.engine.training.commands import Forward, SetKnob
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.mistakes import MISTAKES
from chainstep.tui.dialogs.debugger.compared import Compared
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.canvas.numbers import loss
from support.sessions import numbers_of

NOT_KEPT = "a network's graph is not kept"

Opened = Callable[..., Any]


def listed(ui: Any) -> list[str]:
    return [" ".join(str(option.prompt).split()) for option in ui.app.screen.query_one(OptionList).options]


async def test_every_mistake_has_a_switch_and_says_when_it_acts(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("m")
        for row, mistake in zip(listed(ui), MISTAKES.values(), strict=True):
            when = "restarts" if mistake.restarts else "from the next step on"
            assert row == f"○ {mistake.label} {NOT_KEPT if mistake.kept else when}"
        for mistake in (mistake for mistake in MISTAKES.values() if not mistake.kept):
            assert ui.told("#story") == mistake.words
            await ui.press("down")


async def test_a_switch_breaks_training_and_proves_it(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("m", "space", "escape")
        assert ui.session.settings.mistakes == () or ui.session.step == 0
        for _ in range(3):
            ui.session.apply(Forward("step"))
        assert ui.session.settings.mistakes == ("no_zero_grad",)
        await ui.press("m")
        (proof,) = [mistake.proof for mistake in ui.session.snapshot({"proof"}).mistakes]
        assert proof
        assert listed(ui)[0].startswith("● zero_grad forgotten acts")
        assert listed(ui)[0].endswith(proof)
        await ui.press("right", "space")
        assert listed(ui)[0].startswith("○ zero_grad forgotten")


async def test_several_are_on_at_once_and_one_goes_alone(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("m", "space", "down", "down", "down", "enter")
        assert [row[0] for row in listed(ui)] == list("●○○○●○○○")
        await ui.press("home", "space")
        assert [row[0] for row in listed(ui)] == list("○○○○●○○○")
        ui.session.apply(Forward("step"))
        assert ui.session.settings.mistakes == ("flipped",)


async def test_with_every_mistake_on_the_dialog_is_still_whole(opened: Opened) -> None:
    async with opened() as ui:
        ui.session.apply(
            SetKnob("mistakes", every := tuple(name for name, mistake in MISTAKES.items() if not mistake.kept))
        )
        ui.session.apply(Forward("step", 3))
        await ui.press("m")
        assert ui.session.settings.mistakes == every
        (box,) = ui.app.screen.query(".dialog")
        for part in ("#story", ".error", ".keys"):
            assert box.region.contains_region(ui.app.screen.query_one(part).region)


async def test_a_mistake_in_the_first_weights_restarts(opened: Opened) -> None:
    async with opened() as ui:
        ui.session.apply(Forward("step"))
        await ui.press("m", *["down"] * 4, "space")
        assert ui.session.step == 0
        assert set(ui.session.parameters) == {0.0}


async def test_what_a_formula_cannot_get_wrong_is_grey_and_says_why(opened: Opened) -> None:
    async with opened("expression") as ui:
        await ui.press("m", "end", "space")
        options = ui.app.screen.query_one(OptionList).options
        for row, option, mistake in zip(listed(ui), options, MISTAKES.values(), strict=True):
            assert option.disabled == mistake.layered
            assert row.endswith("an expression has no layers") == mistake.layered
        assert ui.told(".error") == ""
        assert not {name for name in ui.session.snapshot(()).pending.get("mistakes", ()) if MISTAKES[name].layered}


async def test_both_curves_show_that_it_works_here_and_not_at_other_rates(opened: Opened) -> None:
    async with opened() as ui:
        ui.session.apply(Forward("step", 3))
        before = numbers_of(ui.session)
        await ui.press("m", "v")
        dialog = ui.app.screen
        assert isinstance(dialog, Compared)
        await ui.until(lambda: dialog._runs.complete and "…" not in str(dialog.query_one("#there", Static).content))
        rows = [" ".join(row.split()) for row in str(dialog.query_one("#there", Static).content).split("\n")]
        right, wrong = begun(), begun(mistakes=("no_zero_grad",))
        ends = [f"{loss(session.final_loss()[0])}" for session in (right, wrong)]
        assert rows[0] == "loss after 20 steps as it should be zero_grad forgotten"
        assert rows[1] == f"at lr 0.1 {ends[0]} {ends[1]}"
        assert rows[2].startswith("at lr 0.3 ")
        assert "zero_grad forgotten + as it should be" in ui.text(dialog.query_one("#curve"))[0]
        assert numbers_of(ui.session) == before
        await ui.press("l", "v", "down", "down", "down", "down", "v")
        assert "another network" in ui.told(".error")


def begun(**knobs: object) -> Session:
    """A session of the lecture that is trained to its end."""
    session, _ = open_subject("lecture", overrides=knobs)
    session.train(10_000, 20)
    return session


async def test_proofs_are_made_only_while_they_are_looked_at(opened: Opened) -> None:
    async with opened() as ui:
        assert "proof" not in ui.train.parts()
        await ui.press("m")
        assert "proof" in ui.train.parts()
        await ui.press("escape")
        assert "proof" not in ui.train.parts()
