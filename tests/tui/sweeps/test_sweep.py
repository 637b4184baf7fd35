"""Runs that are trained, in whichever order, are those that `train` trains; what dies is tried again, what is stopped
goes on. Must not know the command line.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from multiprocessing.spawn import get_preparation_data
from pathlib import Path
from queue import SimpleQueue
from types import ModuleType

import pytest

from chainstep.engine.training.analysis.lr_finder import LOWEST
from chainstep.tui.files.store.errors import RunError
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from chainstep.tui.playback.straight import train_to_end
from chainstep.tui.render.sweep.groups import best, groups
from chainstep.tui.sweeps import kept
from chainstep.tui.sweeps.outcome import MOST_POINTS, Outcome
from chainstep.tui.sweeps.plans import plan
from chainstep.tui.sweeps.pools.local import Here, Pool, Processes, _no_main
from chainstep.tui.sweeps.spec import Knobs, Spec, of_words
from chainstep.tui.sweeps.subject import Subject, own_knobs
from chainstep.tui.sweeps.sweep import Sweep
from support.cases import each


def subject(what: str = "lecture", target: str | None = None) -> Subject:
    return Subject.of(*open_subject(what, target))


def swept(
    of: Subject, spec: Spec, pool: Pool, done: Sequence[Outcome] = (), most: int = 1_000, said: list[str] | None = None
) -> Sweep:
    """A sweep that has come to its end, or to so many outcomes, at which it is stopped."""
    news = SimpleQueue[Callable[[], None]]()
    said = [] if said is None else said
    sweep = Sweep(plan(spec, done), pool, news.put, lambda _: None, said.append, done)
    sweep.start()
    while not sweep.complete and len(sweep.outcomes) < most:
        news.get(timeout=30)()
    if not sweep.complete:
        sweep.stop()
    return sweep


def trained(what: str, **knobs: object) -> tuple[object, ...]:
    """Steps, loss, accuracy and test loss as `train` tells them."""
    session, _ = open_subject(what, overrides=knobs)
    train_to_end(session, lambda _: None)
    test = session.test()
    return (session.step, *session.final_loss(), None if test is None else test[0])


# --- the same numbers


@each(
    ("what", "words"),
    [
        ("lecture", "--lr 0.03..0.1 --seed 3,4 --steps 7"),
        ("moons", "--hidden 4,4 --hidden none --activation tanh --batch-size 9 --optimizer adam --steps 6"),
        ("wonderland", "--seed 1..2"),
    ],
)
def test_a_run_is_what_train_makes_of_its_settings(what: str, words: str) -> None:
    outcomes = swept(subject(what), of_words(words, {}), Here(subject(what))).outcomes

    assert len(outcomes) >= 2
    for run in outcomes:
        assert (run.steps, run.loss, run.accuracy, run.test_loss) == trained(what, **run.knobs)
        assert run.curve[-1] == (run.steps, run.loss)
        assert len(run.curve) <= MOST_POINTS + 1


def test_processes_give_the_same_bits_and_end_when_they_are_let_go_of(tmp_path: Path) -> None:
    rows = "\n".join(f"{k % 7},{k % 5 / 3},{'ab'[k % 3 == 0]}" for k in range(60))
    (tmp_path / "t.csv").write_text(f"x,y,side\n{rows}\n", encoding="utf-8")
    of, spec = subject(str(tmp_path / "t.csv"), "side"), of_words("--lr 0.01,0.1 --steps 5", {})
    many, one = Processes(of, 4, 2), Here(of)  # no more of them than there are runs
    for process in [process for pool in many._idle for process in pool._processes]:
        os.kill(process, signal.SIGINT)  # as ctrl+c, which a terminal sends to all, while they still load

    there, here = swept(of, spec, many), swept(of, spec, one)

    assert many.where == "2 processes"
    assert {run.loss: run for run in there.outcomes} == {run.loss: run for run in here.outcomes}
    assert len(here.outcomes) == 2
    assert all(run.error is None and run.test_loss is not None for run in here.outcomes)


def test_a_process_begins_without_the_program_that_has_it_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which may have no main guard, or be typed into an interpreter."""
    program = ModuleType("__main__")
    program.__file__ = "program.py"
    monkeypatch.setitem(sys.modules, "__main__", program)
    with _no_main():
        assert "init_main_from_path" not in get_preparation_data("worker")
    assert "init_main_from_path" in get_preparation_data("worker")


