"""What a saved run has of a user's script, and which part of it is looked at first. Must not know sessions."""

from __future__ import annotations

from collections.abc import Mapping

from chainstep.datasets import DataError
from chainstep.engine.training.recorded.graph import RecordingError
from chainstep.engine.training.recorded.recording import Recording
from chainstep.engine.training.recorded.records import unpack
from chainstep.engine.training.setup.data import Recorded


def recorded(records: Mapping[str, bytes]) -> Recorded:
    """What a saved run has of a script.

    Raises:
        DataError: it has nothing of the kind.
    """
    try:
        recording, run = unpack(records)
    except RecordingError as error:
        raise DataError(str(error)) from None
    return Recorded(recording, run or first_run(recording))


def first_run(recording: Recording) -> tuple[int, ...]:
    """The run that is looked for first: the first that differs from what is right, or else the longest."""
    runs = recording.runs()
    wrong = (run for run in runs if any(recording.moments[number].differs for number in run))
    return next(wrong, max(runs, key=len))
