"""The map of a network is what its tape computes, cell by cell, and making it disturbs nothing."""

from __future__ import annotations

import math
import random
from itertools import islice

import pytest

from chainstep.datasets.dataset import Dataset
from chainstep.engine.training.analysis.plots import layers
from chainstep.engine.training.analysis.plots.layers import PIECE, Layers
from chainstep.engine.training.commands import Forward, SetKnob, SetNeuron, SetParameter, SetSample
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.features import FEATURES
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.plots.map import MapView
from chainstep.engine.training.step.evaluate import Evaluator
from support.cases import each
from support.sessions import Begin, numbers_of


def mapped(session: Session, columns: int = 7, rows: int = 6, neuron: tuple[int, int] | None = None) -> MapView:
    session.apply(SetNeuron(neuron))
    for _ in session.plotting(columns, rows) or ():
        pass
    assert session.inspector.plotting.view is not None
    return session.inspector.plotting.view


def middles(view: MapView) -> list[tuple[float, float]]:
    left, right, bottom, top = view.extent
    return [
        (left + (right - left) * (column + 0.5) / view.columns, top - (top - bottom) * (row + 0.5) / view.rows)
        for row in range(view.rows)
        for column in range(view.columns)
    ]


@each(
    ("name", "features"),
    [
        *((name, ()) for name in ("and", "xor", "moons", "circles", "gauss", "spiral")),
        ("circles", ("x1^2", "x2^2")),
        ("moons", ("x1*x2",)),
        ("spiral", tuple(FEATURES)),
    ],
)
def test_each_cell_is_what_the_tape_decides_there(begin: Begin, name: str, features: tuple[str, ...]) -> None:
    session = begin(name, features=features)
    session.train(100, 3)
    view = mapped(session)
    run = session.run
    told = [Evaluator(run.stepper).predict(run.parameters, cell) for cell in middles(view)]
    assert view.decisions == tuple(row.decision for row in told)
    outputs = [row.outputs[0] for row in told]
    if view.measure == "probability":
        shifted = [1 / (1 + math.exp(-output)) - 0.5 for output in outputs]
        assert view.values == pytest.approx(shifted, abs=1e-12)
    else:
        assert list(view.values) == [output - run.stepper.program.coding.threshold for output in outputs]


@each("neuron", [(0, 0), (0, 15), (1, 7), (2, 0)])
def test_a_neurons_map_is_what_the_tape_has_in_its_place(begin: Begin, neuron: tuple[int, int]) -> None:
    session = begin("moons")
    session.train(100, 2)
    view = mapped(session, neuron=neuron)
    assert view.neuron == neuron
    stepper = session.run.stepper
    program, memory = stepper.program, stepper.program.slots.memory()
    memory.data[: len(session.parameters)] = session.parameters
    slot = program.layers[neuron[0]].units[neuron[1]].output
    for cell, value in zip(middles(view), view.neuron_values, strict=True):
        stepper.load_row(memory, cell, (0.0,))
        program.tape.forward(memory)
        assert memory.data[slot].hex() == value.hex()


def test_regression_shows_the_output_and_calls_nothing_wrong(begin: Begin) -> None:
    session = begin("plane")
    view = mapped(session)
    run = session.run
    told = [Evaluator(run.stepper).predict(run.parameters, cell).outputs[0] for cell in middles(view)]
    assert (list(view.values), view.decisions, view.measure) == (told, None, "output")
    assert not any(point.wrong for point in view.points)
    assert [point.target for point in view.points[:5]] == list(session.subject.train_targets[:5])


def test_of_several_classes_the_chosen_one_and_its_lead() -> None:
    rng = random.Random(3)
    rows = [((rng.uniform(-1, 1), rng.uniform(-1, 1)), float(k % 3)) for k in range(30)]
    data = Dataset.of("three", ("a", "b"), "kind", ("r", "g", "b"), rows)
    session = Session(data, Settings(hidden=(5,), activation="tanh", loss="softmax"))
    session.train(100, 5)
    view, run = mapped(session), session.run
    assert set(view.decisions or ()) <= {0, 1, 2}
    for cell, decision, lead in zip(middles(view), view.decisions or (), view.values, strict=True):
        told = Evaluator(run.stepper).predict(run.parameters, cell)
        powers = sorted(math.exp(output) for output in told.outputs)
        assert decision == told.decision
        assert lead == pytest.approx((powers[-1] - powers[-2]) / sum(powers))


def test_points_are_the_samples_and_marked_where_the_network_is_wrong(begin: Begin) -> None:
    session = begin("moons")
    session.train(100, 4)
    view = mapped(session)
    data = session.subject
    assert not isinstance(data, Formula)
    wanted = [*zip(data.train_inputs, data.train_targets, strict=True)]
    wanted += [*zip(data.test_inputs, data.test_targets, strict=True)]
    assert [((point.x, point.y), point.target) for point in view.points] == wanted
    _, accuracy = session.final_loss()
    tested = session.test()
    assert accuracy is not None
    assert tested is not None
    assert tested[1] is not None
    assert view.tally(test=False) == (round(100 * (1 - accuracy)), 100)
    assert view.tally(test=True) == (round(100 * (1 - tested[1])), 100)
    left, right, bottom, top = view.extent
    assert all(left < point.x < right and bottom < point.y < top for point in view.points)


