"""A follower's screen: it goes where the teacher goes, is looked at as one likes, forks off and comes back. Must not
know how messages come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from unittest import mock

import pytest

from chainstep.engine.training.commands import Back, Forward, Goto, RunTo, SetKnob
from chainstep.tui.app import ChainstepApp
from chainstep.tui.classroom.following.joining import Joined, join
from chainstep.tui.classroom.sharing.subject import subject_of
from chainstep.tui.files import runs
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.teaching.question import question
from support.classroom.shared import shared, until
from support.sessions import standing

pytestmark = pytest.mark.usefixtures("runtime")


def followed(joined: Joined) -> ChainstepApp:
    app = ChainstepApp(joined.session, joined.source)
    app.meet(None, joined)
    return app


async def test_it_goes_where_the_teacher_goes_forks_off_and_comes_back(
    shown: Callable[..., AbstractAsyncContextManager[object]],
) -> None:
    async with shared("xor", steps=2_000) as teacher:
        joined = await asyncio.to_thread(join, None)
        async with shown(followed(joined)) as ui:  # type: ignore[attr-defined]

            async def told(*commands: object) -> None:
                for command in commands:
                    teacher.session.apply(command)  # type: ignore[arg-type]
                teacher.sharer.changed()
                await ui.until(lambda: standing(ui.session) == standing(teacher.session))

            await ui.until(lambda: "following" in ui.line("header"))
            assert "somebody else leads" in ui.line("chain-rule")
            assert "nothing yet" in ui.line("loss")
            with mock.patch.object(ui.app.runner, "lead", wraps=ui.app.runner.lead) as led:
                await told(Forward("op", 3), SetKnob("lr", 0.3))
            assert [call.kwargs for call in led.call_args_list] == [{"shown": False}]  # of both there is one picture
            await told(Forward("phase", 2), Goto(9), Back("step"))
            # Looking is one's own; what would change the session is refused.
            picture = ui.line("network")
            await ui.press("p", "right", "space", "plus")
            assert ui.line("network") != picture
            assert ui.messages[-1].endswith("leads here: w forks off, and the session is yours")
            for key in ("e", "E", "F", "k", "m", "b", "g"):
                ui.messages.clear()
                await ui.press(key)
                assert ui.messages[-1].endswith("the session is yours"), key
                assert not ui.app.screen.is_modal, key
            await ui.press("p")
            assert {"space", "→", "e", "b"}.isdisjoint(ui.line("keys").split())
            assert "w fork" in ui.line("keys")
            assert standing(ui.session) == standing(teacher.session)
            teacher.playing = True
            teacher.session.apply(Goto(500))
            teacher.sharer.changed()
            await ui.until(lambda: "step 501" in ui.line("header") and "s ago" in ui.line("header"))
            teacher.playing = False
            await told()
            await ui.until(lambda: "ago" not in ui.line("header"))
            assert runs.listed().rows == []

            await ui.press("w")
            await ui.until(lambda: "following" not in ui.line("header"))
            await until(lambda: teacher.sharer.count == 0)
            teacher.session.apply(Forward("step"))
            await ui.press("right")
            assert (ui.session.step, ui.session.op) == (500, 1)
            assert "space play" in ui.line("keys")
            await ui.press("f7")
            await ui.until(lambda: "following" in ui.line("header"))
            assert [row.step for row in runs.listed().rows] == [500]
            await told(Forward("op"))

            # Whoever opens something else has it, and is led away from it no more.
            await ui.press("o", "enter")
            await ui.until(lambda: ui.messages[-1].endswith("no more: F7 comes back"))
            await until(lambda: teacher.sharer.count == 0)
            assert "following" not in ui.line("header")
            await ui.press("right")
            assert (ui.session.step, ui.session.op) == (0, 1)
            await ui.press("f7")
            await ui.until(lambda: "following" in ui.line("header"))
            await told(Forward("op"))

            other, source = open_subject("lecture")
            teacher.session, teacher.subject = other, subject_of(other, source, leave=False)
            await told()
            teacher.sharer.stop()
            await ui.until(lambda: "shares it no more" in ui.messages[-1])
            await ui.press("right")
            assert ui.session.op == 1


async def test_a_question_stands_beside_the_panes_until_what_is_right_is_shown(
    shown: Callable[..., AbstractAsyncContextManager[object]],
) -> None:
    async with shared("lecture") as teacher:
        teacher.session.apply(RunTo("backward L2.n1"))
        joined = await asyncio.to_thread(join, None)
        async with shown(followed(joined)) as ui:  # type: ignore[attr-defined]
            await ui.until(lambda: "following" in ui.line("header"))
            asked = question(teacher.session.snapshot({"next"}).next)
            assert asked is not None
            teacher.sharer.ask(f"What will {asked.target} be?", asked.target, asked.rule, asked.after, asked.worked)
            await ui.until(lambda: f"What will {asked.target} be?" in ui.line("lesson"))
            assert "show it" not in ui.line("lesson")
            await ui.press("ctrl+y")
            await ui.until(lambda: "shown to all at once" in ui.line("lesson"))
            await ui.press("z")
            await ui.type("nonsense")
            await ui.until(lambda: "nonsense" in ui.line("lesson"))
            await ui.type(repr(asked.after))
            await until(lambda: [*teacher.sharer.questions.answers.values()] == [asked.after])
            await ui.until(lambda: "You have answered" in ui.line("lesson"))
            assert "G put it away" in ui.line("lesson")
            assert "go on" not in ui.line("lesson")
            teacher.sharer.reveal()
            await ui.until(lambda: asked.worked.split()[0] in ui.line("lesson"))
            assert "G put it away" in ui.line("lesson")
            await ui.press("G")
            await ui.until(lambda: not ui.app.screen.query("LessonPane"))


async def test_ones_own_data_is_not_seen_without_leave(
    shown: Callable[..., AbstractAsyncContextManager[object]], tmp_path: Path
) -> None:
    table = tmp_path / "own.csv"
    table.write_text("a,b\n" + "\n".join(f"{n},{n * n % 7}" for n in range(40)))
    async with shared(str(table), "b") as teacher:
        joined = await asyncio.to_thread(join, None)
        async with shown(followed(joined)) as ui:  # type: ignore[attr-defined]
            await ui.until(lambda: "works on own.csv, which is not shown to others" in " ".join(ui.messages))
            assert ui.session.subject.name == "lecture"
            teacher.subject = subject_of(teacher.session, open_subject(str(table), "b")[1], leave=True)
            teacher.sharer.changed()
            await ui.until(lambda: "own.csv" in ui.line("header"))
            # A kiosk's limits hold of what is led, too.
            ui.app.runner.limits.parameters = 5
            teacher.session.apply(Forward("op"))
            teacher.sharer.changed()
            await ui.until(lambda: "parameters are too many here" in ui.messages[-1])
            assert "yours, as it stood" in ui.messages[-1]
            await until(lambda: teacher.sharer.count == 0)
            await ui.press("f7")
            await ui.until(lambda: ui.messages[-1].endswith("is for 5"))
            await until(lambda: teacher.sharer.count == 0)
