"""From a name to a session: examples, files, expressions, and the knobs on top. Must not know the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.datasets import EXAMPLES, DataError
from chainstep.engine.autograd.text.expression import ExpressionError
from chainstep.engine.training.commands import Forward, Restart, SetKnob
from chainstep.engine.training.setup.settings import SettingsError
from chainstep.engine.training.setup.size import MAX_PARAMETERS
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from chainstep.tui.files.subjects.source import Source
from support.cases import each

FLOWERS = "width,height,kind\n" + "".join(f"{i % 7},{i * i % 11},{'abc'[i % 3]}\n" for i in range(30))
COINS = "weight,side\n" + "".join(f"{i * 0.5},{'heads' if i % 100 > 40 else 'tails'}\n" for i in range(200))
PRICES = "size,price\n" + "".join(f"{i},{i * 1.5 + 0.25}\n" for i in range(40))


def written(folder: Path, text: str, name: str = "data.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_inputs_of_the_neuron_stay_and_have_gradients() -> None:
    session, _ = open_subject("neuron")
    given = dict(zip(session.labels, session.parameters, strict=True))
    session.apply(Forward("step"))
    now = dict(zip(session.labels, session.parameters, strict=True))
    gradients = dict(zip(session.labels, session.run.gradients, strict=True))
    assert {name for name in now if now[name] == given[name]} == {"x1", "x2", "w2"}
    assert [round(gradients[name], 4) for name in ("x1", "x2", "w1", "w2")] == [-1.5, 0.5, 1.0, 0.0]


@each("name", EXAMPLES)
def test_every_example_opens_with_its_own_settings(name: str) -> None:
    session, source = open_subject(name)

    assert source == Source("example", name)
    assert session.step == 0
    for knob, value in EXAMPLES[name].settings.items():
        assert getattr(session.settings, knob) == value


def test_given_weights_are_kept_until_others_are_asked_for() -> None:
    given = EXAMPLES["wonderland"].parameters

    assert open_subject("wonderland")[0].parameters == given
    assert open_subject("wonderland", None, {"lr": 0.5})[0].parameters == given
    assert open_subject("wonderland", None, {"activation": "sigmoid"})[0].parameters == given
    drawn = open_subject("wonderland", None, {"seed": 1337})[0].parameters
    assert len(drawn) == len(given)
    assert drawn != given
    assert open_subject("wonderland", None, {"init": "zeros"})[0].parameters == (0.0,) * 4
    # Two outputs: the four weights fit no longer.
    assert len(open_subject("wonderland", None, {"activation": "linear", "loss": "softmax"})[0].parameters) == 8


@each(
    ("what", "overrides", "trouble"),
    [
        ("wonderland", {"loss": "perceptron", "activation": "tanh"}, "goes with activation step"),
        ("wonderland", {"l2": 0.1}, "no penalties"),
        ("lecture", {"loss": "perceptron"}, "single layer"),
        ("plane", {"loss": "hinge"}, "needs classes"),
        ("parabola", {"hidden": (4,)}, "--hidden is for networks"),
        ("parabola", {"batch_size": 4}, "--batch-size is for networks"),
        ("lecture", {"lr": float("nan")}, "lr must be finite"),
        ("lecture", {"hidden": (10_000, 10_000)}, "too many"),
    ],
)
def test_knobs_that_do_not_fit_are_refused(what: str, overrides: dict[str, object], trouble: str) -> None:
    with pytest.raises(SettingsError, match=trouble):
        open_subject(what, None, overrides)


def test_the_limit_on_parameters_leaves_room_for_large_networks() -> None:
    assert 100 * len(open_subject("moons")[0].parameters) < MAX_PARAMETERS


@pytest.mark.parametrize(
    ("text", "target", "loss", "batch"),
    [(FLOWERS, "kind", "softmax", None), (COINS, "side", "bce", 32), (PRICES, "price", "mse", None)],
)
def test_a_file_gets_settings_that_fit_its_target(
    tmp_path: Path, text: str, target: str, loss: str, batch: int | None
) -> None:
    session, source = open_subject(written(tmp_path, text), target)

    assert session.settings.loss == loss
    assert session.settings.batch_size == batch
    assert (source.kind, source.target) == ("csv", target)
    assert Path(source.name).is_absolute()
    session.train(10_000, 20)
    assert session.losses[-1] < session.losses[0]


def test_overrides_go_over_a_files_settings(tmp_path: Path) -> None:
    session, _ = open_subject(written(tmp_path, FLOWERS), "kind", {"hidden": (3,), "lr": 0.5, "loss": "hinge"})

    assert (session.settings.hidden, session.settings.lr, session.settings.loss) == ((3,), 0.5, "hinge")


def test_the_split_does_not_depend_on_the_seed_of_the_weights(tmp_path: Path) -> None:
    path = written(tmp_path, FLOWERS)
    one, other = (open_subject(path, "kind", {"seed": seed})[1] for seed in (1, 2))

    assert one.hashed() == other.hashed()


def test_what_is_a_file_and_what_an_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, FLOWERS, "moons")
    written(tmp_path, FLOWERS, "flowers")

    assert open_subject("moons")[1].kind == "example"
    assert open_subject("./moons", "kind")[1].kind == "csv"
    assert open_subject("flowers", "kind")[1].kind == "csv"
    with pytest.raises(DataError, match="no such file"):
        open_subject("missing.csv", "kind")
    with pytest.raises(DataError, match="no such file"):
        open_subject("missing.csv")
    with pytest.raises(DataError, match="directory"):
        open_subject("./")
    with pytest.raises(DataError, match="--target COLUMN"):
        open_subject("flowers")
    with pytest.raises(DataError, match="--target is for CSV files"):
        open_subject("lecture", "y")
    with pytest.raises(DataError, match="did you mean wonderland"):
        open_subject("wonderlnd")


def test_turning_the_steps_later_does_not_move_the_horizon() -> None:
    session, _ = open_subject("lecture", overrides={"schedule": "cosine", "lr": 0.1, "steps": 4})
    for command in (SetKnob("steps", 50), Forward("step", 9)):
        session.apply(command)
    assert session.settings.horizon == 4
    assert [session.measurement(step).lr for step in (0, 4, 8)] == pytest.approx([0.1, 0.01, 0.01])
    session.apply(Restart())
    assert session.settings.horizon == 4


def test_an_expression_is_a_session_too() -> None:
    session, source = open_expression("(a*b + c)*f", {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}, {"maximise": True})

    assert session.labels == ("a", "b", "c", "f")
    assert session.settings.lr == 0.01
    session.train(1, 1)
    assert session.losses[0] == -8.0
    assert session.final_loss()[0] == pytest.approx(-7.286496)
    assert source.kind == "expression"
    with pytest.raises(ExpressionError):
        open_expression("a*b", {"a": 1.0})
    with pytest.raises(SettingsError, match="for networks"):
        open_expression("a*b", {"a": 1.0, "b": 1.0}, {"loss": "hinge"})
