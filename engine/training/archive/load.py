"""Sessions that were saved as one JSON object, in format 2; nothing writes them. Must not know files."""

from __future__ import annotations

import base64
import sys
from array import array
from collections.abc import Mapping
from itertools import chain
from typing import Any

from ..forks.branches import Branch
from ..run.begin import begin
from ..run.checkpoint import Checkpoint
from ..run.epochs import EpochStarts
from ..run.run import Ghost
from ..session import Session
from ..setup.data import Trained
from ..setup.settings import Settings
from ..snapshot.series.series import Series
from .errors import ArchiveError
from .parts import Programs, Say, Steppers, checkpoint_of, edits_of, fault_of, session_of, stand, unheard
from .saved import BRANCH, LATER, SavedError, ascending, look, look_at_session

FORMAT = 2

_HEAD = ("step", "epoch", "cursor", "updates", "edits")
_NUMBERS = ("parameters", "grads", "previous")


def load(subject: Trained, saved: Mapping[str, Any], say: Say = unheard) -> Session:
    """The session that was saved, on the same subject; `say` is told where it is not as it was left.

    Raises:
        ArchiveError: `saved` is no saved session, or not one of this subject.
    """
    if saved.get("format") != FORMAT:
        raise ArchiveError(f"saved in format {saved.get('format')!r}, this version reads {FORMAT}")
    try:
        look_at_session(saved, BRANCH)
        forks = [{"stops": (), "begun": "", **branch} for branch in saved["forks"]]
        for branch in forks:
            look(branch, LATER)
        programs = Programs(subject)
        branches = [_branch(programs, branch, say) for branch in forks]
        return session_of(subject, saved, branches)
    except (TypeError, ValueError, AssertionError, ArithmeticError, LookupError) as error:
        raise ArchiveError(f"the saved session cannot be read: {error}") from error


def _branch(programs: Programs, saved: Mapping[str, Any], say: Say) -> Branch:
    settings, first = Settings.of(saved["settings"]), tuple(saved["first"])
    program = programs.of(settings, {(sample, feature): value for sample, feature, value in saved["amendments"]})
    if len(first) != len(program.first):
        raise SavedError("it has not a first weight for every parameter")
    ghost = None if saved["ghost"] is None else Ghost(Series(_unpack(saved["ghost"])), None)
    run = begin(programs.subject, program, settings, first, ghost)
    history = run.history
    history.loss, history.accuracy = Series(_unpack(saved["loss"])), Series(_unpack(saved["accuracy"]))
    if len(history.loss) != len(history.accuracy):
        raise SavedError("its measurements are not of the same steps")
    ascending(saved["epochs"], "epochs")
    ascending([step for step, *_ in saved["tests"]], "tests", strictly=False)
    history.epochs = EpochStarts(saved["epochs"])
    history.tests = [(step, loss, accuracy) for step, loss, accuracy in saved["tests"]]
    history.stops = [(step, op, what) for step, op, what in saved["stops"]]
    history.restarted_by = saved["begun"]
    history.edits = edits_of(programs.subject, program, settings, saved["edits"])
    ascending([kept["step"] for kept in saved["checkpoints"]], "checkpoints")
    steppers = Steppers(programs, history.start.stepper, history.edits)
    # They are not spread as the run's own will be.
    history.checkpoints = [_checkpoint(steppers, kept) for kept in saved["checkpoints"]]
    if saved["fault"] is not None:
        run.fault = fault_of(saved["fault"])
    step, op = saved["position"]
    if step > len(history.loss):
        raise ValueError(f"it stands at step {step}, and has losses of {len(history.loss)}")
    stand(run, saved["name"], (step, op), history.checkpoint_before(step), say)
    since = (saved["since"][0], saved["since"][1])
    return Branch(saved["name"], run, saved["parent"], since, saved["automatic"])


def _checkpoint(steppers: Steppers, saved: Mapping[str, Any]) -> Checkpoint:
    stepper = steppers.after(saved["edits"], needed=True)
    assert stepper is not None
    rows = [*(saved[name] for name in _NUMBERS), *saved["moments"]]
    if {*map(len, rows)} != {len(stepper.program.first)}:
        raise SavedError("a checkpoint has not a number for every parameter")
    return checkpoint_of(stepper, [saved[name] for name in _HEAD], array("d", chain.from_iterable(rows)))


def _unpack(text: str) -> array[float]:
    """Doubles in base64, little-endian on every machine."""
    numbers = array("d")
    numbers.frombytes(base64.b64decode(text, validate=True))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
