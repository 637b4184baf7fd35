"""The beats of the first minute: which key comes next, when it has done its work, and what came of it. All of it is
read from where a session stands; must not know keys that were pressed, or how a beat is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chainstep.engine.records import record, replace
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..canvas import numbers
from .aim import aim

_TEDIOUS = 12
"""Ops of a neuron after which whoever has stepped through them has seen enough."""


@record
class Beat:
    """A key to press, until it has done its work."""

    key: str
    """As the registry prints it."""
    words: str
    """What it will do, in at most 18 cells where it `repeats`."""
    over: Callable[[Snapshot], bool]
    """Whether the session stands behind it, in the step in which it was asked for."""
    outcome: Callable[[Snapshot], Sequence[str]]
    """What came of it, in this session's numbers: in full, and in fewer words."""
    repeats: bool = False
    """It takes several presses."""

    def asked(self, snapshot: Snapshot) -> str:
        """What it will do, and how far that is."""
        done = snapshot.position.op
        return f"{self.words}: {done} done" if self.repeats and done else self.words


@record
class Coach:
    """How far somebody has come, in the course of one step."""

    step: int
    """The step in which it leads."""
    aim: str
    """What the network should answer."""
    told: tuple[Sequence[str], ...] = ()
    """What came of the beats so far."""
    aside: bool = False
    """Training went on without it: it waits to be called."""
    finished: bool = False

    @classmethod
    def of(cls, snapshot: Snapshot) -> Coach:
        """A coach who begins where a session stands; the picture has to have the samples."""
        return cls(snapshot.position.step, aim(snapshot))

    def after(self, snapshot: Snapshot) -> Coach:
        """How far it is with another picture."""
        if self.aside or self.finished:
            return self
        beats = course(snapshot)
        if snapshot.position.step != self.step:
            return replace(self, aside=True, finished=len(self.told) == len(beats) - 1)
        if not _whole(snapshot):
            return self
        told = list(self.told)
        while len(told) < len(beats) - 1 and beats[len(told)].over(snapshot):
            told.append(beats[len(told)].outcome(snapshot))
        return replace(self, told=tuple(told)) if len(told) > len(self.told) else self


def _whole(snapshot: Snapshot) -> bool:
    """Whether a picture has all that beats look at: while it plays, its parts take turns."""
    return snapshot.parameters is not None and (snapshot.network is not None or snapshot.subject.expression)


def course(snapshot: Snapshot) -> tuple[Beat, ...]:
    """The beats, in their order. The last one trains on: it is over where the step is."""
    steps = snapshot.settings.steps
    train = Beat("space", f"train {steps} steps" if steps else "train", lambda _: False, lambda _: ())
    return (*(_OF_AN_EXPRESSION if snapshot.subject.expression else _OF_A_NETWORK), train)


# --- where it stands


def _behind(*phases: str) -> Callable[[Snapshot], bool]:
    return lambda snapshot: snapshot.position.phase not in phases


def _first_neuron_over(snapshot: Snapshot) -> bool:
    here = snapshot.position
    inside = here.phase == "forward" and (here.sample, here.layer, here.neuron) == (1, 1, 1)
    return not inside or here.index >= _TEDIOUS


def _begun(snapshot: Snapshot) -> bool:
    return snapshot.position.index > 0


def _strides(snapshot: Snapshot) -> bool:
    return snapshot.granularity != "op"


def _gradient_there(snapshot: Snapshot) -> bool:
    """Whether backward has written a parameter's gradient."""
    here, rows, event = snapshot.position, snapshot.parameters, snapshot.event
    wrote = rows is not None and rows.current is not None and event is not None and event.phase == "backward"
    return here.phase == "update" or (here.phase == "backward" and wrote)


# --- what came of it


def _of_the_neuron(snapshot: Snapshot) -> Sequence[str]:
    assert snapshot.network is not None
    layer = snapshot.network.layers[0]
    if not layer.computed:
        return ("so far a weighted sum", "part of a sum")
    return (f"neuron 1 is {numbers.plain(layer.data[0])}",)


def _of_the_op(snapshot: Snapshot) -> Sequence[str]:
    event = snapshot.event
    if event is None or event.phase != "forward" or not event.assignments:
        return ("that was forward",)
    result = numbers.plain(event.assignments[0].after)
    return (f"{event.expression} = {result}", f"it is {result}")


def _of_the_prediction(snapshot: Snapshot) -> Sequence[str]:
    """ŷ and y of the sample that the network shows."""
    network = snapshot.network
    assert network is not None
    outputs, classes = network.layers[-1].data, snapshot.subject.classes
    if len(outputs) > 1 and network.decision is not None and network.target is not None:
        says, meant = classes[network.decision], classes[int(network.target)]
    elif network.own is not None:
        says, meant = (numbers.measured(own, 5).strip() for own in (network.own.prediction, network.own.target))
    else:
        says, meant = numbers.plain(outputs[0]), numbers.plain(network.targets[0])
    brief = f"ŷ {says}, y {meant}"
    return (f"sample {network.sample}: {brief}", brief)


def _of_the_loss(snapshot: Snapshot) -> Sequence[str]:
    if snapshot.loss is None:
        return ("the error of all",)
    loss, samples = numbers.loss(snapshot.loss), snapshot.position.samples
    return (f"loss {loss}: error of all {samples}", f"loss {loss}")


def _of_the_value(snapshot: Snapshot) -> Sequence[str]:
    return ("the value is there",) if snapshot.loss is None else (f"the value is {numbers.loss(snapshot.loss)}",)


def _of_zero_grad(_: Snapshot) -> Sequence[str]:
    return ("every gradient is 0",)


def _of_strides(snapshot: Snapshot) -> Sequence[str]:
    article = "an" if snapshot.granularity[0] in "aeiou" else "a"
    return (f"a press is {article} {snapshot.granularity} now",)


def _of_backward(snapshot: Snapshot) -> Sequence[str]:
    rows = snapshot.parameters
    assert rows is not None
    # Where backward is over, no single op wrote what is seen: its first gradient stands for all.
    index = rows.current if rows.current is not None and snapshot.position.phase == "backward" else 0
    gradient = numbers.plain(rows.grad[index])
    return (f"{rows.labels[index]}.grad is {gradient}", f"grad {gradient}")


_OF_A_NETWORK = (
    Beat("→", "neuron 1, op by op", _first_neuron_over, _of_the_neuron, repeats=True),
    Beat("enter", "on to ŷ, the prediction", _behind("forward"), _of_the_prediction),
    Beat("enter", "on to its error, the loss", _behind("forward", "loss"), _of_the_loss),
    Beat("enter", "gradients begin at 0", _behind("forward", "loss", "zero_grad"), _of_zero_grad),
    Beat("]", "a neuron at each press", _strides, _of_strides),
    Beat("→", "backwards to a gradient", _gradient_there, _of_backward),
)

_OF_AN_EXPRESSION = (
    Beat("→", "one op of it", _begun, _of_the_op),
    Beat("enter", "on to its value", _behind("forward", "loss"), _of_the_value),
    Beat("enter", "gradients begin at 0", _behind("forward", "loss", "zero_grad"), _of_zero_grad),
    Beat("→", "backwards to a gradient", _gradient_there, _of_backward),
)
