"""Where ops and boundaries lie in a step: counts, scopes, and that back undoes forward. Knows no numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest

from chainstep.engine.training.commands import Back, Forward, Goto
from chainstep.engine.training.session import Session
from chainstep.engine.training.step.timeline import GRANULARITIES, PHASES, Timeline
from support.cases import each
from support.sessions import Begin

FINE = GRANULARITIES[:5]


def timeline_of(session: Session) -> Timeline:
    return session.run.stepper.timeline(session.run.state)


def boundaries(timeline: Timeline, granularity: str) -> list[int]:
    found = [0]
    while found[-1] < timeline.total:
        found.append(timeline.next(found[-1], granularity))
    return found


def test_the_ops_of_the_lecture(begin: Begin) -> None:
    timeline = timeline_of(begin("lecture"))
    # A neuron of m inputs takes m products, m sums and a tanh: 4·7 + 4·9 + 9 = 73 a sample; then (ŷ-y)² is two.
    phases = dict.fromkeys(PHASES, 0)
    for index in range(timeline.total):
        phases[timeline.phase(index)[0]] += 1
    assert phases == {"forward": 292, "loss": 11, "zero_grad": 41, "backward": 303, "update": 41}
    assert timeline.total == 688


@each(
    ("granularity", "count"),
    # neurons: 9 a sample forward; 4 losses and a batch; 9 zeroed; a batch, and 4 times a loss and 9; 9 updated.
    [
        ("op", 688), ("neuron", 100), ("layer", 12 + 5 + 3 + 17 + 3), ("sample", 4 + 5 + 1 + 5 + 1), ("phase", 5),
        ("step", 1),
    ],
)  # fmt: skip
def test_the_boundaries_of_the_lecture(begin: Begin, granularity: str, count: int) -> None:
    assert len(boundaries(timeline_of(begin("lecture")), granularity)) - 1 == count


@each("name", ["lecture", "wonderland", "expression", "iris", "plane"])
def test_previous_undoes_next(begin: Begin, name: str) -> None:
    timeline = timeline_of(begin(name, **({"batch_size": 3} if name == "iris" else {})))
    for granularity in FINE:
        found = boundaries(timeline, granularity)
        assert found[-1] == timeline.total
        for before, after in pairwise(found):
            for between in range(before + 1, after + 1):
                assert timeline.previous(between, granularity) == before
            for between in range(before, after):
                assert timeline.next(between, granularity) == after


@each("name", ["lecture", "neuron", "xor"])
def test_a_coarser_boundary_is_a_finer_one_too(begin: Begin, name: str) -> None:
    timeline = timeline_of(begin(name))
    found = [set(boundaries(timeline, granularity)) for granularity in (*FINE, "step")]
    for finer, coarser in pairwise(found):
        assert coarser <= finer


def test_scope_paths_of_the_lecture(begin: Begin) -> None:
    session = begin("lecture")
    timeline = timeline_of(session)

    def path(index: int) -> tuple[str, str, int, int]:
        session.apply(Goto(0, index))
        at = session.snapshot(()).position
        assert (at.index, at.total, at.samples) == (index, timeline.total, 4)
        return at.phase, at.scope, at.op, at.ops

    assert path(0) == ("forward", "sample 1 › layer 1 › neuron 1", 0, 292)
    assert path(7) == ("forward", "sample 1 › layer 1 › neuron 2", 7, 292)
    assert path(28) == ("forward", "sample 1 › layer 2 › neuron 1", 28, 292)
    assert path(291) == ("forward", "sample 4 › layer 3 › neuron 1", 291, 292)
    assert path(292) == ("loss", "sample 1", 0, 11)
    assert path(300) == ("loss", "", 8, 11)
    assert path(303) == ("zero_grad", "layer 1 › neuron 1", 0, 41)
    assert path(344) == ("backward", "", 0, 303)
    assert path(347) == ("backward", "sample 1", 3, 303)
    assert path(349) == ("backward", "sample 1 › layer 3 › neuron 1", 5, 303)
    assert path(646) == ("backward", "sample 4 › layer 1 › neuron 1", 302, 303)
    assert path(647) == ("update", "layer 1 › neuron 1", 0, 41)
    assert path(687) == ("update", "layer 3 › neuron 1", 40, 41)


def test_backward_takes_the_samples_in_the_same_order(begin: Begin) -> None:
    timeline = timeline_of(begin("lecture"))
    for phase in ("forward", "backward"):
        spots = [timeline.spot(index) for index in range(timeline.total)]
        order = [spot.sample for spot in spots if spot.phase == phase and spot.sample is not None]
        assert order == sorted(order)
        assert set(order) == {0, 1, 2, 3}


def test_there_is_no_op_beyond_the_end(begin: Begin) -> None:
    timeline = timeline_of(begin("lecture"))
    with pytest.raises(IndexError):
        timeline.spot(timeline.total)


def test_an_expression_has_one_unit_a_phase(begin: Begin) -> None:
    timeline = timeline_of(begin("expression"))
    # Three ops forward, none of its own in loss; four leaves are cleared and updated.
    assert boundaries(timeline, "phase") == [0, 3, 7, 10, 14]
    assert boundaries(timeline, "neuron") == [0, 3, 7, 10, 14]


def test_epochs_and_steps(begin: Begin) -> None:
    session = begin("iris")  # 120 samples in batches of 30
    session.apply(Forward("epoch"))
    assert session.step == 4
    session.apply(Forward("step"))
    session.apply(Forward("op", 5))
    session.apply(Forward("epoch"))
    assert (session.step, session.op) == (8, 0)
    session.apply(Back("epoch"))
    assert (session.step, session.op) == (4, 0)
    session.apply(Back("epoch", 2))
    assert (session.step, session.op) == (0, 0)


def test_the_last_batch_of_an_epoch_takes_what_is_left(begin: Begin) -> None:
    session = begin("lecture", batch_size=3)
    sizes = []
    for _ in range(4):
        sizes.append(session.snapshot(()).position.samples)
        session.apply(Forward("step"))
    assert sizes == [3, 1, 3, 1]
    assert session.snapshot(()).position.epoch == 2


def test_batches_are_shuffled_and_cover_every_sample_once_an_epoch(begin: Begin) -> None:
    session = begin("iris", batch_size=50)
    batches = session.run.stepper.program.batches
    epochs = [[*batches.at(epoch, 0), *batches.at(epoch, 50), *batches.at(epoch, 100)] for epoch in range(3)]
    for order in epochs:
        assert sorted(order) == list(range(120))
    assert epochs[0] != epochs[1] != epochs[2]
    assert [*batches.at(0, 0), *batches.at(0, 50), *batches.at(0, 100)] == epochs[0]
