"""What panes tell the screen that they are on. Must not know what comes of it."""

from __future__ import annotations

from textual.message import Message


class Uncovered(Message):
    """A pane has room now for what no picture has had yet."""


class Offered(Message):
    """The pane with the focus can do something else than before."""


class ParameterChosen(Message):
    """A parameter was chosen with the mouse."""

    def __init__(self, parameter: int) -> None:
        super().__init__()
        self.parameter = parameter


class SampleChosen(Message):
    """A training sample was chosen with the mouse, by its row."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


class StepChosen(Message):
    """A step was chosen by a click on the curve."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step


class StepAsked(Message):
    """A step is looked at of which the curve knows too little; on None, none is."""

    def __init__(self, step: int | None) -> None:
        super().__init__()
        self.step = step


class LineChanged(Message):
    """The cursor of the listing stands on another line; on None, it follows the next op."""

    def __init__(self, line: int | None) -> None:
        super().__init__()
        self.line = line
