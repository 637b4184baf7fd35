"""The list of a script's moments, and what it printed, at the keyboard. Must not know how either is drawn."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import OptionList, TextArea

from chainstep.engine.training.setup.data import UNTOUCHED
from chainstep.tui.app import ChainstepApp
from chainstep.tui.dialogs.script.moments import MOST, Moments, drawn, rows
from chainstep.tui.files.runs import resume
from chainstep.tui.files.subjects.script import on_recording
from support.scripts.recordings import trained
from support.scripts.scenes import two_graphs


def test_a_row_has_line_loss_nodes_and_how_it_agrees() -> None:
    table = rows(trained(2, assigns="tanh"))
    text = [row.plain for row in drawn(table, 100)]
    assert len(text) == 2
    assert all(len(line) <= 100 for line in text)
    assert text[0].split() == [
        "1",
        "line",
        "20",
        "loss.backward()",
        "0.6640",
        "6",
        "nodes",
        "right",
        "to",
        "the",
        "bit",
    ]
    assert [len(row.plain) <= 40 for row in drawn(table, 40)] == [True, True]


def test_very_many_moments_are_listed_run_by_run() -> None:
    (row,) = rows(trained(MOST + 1))
    assert (row.first, row.moments) == (0, MOST + 1)


async def test_moments_are_opened_by_the_list_and_one_by_one() -> None:
    """Two lines of a script call backward(), the first of them twice, in a loop."""
    session, source = on_recording(two_graphs(), "/home/me/two.py", 0)
    app = ChainstepApp(session, source)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("9")
        await app.workers.wait_for_complete()
        assert (app.runner.session.step, app.runner.session.op) == (1, 0)
        await pilot.press("9")
        await pilot.pause()
        assert app.runner.session.labels == ("a",)
        assert app.runner.session is not session
        await pilot.press("9")
        assert "last backward()" in app.stage.said.text  # type: ignore[union-attr]
        await pilot.press("0")
        assert isinstance(app.screen, Moments)
        assert app.screen.query_one(OptionList).highlighted == 2
        await pilot.press("up", "enter")
        await pilot.pause()
        assert app.runner.session.labels == ("w1", "b")
        assert app.runner.session.step == 1
        await pilot.press("8")
        await pilot.pause()
        assert app.runner.session.step == 0
        await pilot.press("8")
        assert "first backward()" in app.stage.said.text  # type: ignore[union-attr]
        await pilot.press("7")
        assert app.screen.query_one(TextArea).text == "step 0\nstep 1"
        await pilot.press("escape", "right", "right")
        for key in ("e", "E", "F", "i", "k"):
            await pilot.press(key)
            assert (app.screen, app.stage.said.text) == (app.stage, UNTOUCHED)  # type: ignore[union-attr]
            await pilot.press("left")


async def test_a_run_on_a_script_is_resumed_without_it() -> None:
    session, source = on_recording(two_graphs(), "/nowhere/two.py", 2)
    app = ChainstepApp(session, source)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "right")
    app.settle(lambda words: True)

    resumed = resume()

    assert (resumed.session.op, resumed.session.labels) == (2, ("a",))
    assert resumed.source.kind == "script"
    assert resumed.session.subject == session.subject or resumed.session.subject.moments == (2,)  # type: ignore[union-attr]
    if resumed.file is not None:
        resumed.file.close()


async def test_keys_of_scripts_say_where_there_is_none() -> None:
    from chainstep.tui.files.subjects.opening import open_subject

    app = ChainstepApp(*open_subject("lecture"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("0")
        assert app.stage.said.text == "there is no script here: chainstep FILE.py runs one"  # type: ignore[union-attr]


SCRIPT = """
import sys
from chainstep.engine import Value
a = Value(float(sys.argv[1]))
b = a * a
b.backward()
print("done")
"""


async def test_a_script_is_run_again_when_it_was_said_what_runs(tmp_path: Path) -> None:
    script = tmp_path / "square.py"
    script.write_text(SCRIPT)
    app = ChainstepApp(*on_recording(two_graphs(), str(script), None, {"arguments": ["3"], "python": ""}))
    script.write_text(SCRIPT.replace("a * a", "a * a * a"))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f5")
        assert "has changed" in app.stage.said.text  # type: ignore[union-attr]
        await pilot.press("f5")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert len(app.runner.session.run.stepper.program.tape) == 2
        assert app.runner.session.parameters == (3.0,)
        assert "1 backward()" in app.stage.said.text  # type: ignore[union-attr]


async def test_what_trains_anew_is_refused_for_a_script() -> None:
    app = ChainstepApp(*on_recording(two_graphs(), "/nowhere/two.py", 0))
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("T", "m", "I", "plus"):
            await pilot.press(key)
            assert app.screen is app.stage
            assert "run it again" in app.stage.said.text  # type: ignore[union-attr]
        await pilot.press("M")
