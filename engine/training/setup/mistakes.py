"""The mistakes that people make in a training loop, to be made on purpose. Must not know how they are carried out, nor
their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...records import record


@record
class Mistake:
    """One way to break training."""

    label: str
    words: str
    """How people come to make it, and what follows."""
    replayed: bool = False
    """It changes how gradients come about, which the compiled function cannot."""
    restarts: bool = False
    """It changes the first weights."""
    layered: bool = False
    """It is about layers, and an expression has none."""
    kept: bool = False
    """It is about a graph that is kept: an expression's is, and a network's is made anew for each sample."""

    @property
    def comparable(self) -> bool:
        """Whether a run that makes it can begin with the weights of one that does not: the network is the same."""
        return not (self.restarts or self.layered)


MISTAKES: Mapping[str, Mistake] = {
    "no_zero_grad": Mistake(
        "zero_grad forgotten",
        "Without zero_grad() each step follows the sum of all gradients so far, an ever larger step: a simple problem "
        "may end lower, at other rates it explodes.",
        replayed=True,
    ),
    "overwrite": Mistake(
        "= instead of +=",
        "A backward that says grad = ... is right as long as each value is used once: used again, it keeps the last "
        "use's gradient and loses the others.",
        replayed=True,
    ),
    "unordered": Mistake(
        "backward without topological order",
        "A backward that calls its inputs straight away passes a gradient on before the other uses have added theirs.",
        replayed=True,
    ),
    "twice": Mistake(
        "backward() a second time",
        "A second backward() on a kept graph adds to the first one's gradients, inner ones too: leaves get more than "
        "twice theirs. A new forward makes inner nodes anew.",
        replayed=True,
        kept=True,
    ),
    "flipped": Mistake(
        "the sign of the update flipped",
        "With + for - in the update each step goes up the gradient: the loss grows.",
    ),
    "zero_weights": Mistake(
        "all weights zero",
        "Zero looks like a neutral start, but the neurons of a layer then get the same gradient and stay the same.",
        restarts=True,
        layered=True,
    ),
    "no_bias": Mistake(
        "no bias",
        "Without its bias a neuron's boundary goes through the origin, wherever the data lie.",
        restarts=True,
        layered=True,
    ),
    "no_nonlinearity": Mistake(
        "no non-linearity",
        "Layers without an activation between them multiply out to a single one, however many there are.",
        layered=True,
    ),
}
"""Mistakes by name."""
