"""Losses side by side over one prediction: how large each is, and how steep. Must not know how a loss is computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from chainstep.engine.nn.compared import hinge, log_loss, squared_error
from chainstep.engine.training.snapshot.network import NetworkView

from ...theme import glyphs
from ..base.list_dialog import ListDialog, wrapped

_PREDICTIONS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)

_LOSSES = {"squared error": squared_error, "log loss (BCE)": log_loss, "hinge": hinge}

_NUMBER, _COLUMN, _GAP = 8, 17, 2

_WORDS = (
    "A loss near 0 says that ŷ is near its target. The slope is what backward begins with: log loss is steep where ŷ "
    "is sure and wrong, squared error never is, and the hinge pushes alike up to its margin."
)


class Losses(ListDialog[None]):
    """A row for each prediction; that of the sample at hand is marked."""

    TITLE = "A loss, large and small"
    KEYS = "space the other target   ↑ ↓ scroll   escape closes"
    NOTHING = ""

    BINDINGS = [Binding("f3", "close", "close"), Binding("space", "turn", "target")]

    def __init__(self, network: NetworkView | None) -> None:
        super().__init__(lambda _: None)
        self._own = own_prediction(network)
        self._meant = self._own is None or self._own[1]

    def above(self) -> Iterator[Widget]:
        yield Static("", id="target", markup=False)
        yield Static("", id="heading", markup=False)

    def below(self) -> Iterator[Widget]:
        yield Static("", classes="words", id="story", markup=False)

    def on_resize(self) -> None:
        super().on_resize()
        lines = wrapped(glyphs().say(_WORDS), self.room)
        story = self.query_one("#story", Static)
        story.styles.height = len(lines)
        story.update("\n".join(lines))

    def refill(self) -> None:
        super().refill()
        say, y = glyphs().say, int(self._meant)
        signed = "" if self._meant else ", for the hinge -1"
        self.query_one("#target", Static).update(say(f"y = {y}{signed}: each loss, and its slope ∂loss/∂ŷ"))
        heading = " " * (_NUMBER + _GAP) + (" " * _GAP).join(f"{name:>{_COLUMN}}" for name in _LOSSES)
        self.query_one("#heading", Static).update(Text(say(f"ŷ{heading[1:]}"), "dim"))

    def rows(self) -> Sequence[Text]:
        own = self._own[0] if self._own is not None and self._own[1] == self._meant else None
        predictions = sorted({*_PREDICTIONS, *(() if own is None else (own,))})
        return [self._row(prediction, own=prediction == own) for prediction in predictions]

    def _row(self, prediction: float, *, own: bool) -> Text:
        mark = f"{glyphs().dot if own else ' '} "
        cells = [f"{mark}{f'{prediction:.4g}':<{_NUMBER - len(mark)}}"]
        for measure in _LOSSES.values():
            loss, slope = measure(prediction, self._meant)
            cells.append(f"{f'{loss:.4g}':>8}{f'{slope:+.4g}':>{_COLUMN - 8}}")
        return Text((" " * _GAP).join(cells), "bold" if own else "")

    def action_turn(self) -> None:
        """Mean the other target."""
        self._meant = not self._meant
        self.refill()


def own_prediction(network: NetworkView | None) -> tuple[float, bool] | None:
    """A sample's ŷ, or the probability that it means, and whether its target is 1; None where there is none such, or
    more than one.
    """
    if network is None or not network.computed or len(network.targets) != 1 or not network.layers[-1].computed:
        return None
    meant = network.targets[0] == 1.0
    if len(network.probabilities) == 2:
        return network.probabilities[1], meant
    return (network.layers[-1].data[0], True) if meant and not network.probable else None
