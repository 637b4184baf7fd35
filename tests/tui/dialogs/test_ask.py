"""What is typed about a table is in its own units and categories: inputs to predict, samples to edit, what is said of
them. Pure functions; must not know screens.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.datasets.columns.choices import Choices
from chainstep.datasets.user_table import open_table
from chainstep.engine.training.commands import SetProbe, SetSample
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.tui.dialogs import ask

ROWS = [f"{('Dream', 'Biscoe', 'Big Isle')[k % 3]},{3000 + 10 * k},{100 + 5 * k}" for k in range(12)]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    table = tmp_path / "birds.csv"
    table.write_text("island,mass,price\n" + "\n".join([*ROWS, "Dream,NA,100"]) + "\n")
    data = open_table(table, "price", Choices(missing="fill"), test_fraction=0.0).data
    return Session(data, Settings(hidden=(), loss="mse"))


def test_an_input_is_typed_as_a_row_of_the_table_and_its_prediction_told_in_units(session: Session) -> None:
    snapshot = session.snapshot()
    subject = snapshot.subject
    first = session.run.stepper.program.samples[0][0]
    prompt = ask.for_input(subject, first)
    assert prompt._words == "an answer each, ? for none: island, mass"
    island, mass = prompt._value.split(", ")
    assert f"{island},{mass}," in "\n".join(ROWS)
    assert prompt._read(prompt._value) == pytest.approx(first)
    assert prompt._read("Dream 3000") == prompt._read("Dream, 3000")
    assert subject.units.answers(prompt._read("Big Isle, ?")) == ("Big Isle", None)
    for wrong, said in {
        "Dream": "that is 1 answers; an input has 2",
        "Narnia, 3000": "island has no 'Narnia': there is Big Isle, Biscoe, Dream",
        "Dream, heavy": "'heavy' is no number",
    }.items():
        with pytest.raises(ValueError, match=said):
            prompt._read(wrong)
    session.apply(SetProbe(prompt._read("Dream, 3050")))
    snapshot = session.snapshot()
    assert snapshot.probe is not None
    told = ask.prediction(snapshot)
    assert told.startswith("ŷ = f(Dream, 3050) = ")
    assert float(told.rpartition(" ")[2]) == pytest.approx(subject.units.target(snapshot.probe.outputs[0]), rel=1e-3)


def test_a_sample_is_edited_in_units(session: Session) -> None:
    subject = session.snapshot().subject
    given: list[SetSample] = []
    places = {name: k for k, name in enumerate(subject.features)} | {"price": None}
    prompt = ask.for_sample(4, places, subject, 3000.0, given.append)
    prompt._read("mass = 3060")
    prompt._read("2: price = 130")
    mass, price = given
    assert (mass.sample, price.sample, price.feature) == (4, 1, None)
    assert mass.feature is not None
    assert subject.units.input(mass.feature, mass.value) == pytest.approx(3060)
    assert subject.units.target(price.value) == pytest.approx(130)

    prompt._read("3: island = Dream")
    island = given.pop()
    row = list(session.run.stepper.program.samples[2][0])
    for (_, place), value in island.amendments.items():
        assert place is not None
        row[place] = value
    assert (island.sample, subject.units.answers(row)[0]) == (2, "Dream")
    with pytest.raises(ValueError, match="island has no 'Narnia': there is Big Isle, Biscoe, Dream"):
        prompt._read("island = Narnia")