def test_a_subject_travels_as_plain_data(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,y\n" + "\n".join(f"{k},{k * k}" for k in range(30)), encoding="utf-8")
    expression = Subject.of(*open_expression("a*a + b", {"a": 2.0, "b": 1.0}))
    for of in (subject(), subject(str(tmp_path / "t.csv"), "y"), expression):
        there = Subject.unpack(pickle.loads(pickle.dumps(of.pack())))
        assert there.open({"lr": 0.5})[0].parameters == of.open({"lr": 0.5})[0].parameters
    (tmp_path / "t.csv").unlink()
    assert there.open({})[0].labels == ("a", "b")


def test_a_rate_test_and_a_sweep_measure_the_same_loss() -> None:
    """Both begin with the first weights of the seed, and take the loss over the training samples, penalties included,
    before an update: a sweep's run of one step ends with what the test measures at its second, and the rate that the
    test suggests is a good one in the sweep, and better than that with which the test ended.
    """
    for what in ("lecture", "moons"):
        session, _ = open_subject(what)
        test = session.range_test()
        for _ in test.work(lambda: 1_000):
            pass
        constant = {"schedule": "constant"}
        one = swept(subject(what), of_words(f"--lr {LOWEST} --steps 1", constant), Here(subject(what))).outcomes[0]
        assert one.curve[0][1] == test.tried[0].loss
        assert one.loss == test.tried[1].loss

        assert test.suggestion is not None
        rates = test.suggestion.rate, test.tried[-1].rate
        words = f"--lr {','.join(map(repr, rates))} --steps 30"
        good, bad = swept(subject(what), of_words(words, constant), Here(subject(what))).outcomes
        assert good.loss is not None
        assert good.loss < test.tried[0].loss / 2
        assert bad.loss is not None
        assert not bad.loss < good.loss


# --- what goes wrong


def test_a_run_that_cannot_be_costs_no_other() -> None:
    sweep = swept(subject(), of_words("--lr 0,0.1 --steps 2", {}), Here(subject()))

    assert [run.error for run in sweep.outcomes] == ["lr must be finite and above 0, not 0.0", None]
    assert sweep.outcomes[0].row() == {"event": "failed", "lr": 0.0, "error": sweep.outcomes[0].error}
    assert sweep.failed == 1
    assert best(sweep.outcomes) is sweep.outcomes[1]
    assert [group.knobs for group in groups(sweep.outcomes, ["lr"])] == [{"lr": 0.1}, {"lr": 0.0}]


class Dying(Here):
    """Its worker dies in the first runs with some seed."""

    size = 2

    def __init__(self, of: Subject, seed: int, times: int, error: type[BaseException] = BrokenExecutor) -> None:
        super().__init__(of)
        self.seed, self.times, self.error = seed, times, error
        self.asked: list[object] = []

    def submit(self, knobs: Knobs) -> Future[Outcome]:
        self.asked.append(knobs["seed"])
        if knobs["seed"] != self.seed or not self.times:
            return super().submit(knobs)
        self.times -= 1
        future = Future[Outcome]()
        future.set_exception(self.error())
        return future


def test_a_worker_that_dies_costs_one_run_which_is_tried_again_once() -> None:
    spec, said = of_words("--seed 0..3 --steps 2", {}), list[str]()

    once = swept(subject(), spec, Dying(subject(), 1, 1), said=said)
    assert (len(once.outcomes), once.failed) == (4, 0)
    assert said == ["a worker died in the run with steps 2, seed 1: it is tried again"]

    pool = Dying(subject(), 1, 9)
    always = swept(subject(), spec, pool)
    assert pool.asked.count(1) == 2
    assert [run.error for run in always.outcomes if run.error] == ["its worker died, 2 times"]
    assert len(always.outcomes) == 4


def test_a_scheduler_that_is_gone_stops_the_sweep_and_fails_no_run() -> None:
    said = list[str]()
    sweep = swept(subject(), of_words("--seed 0..3", {}), Dying(subject(), 1, 9, CancelledError), said=said)

    assert sweep.stopped
    assert sweep.failed == 0
    assert said == ["the scheduler is gone: the sweep stops here"]


# --- what is kept


def keep(
    of: Subject, spec: Spec, most: int, found: kept.Found | None = None, pool: Pool | None = None
) -> tuple[str, Sweep]:
    """Train a sweep up to so many outcomes, and keep it; its name."""
    keeper = kept.Keeper(of.source, spec, found)
    news = SimpleQueue[Callable[[], None]]()
    before, done = ([], []) if found is None else (found.outcomes, found.done)
    sweep = Sweep(plan(spec, before), pool or Here(of), news.put, keeper.keep, lambda _: None, done)
    sweep.start()
    while not sweep.complete and len(sweep.outcomes) < most:
        news.get(timeout=30)()
    assert keeper.close() is None
    assert keeper.name is not None
    return keeper.name, sweep


def test_a_sweep_that_was_stopped_goes_on_with_the_runs_that_lack() -> None:
    spec = of_words("--lr 0.01..0.1 --hidden 2 --hidden none --seed 0..1 --steps 3", {})
    name, half = keep(subject(), spec, 5)
    path = kept.named(name)
    assert path is not None
    assert path == kept.named(None)

    found = kept.read(path)
    assert (found.name, found.spec, found.source.name) == (name, spec, "lecture")
    assert found.outcomes == half.outcomes
    assert found.file is not None
    again, whole = keep(Subject.read(found.source), found.spec, 100, found)
    assert again == name
    assert whole.outcomes[:5] == half.outcomes
    assert sorted(map(repr, whole.outcomes)) == sorted(map(repr, swept(subject(), spec, Here(subject())).outcomes))
    path.write_bytes(b"nothing of ours")
    assert kept.named(name) is None
    with pytest.raises(RunError, match="lecture-sweep"):
        kept.read(path)


def test_a_run_that_failed_is_tried_again_where_the_sweep_goes_on() -> None:
    spec = of_words("--seed 0..3 --steps 2", {})
    name, first = keep(subject(), spec, 3, pool=Dying(subject(), 1, 9))
    assert (len(first.outcomes), first.failed) == (3, 1)

    for _ in range(2):  # what came of it stands in the place of the failure
        path = kept.named(name)
        assert path is not None
        found = kept.read(path)
        again, whole = keep(Subject.read(found.source), found.spec, 100, found)
        assert again == name
        assert (len(whole.outcomes), whole.failed) == (4, 0)
        assert {run.knobs["seed"] for run in whole.outcomes} == {0, 1, 2, 3}
    assert found.outcomes == found.done


def test_the_knobs_of_now_lead_to_the_settings_of_now() -> None:
    for what, knobs in (("moons", {"lr": 0.3, "noise": 0.2, "steps": 9}), ("wonderland", {}), ("plane", {"l1": 0.5})):
        session, source = open_subject(what, overrides=knobs)
        of = Subject.of(session, source)
        assert of.open(own_knobs(of, session.settings))[0].settings == session.settings
