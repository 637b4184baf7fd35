"""A sample that is a picture, and what a network decides on it, as the screen may see it. Must not know tapes."""

from __future__ import annotations

from ....records import record


@record(eq=False)
class ImageView:
    """One training sample of `columns` x `rows` pixels, with the parameters that the network had at one moment."""

    columns: int
    rows: int
    pixels: tuple[float, ...]
    """Row by row from the top left, from 0 for paper to 1 for as much ink as any pixel of the data has."""
    sample: int
    """The sample's index in the training data."""
    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    """One a class; empty where the loss makes outputs mean none."""
    target: int
    """Index of the class that it is."""
    decision: int
    """Index of the class that is chosen."""
