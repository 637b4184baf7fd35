"""What is typed for a knob, and the runs that come of it. Must not know how runs are trained."""

from __future__ import annotations

import pytest

from chainstep.tui.sweeps.spec import Spec, of_options, of_words
from chainstep.tui.sweeps.values import Axis, ValuesError, axis
from support.cases import each


@each(
    ("name", "texts", "values"),
    [
        ("seed", ["0..3"], (0, 1, 2, 3)),
        ("seed", ["7", "1,2", "2"], (7, 1, 2)),
        ("batch_size", ["1..100:3"], (1, 10, 100)),
        ("batch_size", ["1..4:9"], (1, 2, 3, 4)),
        ("lr", ["0.01..1"], (0.01, 0.03, 0.1, 0.3, 1.0)),
        ("lr", ["0.02..0.5"], (0.03, 0.1, 0.3)),
        ("lr", ["1..10"], (1.0, 3.0, 10.0)),
        ("lr", ["0.001..0.1:3"], (0.001, pytest.approx(0.01), 0.1)),
        ("lr", ["0.5, 0.25", ".1"], (0.5, 0.25, 0.1)),
        ("momentum", ["0,0.9"], (0.0, 0.9)),
        ("hidden", ["4,4", "8,8", "none"], ((4, 4), (8, 8), ())),
        ("activation", ["tanh,relu"], ("tanh", "relu")),
    ],
)
def test_values(name: str, texts: list[str], values: tuple[object, ...]) -> None:
    assert axis(name, texts).values == values


@each(
    ("name", "text", "why"),
    [
        ("lr", "1..0.1", "--lr: '1..0.1' runs backwards: write 0.1..1"),
        ("lr", "0.04..0.05", "--lr: there is no step of 1, 3, 10 in '0.04..0.05': 0.04..0.05:3 is three values"),
        ("lr", "0..1", "--lr: '0..1' has no 1-3-10 ladder: it begins above 0; single values go with commas"),
        ("lr", "0.1..1:1", "--lr: '0.1..1:1': behind the colon is how many values, 2 to 10000"),
        ("lr", "nan", "--lr: 'nan' is no number, and no range such as 0.01..1"),
        ("lr", "1e400", "--lr: '1e400' is not finite"),
        ("lr", "", "--lr: '' is no number, and no range such as 0.01..1"),
        ("lr", "1..2..3", "--lr: '2..3' is no number, and no range such as 0.01..1"),
        ("seed", "1.5", "--seed: '1.5' is no whole number, and no range such as 0..7"),
        ("seed", "0..99999", "--seed: '0..99999' is 100000 values, more than 10000"),
        ("batch_size", "0..8:3", "--batch-size: values even in the logarithm begin above 0"),
        ("hidden", "4..8", "--hidden: '4..8' is no list of layer sizes such as 16,16 (or none); give the option once"),
        ("init", "demo,best", "--init: 'best' is none of lecture, demo, zeros, xavier, kaiming"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(name: str, text: str, why: str) -> None:
    with pytest.raises(ValuesError) as wrong:
        axis(name, [text])
    assert str(wrong.value).startswith(why)
    assert "\n" not in str(wrong.value)


def test_every_setting_comes_with_the_first_seed_before_any_with_the_next() -> None:
    spec = of_words("--seed 5,6 --lr=0.1,0.3 --hidden 4,4 --hidden none", {"class_weights": True})
    runs = spec.runs()

    assert spec.swept == ("lr", "hidden", "seed")
    assert [run["seed"] for run in runs] == [5] * 4 + [6] * 4
    assert runs[:4] == [{"lr": lr, "hidden": hidden, "seed": 5} for lr in (0.1, 0.3) for hidden in ((4, 4), ())]
    assert Spec.from_json(spec.to_json()) == spec


def test_a_draw_is_the_same_each_time_and_has_every_seed() -> None:
    spec = of_words("--random 5 --lr 1e-3..1 --hidden 4 --hidden 8 --seed 0..1", {})
    runs = spec.runs()

    assert runs == spec.runs()
    assert len(runs) == spec.size == 10
    rates = [run["lr"] for run in runs]
    assert all(1e-3 <= float(str(rate)) <= 1 for rate in rates)
    assert rates[:5] == rates[5:]
    assert len(set(rates)) == 5
    assert len(of_words("--random 50 --hidden 4 --hidden 8", {}).runs()) == 2, "there are no more"


@each(
    ("text", "why"),
    [
        ("--rate 1", "'--rate' is no option of a sweep"),
        ("--loss mse,sse", "--loss: losses of different kinds cannot be compared"),
        ("--random 0", "--random: 0 settings are none"),
        ("--random x", "--random: 'x' is no whole number"),
        ("--sampler tpe", "--sampler: --random N says how many"),
        ("--seed 0..999 --lr 1e-9..1", "these are 19000 runs, more than 10000"),
        ("--lr", "--lr: '' is no number"),
        ("--lr '1", "a quotation mark is not closed"),
    ],
)
def test_what_is_no_sweep(text: str, why: str) -> None:
    with pytest.raises(ValuesError, match=why):
        of_words(text, {})


def test_a_spec_from_anywhere_is_looked_at() -> None:
    good = of_options({"lr": ["0.1"]}, {}, None, None).to_json()
    for wrong in ({"axes": [{"name": "lr"}]}, {"axes": 3}, {"random": "x"}, {"fixed": {"no_such_knob": 1}}):
        with pytest.raises(ValueError, match="it "):
            Spec.from_json({**good, **wrong})
    assert Spec.from_json(good).axes == (Axis("lr", (0.1,)),)
