"""Runs that Dask trains and settings that Optuna draws, where these are installed; they are extras. Must not know the
command line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from queue import SimpleQueue
from typing import Any

import pytest

from chainstep.datasets import DataError
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.sweeps.outcome import Outcome, failed
from chainstep.tui.sweeps.plans import key, plan
from chainstep.tui.sweeps.pools import worker
from chainstep.tui.sweeps.pools.dask import Dask
from chainstep.tui.sweeps.pools.local import Here, Pool
from chainstep.tui.sweeps.sampled import Sampled
from chainstep.tui.sweeps.spec import Knobs, Spec, of_words
from chainstep.tui.sweeps.subject import Packed, Subject
from chainstep.tui.sweeps.sweep import Sweep


def lecture() -> Subject:
    return Subject.of(*open_subject("lecture"))


def swept(spec: Spec, pool: Pool, before: Sequence[Outcome] = ()) -> list[Outcome]:
    """All outcomes of a sweep, in the order in which they came."""
    news = SimpleQueue[Callable[[], None]]()
    done = [outcome for outcome in before if outcome.error is None]
    sweep = Sweep(plan(spec, before), pool, news.put, lambda _: None, pytest.fail, done)
    sweep.start()
    while not sweep.complete:
        news.get(timeout=60)()
    return sweep.outcomes


# --- Dask


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A scheduler and a worker with two threads, in this process."""
    distributed = pytest.importorskip("distributed", reason="there is no distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, silence_logs=50
    ) as made:
        yield made


def test_dask_trains_the_very_runs(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    of, spec = lecture(), of_words("--lr 0.03..0.3 --seed 1,2 --steps 5", {})
    pool = Dask(of, cluster.scheduler_address)
    assert (pool.size, Dask(of, cluster.scheduler_address, 1).size) == (2, 1)
    assert pool.where == f"2 worker threads at {cluster.scheduler_address}"

    there, here = swept(spec, pool), swept(spec, Here(of))
    assert {key(run.knobs): run for run in there} == {key(run.knobs): run for run in here}

    # Dask takes functions for pure: what is tried again would never be.
    trained, train = list[object](), worker.train_packed

    def counted(packed: Packed, knobs: Knobs) -> Outcome:
        trained.append(knobs)
        return train(packed, knobs)

    monkeypatch.setattr(worker, "train_packed", counted)
    pool = Dask(of, cluster.scheduler_address)
    assert len({pool.submit({"steps": 3}).result(timeout=60).loss for _ in range(2)}) == 1
    assert len(trained) == 2
    pool.close()


def test_a_cluster_that_cannot_train_is_one_line(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainstep.tui.sweeps.pools.dask._PATIENCE", "300ms")
    with pytest.raises(DataError, match=r"^--scheduler tcp://127.0.0.1:1: no scheduler answers there \([^\n]*\)$"):
        Dask(lecture(), "tcp://127.0.0.1:1")
    with pytest.raises(DataError, match=r"^--scheduler nonsense://x: no scheduler answers there \([^\n]*\)$"):
        Dask(lecture(), "nonsense://x")
    address = cluster.scheduler_address
    cluster.scale(0)
    cluster.sync(cluster._correct_state)
    with pytest.raises(DataError, match=f"^--scheduler {address}: it has no workers$"):
        Dask(lecture(), address)


# --- Optuna


@pytest.fixture
def optuna() -> Any:
    return pytest.importorskip("optuna", reason="there is no optuna")


def test_a_sampler_draws_from_what_came_before(optuna: Any) -> None:
    spec = of_words("--lr 0.001..1 --hidden 2 --hidden none --seed 1,2 --steps 3 --random 8 --sampler tpe", {})
    outcomes = swept(spec, Here(lecture()))

    settings = {(run.knobs["lr"], run.knobs["hidden"]) for run in outcomes}
    assert len(outcomes) == 2 * len(settings)
    assert 1 < len(settings) <= 8
    assert all(isinstance(lr, float) and 0.001 <= lr <= 1 for lr, _ in settings)
    assert outcomes == swept(spec, Here(lecture()))

    # One that was stopped goes on: what is done is not drawn again, and a run that failed is tried again.
    before = [*outcomes[:4], failed(outcomes[4].knobs, "its worker died, 2 times")]
    later = swept(spec, Here(lecture()), before)
    assert later[:4] == outcomes[:4]
    assert outcomes[4] in later[4:]
    assert len({key(run.knobs) for run in later}) == len(later)


def test_what_has_no_loss_is_bad_news_and_no_end(optuna: Any) -> None:
    spec = of_words("--lr 0.1..1 --steps 1 --random 4 --sampler Random", {})
    drawn = plan(spec)
    for cost in (math.nan, math.inf, None, 0.5):
        knobs = drawn.ask()
        assert knobs is not None
        drawn.tell(failed(knobs, "no") if cost is None else Outcome(knobs, knobs, 1, cost))
    assert drawn.ask() is None


def test_one_run_that_diverged_hides_no_difference_between_the_others(optuna: Any) -> None:
    spec = of_words("--lr 0.1..1 --steps 1 --random 4 --sampler Random", {})
    drawn = plan(spec)
    assert isinstance(drawn, Sampled)
    for loss in (0.0, 0.5, 1e200, math.inf):
        knobs = drawn.ask()
        assert knobs is not None
        drawn.tell(Outcome(knobs, knobs, 1, loss))
    least, half, far, diverged = (trial.value for trial in drawn._study.trials)
    assert (half, far, diverged) == (math.log(0.5), math.log(1e200), math.inf)
    assert -1_000 < least < half


def test_samplers_are_known_by_their_names(optuna: Any) -> None:
    for name in ("TPESampler", "cmaes-", ""):
        words = f"--lr 0.1..1 --random 2 --sampler '{name}'"
        if name.startswith("TPE"):
            assert plan(of_words(words, {})).ask() is not None
        else:
            with pytest.raises(DataError, match=f"^--sampler: Optuna has no '{name}'; it has .*tpe"):
                plan(of_words(words, {}))


def test_a_broken_executor_is_what_a_dead_worker_raises() -> None:
    """What the sweep knows by its name only is what these libraries have."""
    assert issubclass(BrokenExecutor, RuntimeError)
    distributed = pytest.importorskip("distributed", reason="there is no distributed")
    assert distributed.scheduler.KilledWorker.__name__ == "KilledWorker"
    assert distributed.client.FutureCancelledError.__name__ == "FutureCancelledError"
