"""What a network's settings come to on a data set: whether they fit it, what its outputs mean, how many parameters it
has. Must not know programs.
"""

from __future__ import annotations

from ...nn.losses import LOSSES
from . import features
from .data import Coding, TrainingData
from .mistakes import MISTAKES
from .settings import Settings, SettingsError
from .size import parameters_of


def coded_outputs(data: TrainingData, settings: Settings) -> tuple[str, Coding]:
    """The activation of the last layer, and what its outputs mean.

    Raises:
        SettingsError: the loss or the input features do not fit the data, or the perceptron rule the network.
    """
    _check(data, settings)
    output = _output_activation(settings, regression=not data.classes)
    return output, Coding.of(len(data.classes), LOSSES[settings.loss], output)


def parameter_count(data: TrainingData, settings: Settings) -> int:
    """How many parameters the network has, without laying it out, which takes up to half a second; raises what
    `coded_outputs` does.
    """
    _, coding = coded_outputs(data, settings)
    return parameters_of([len(settings.features or data.features), *settings.hidden, coding.outputs])


def _check(data: TrainingData, settings: Settings) -> None:
    for name in settings.mistakes:
        if MISTAKES[name].kept:
            raise SettingsError(f"{MISTAKES[name].label}: that takes an expression, whose graph is kept")
    if trouble := features.wrong(data.features, settings.features):
        raise SettingsError(trouble)
    if not data.classes and LOSSES[settings.loss].negative_target is not None:
        raise SettingsError(f"loss {settings.loss} needs classes, and {data.target} is a number: use mse or sse")
    if settings.class_weights and not data.classes:
        raise SettingsError(f"class weights are for classes, and {data.target} is a number")
    if settings.loss == "perceptron":
        if settings.hidden:
            raise SettingsError("the perceptron rule knows a single layer: use no hidden layers with it")
        if settings.l1 or settings.l2:
            raise SettingsError("the perceptron rule has no penalties: set l1 and l2 to 0 with it")
        if settings.class_weights:
            raise SettingsError("the perceptron rule counts wrong decisions: switch class weights off with it")


def _output_activation(settings: Settings, *, regression: bool) -> str:
    """Activation of the last layer: its own if layers have their own; linear where the loss wants scores or the target
    is any number, else what squashes.
    """
    if settings.activations:
        return settings.activations[-1]
    squashes = settings.activation in ("tanh", "sigmoid", "step")
    return settings.activation if squashes and not regression and not LOSSES[settings.loss].logits else "linear"
