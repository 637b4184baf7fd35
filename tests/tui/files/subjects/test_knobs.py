"""A user's knobs over those of a subject. Must not know files."""

from __future__ import annotations

from chainstep.datasets import EXAMPLES
from chainstep.tui.files.subjects.defaults import for_data
from chainstep.tui.files.subjects.knobs import adjusted
from chainstep.tui.files.subjects.opening import open_subject
from support.cases import each


@each(
    ("overrides", "expected"),
    [
        ({"activation": "sigmoid"}, {"loss": "sse", "maximise": False, "activation": "sigmoid"}),
        ({"activation": "tanh", "loss": "bce"}, {"loss": "bce", "maximise": False, "activation": "tanh"}),
        ({"loss": "hinge"}, {"loss": "hinge", "maximise": False}),
        ({"activation": "step"}, {"loss": "perceptron", "maximise": True}),
        ({"activation": "relu", "hidden": (4,)}, {"loss": "sse", "hidden": (4,)}),
    ],
)
def test_leaving_the_perceptron_rule_takes_what_belongs_to_it_along(
    overrides: dict[str, object], expected: dict[str, object]
) -> None:
    settings = open_subject("wonderland", None, overrides)[0].settings

    assert {name: getattr(settings, name) for name in expected} == expected


def test_an_optimiser_of_the_users_own_survives_the_perceptron_rule() -> None:
    settings = open_subject("xor", None, {"hidden": (), "activation": "step", "optimizer": "momentum"})[0].settings

    assert (settings.loss, settings.optimizer) == ("perceptron", "momentum")


def test_settings_for_data_stay_valid_under_every_override() -> None:
    data = EXAMPLES["iris"].load
    assert data is not None
    settings = adjusted(for_data(data()), {"steps": 5, "momentum": 0.5})

    assert (settings.steps, settings.momentum, settings.loss) == (5, 0.5, "softmax")
