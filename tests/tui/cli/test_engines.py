"""The engine that the environment asks for plays, or one line says why not. Takes llvmlite where that is there."""

from __future__ import annotations

import asyncio
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from chainstep.engine.training.setup.settings import SettingsError
from chainstep.engine.training.step.compilation import Compilation
from chainstep.tui import native
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.playback import bytecode
from chainstep.tui.playback.straight import advance
from support.command_line import Run

with_llvm = pytest.mark.skipif(find_spec("llvmlite") is None, reason="there is no llvmlite")


def test_the_events_name_the_engine(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Compilation, "refused", False)
    engines = {}
    for name in ("python", "replay"):
        monkeypatch.setenv(native.VARIABLE, name)
        ran = run("train", "lecture", "--steps", "5", "--json")
        engines[name] = ran.records[0]["engine"], ran.records[-1]["engine"]
        losses = [record["loss"] for record in ran.records[1:]]
        assert losses == engines.setdefault("losses", losses)
    assert (engines["python"], engines["replay"]) == (("python", "python"), ("replay", "replay"))


@pytest.mark.parametrize("name", ["fast", "native"])
def test_what_there_is_not_is_one_line(run: Run, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(native.VARIABLE, name)
    monkeypatch.setattr(native, "present", lambda: False)
    ran = run("train", "lecture", "--steps", "5")
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ("chainstep[native]" if name == "native" else "none of native, python, replay") in ran.err


@with_llvm
@pytest.mark.skipif(sys.platform != "linux", reason="no list of what a process has mapped")
def test_llvm_does_not_stay_in_memory_and_can_be_called_again() -> None:
    for what in ("lecture", "xor"):
        session, _ = open_subject(what)
        assert native.make_beside(session) == ""
        session.train(10**5, 50)
        assert session.engine == "native"
    kept = dict[str, int]()
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8", errors="replace").splitlines():
        if re.match(r"[0-9a-f]+-", line):
            mapped = line
        elif line.startswith("Rss:") and "r-xp" in mapped and "libllvmlite" in mapped:
            kept[mapped] = int(line.split()[1])
    assert len(kept) == 1
    assert sum(kept.values()) < 8_000  # of 55,000 kB
    native.give_back(Path("nowhere"))


def test_the_text_for_llvm_takes_no_llvm(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "present", lambda: False)
    printed = run("source", "lecture", "--llvm")
    assert printed.status == 0
    assert "define i64 @train(ptr noalias %frame)" in printed.out
    assert run("source", "lecture", "--asm").status == 2


@with_llvm
def test_machine_code_plays_the_very_steps(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run("train", "iris", "--steps", "40", "--json", "--optimizer", "adam").records
    monkeypatch.setenv(native.VARIABLE, "native")
    records = run("train", "iris", "--steps", "40", "--json", "--optimizer", "adam").records
    assert (records[0]["engine"], records[-1]["engine"]) == ("native", "native")
    assert records[1:-1] == plain[1:-1]
    assert records[-1] | {"engine": ""} == plain[-1] | {"engine": ""}
    assert "train:" in run("source", "iris", "--asm").out


@with_llvm
def test_what_does_not_prove_itself_does_not_play(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(native.VARIABLE, "native")
    made = native.Machine
    monkeypatch.setattr(
        native, "Machine", lambda text: made(text.replace("libm_tanh(double %a)", "libm_sin(double %a)"))
    )
    ran = run("train", "lecture", "--steps", "5")
    assert ran.status == 2
    assert "machine code differs: tanh(" in ran.err
    session, _ = open_subject("lecture")
    assert native.make(session)
    session.train(20)
    position = session.snapshot(()).position
    assert position.engine.startswith("python: machine code differs")


@with_llvm
def test_a_long_run_goes_over_to_it_and_a_short_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = open_subject("lecture", None, {"steps": 10_000})
    making = native.Making(session)
    making.consider(0.1, 60.0)
    making.consider(60.0, 0.1)
    assert making._thread is None
    advance(session, 10, lambda first: None)
    assert session.engine == "python"
    making.consider(1.0, 1.0)
    assert making._thread is not None
    making._thread.join()
    advance(session, 20, lambda first: None)
    assert session.engine == "native"


@with_llvm
async def test_playing_goes_over_to_it_and_the_header_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytecode, "MACHINE_CODE_AFTER", 0.0)
    session, _ = open_subject("lecture")
    compiling = bytecode.Compiling()
    session.compilation.make()
    compiling.schedule(session)
    task = compiling._background.task
    assert task is not None
    await asyncio.wait([task])
    session.train(40)
    assert session.snapshot(()).position.engine == "native"
    await compiling.close()


def test_an_engine_is_named_rightly() -> None:
    assert native.wanted({}) == ""
    with pytest.raises(SettingsError, match="none of"):
        native.wanted({native.VARIABLE: "rust"})