@each("features", [(), ("x1^2", "x2^2"), ("x2", "x1*x2")])
def test_points_lie_where_the_data_as_it_is_varied_has_them(begin: Begin, features: tuple[str, ...]) -> None:
    session = begin("circles", noise=0.3, split=0.25, features=features)
    session.train(100, 4)
    view, program = mapped(session), session.run.stepper.program
    assert program.data is not None
    rows = [*program.data.train_inputs, *program.data.test_inputs]
    assert [(point.x, point.y) for point in view.points] == rows
    assert view.features == ("x0", "x1")
    told = [Evaluator(session.run.stepper).predict(session.parameters, row).decision for row in rows]
    assert [point.wrong for point in view.points] == [
        decision != point.target for decision, point in zip(told, view.points, strict=True)
    ]


def test_with_another_selection_the_map_is_another_one(begin: Begin) -> None:
    session = begin("circles")
    before = mapped(session)
    session.apply(SetKnob("features", ("x1^2", "x2^2")))
    assert mapped(session).values != before.values
    session.apply(SetKnob("noise", 0.4))
    assert mapped(session).extent != before.extent
    session.apply(SetKnob("features", ()))
    session.apply(SetKnob("noise", None))
    again = mapped(session)
    assert (again.values, again.points) == (before.values, before.points)


def test_a_sample_that_was_changed_by_hand_lies_where_it_is_now(begin: Begin) -> None:
    session = begin("moons")
    session.apply(SetSample(3, 1, 2.5))
    session.apply(SetSample(3, None, 1.0))
    (x, _), _ = session.run.stepper.program.samples[3]
    point = mapped(session).points[3]
    assert (point.x, point.y, point.target) == (x, 2.5, 1.0)


def test_of_features_only_one_that_is_the_datas_own_moves_its_point(begin: Begin) -> None:
    session = begin("moons", features=("x2", "x1^2"))
    x, y = mapped(session).points[3][:2]
    session.apply(SetSample(3, 1, 9.0))
    assert mapped(session).points[3][:2] == (x, y)
    session.apply(SetSample(3, 0, 2.5))
    assert mapped(session).points[3][:2] == (x, 2.5)


def test_it_shows_the_parameters_that_it_began_with_and_training_goes_on_beside_it(begin: Begin) -> None:
    alone, watched = begin("moons"), begin("moons")
    begun = mapped(begin("moons"))
    pieces = watched.plotting(7, 6)
    assert pieces is not None
    for _ in pieces:
        watched.train(10, watched.step + 1)
    alone.train(10_000, watched.step)
    while alone.step < watched.step:
        alone.train(10_000, watched.step)
    assert watched.inspector.plotting.view is not None
    assert watched.inspector.plotting.view.values == begun.values
    assert numbers_of(watched) == numbers_of(alone)


def test_it_is_made_anew_only_where_it_would_be_another_one(begin: Begin) -> None:
    session = begin("moons")
    mapped(session)
    assert session.plotting(7, 6) is None
    session.apply(Forward("layer"))
    assert session.plotting(7, 6) is None
    assert session.plotting(8, 6) is not None
    session.apply(SetNeuron((0, 1)))
    assert session.plotting(7, 6) is not None
    mapped(session)
    session.apply(SetParameter(3, 0.5))
    assert session.plotting(7, 6) is not None
    mapped(session)
    session.apply(SetKnob("lr", 0.5))
    session.apply(Forward("step"))
    assert session.plotting(7, 6) is not None


def test_a_map_that_was_left_leaves_the_one_before(begin: Begin) -> None:
    session = begin("moons")
    before = mapped(session)
    session.apply(Forward("step"))
    pieces = session.plotting(7, 6)
    assert pieces is not None
    assert max(islice(pieces, 6)) <= PIECE
    pieces.close()
    assert session.inspector.plotting.view is before
    assert mapped(session) is not before


@pytest.mark.parametrize("name", ["lecture", "iris"])
def test_of_classes_over_many_inputs_there_is_no_plot(begin: Begin, name: str) -> None:
    session = begin(name)
    assert session.plotting(4, 4) is None
    assert session.snapshot({"plot", "slope"}).plot is None
    assert session.snapshot().subject.plots == ()


def test_what_is_not_finite_is_mapped_as_such(begin: Begin) -> None:
    session = begin("moons")
    session.apply(SetParameter(0, 1e308))
    session.apply(SetParameter(1, -1e308))
    view = mapped(session, neuron=(0, 0))
    assert not all(map(math.isfinite, view.neuron_values))
    assert len(view.values) == 42


def test_a_sample_out_of_reach_leaves_the_map_finite(begin: Begin) -> None:
    session = begin("moons")
    session.apply(SetSample(0, 0, 1.7e308))
    session.apply(SetSample(1, 0, -1.7e308))
    assert all(map(math.isfinite, mapped(session).extent))


def test_many_samples_are_thinned_out_evenly() -> None:
    rows = [((float(k), float(-k)), float(k % 2)) for k in range(1_700)]
    data = Dataset.of("many", ("a", "b"), "kind", ("0", "1"), rows)
    view = mapped(Session(data, Settings(hidden=(), activation="sigmoid", loss="bce")))
    assert [point.x for point in view.points] == [float(k) for k in range(0, 1_700, 4)]


def test_a_wide_network_yields_amid_its_inputs(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin("moons").run
    rows = [inputs for inputs, _ in run.stepper.program.samples[:50]]

    def gone_through() -> tuple[list[int], object]:
        pieces, told = Layers(run.stepper.program.layers, run.parameters).outputs(rows), list[int]()
        while True:
            try:
                told.append(next(pieces))
            except StopIteration as end:
                return told, end.value

    few, usual = gone_through()
    monkeypatch.setattr(layers, "AT_ONCE", 1_000)
    many, made = gone_through()
    assert made == usual
    assert sum(many) == sum(few) == 50
    # 320 weights by 24 inputs are 7,680 products; what is compiled at once has 96 weights at most.
    assert len(many) - len(few) >= 2 * 3
