"""A whole session in the archive's records, but with few of its numbers: the curves in stretches, of the checkpoints
those alone that lead to where its runs stand. Must not know who asks for it.
"""

from __future__ import annotations

from copy import copy

from ...records import replace
from ..archive.archive import Archive
from ..forks.branches import Branches
from ..run.run import Ghost, Run
from ..session import Session
from .thinned import Thinned, fitting


def whole(session: Session, known: Thinned | None, back: int) -> tuple[dict[str, bytes], Thinned, int]:
    """The records; the stretches of the current run's curves, those that are `known` if they fit; and the step back to
    which a short way leads: from a checkpoint that lies `back` steps behind it.
    """
    branches = session.branches
    thin, mine, low = [], known, 0
    for branch in branches:
        of, measured = (branch.run.history.loss, branch.run.history.accuracy), branch.run.measured()
        own = branch.run is session.run
        if own and known is not None and known.of[0] is of[0] and known.fits(measured):
            thinned = known
        else:
            thinned = fitting(of, measured)
        run = _thin(branch.run, thinned, back)
        thin.append(replace(branch, run=run, replaced=[]))
        if own:
            mine, newest = thinned, run.history.newest
            low = newest[0].step + 1 if newest and newest[0].step < run.state.step - back else 0
    other = Session.of(session.subject, Branches(thin, branches.current.name))
    other.debugger, other.inspector, other.log = session.debugger, session.inspector, session.log
    assert mine is not None
    return dict(Archive(other).changes().records), mine, low


def _thin(of: Run, thinned: Thinned, back: int) -> Run:
    run, history = copy(of), of.history
    loss, accuracy = thinned.series(of.measured())
    near = of.nearby()
    behind = history.checkpoint_at(max(0, near.step - back))
    kept = {each.step: each for each in (behind, near) if each.step}
    run.history = replace(history, loss=loss, accuracy=accuracy, checkpoints=[], newest=list(kept.values()))
    if of.ghost is not None:
        (losses,) = Thinned((of.ghost.losses,)).series(len(of.ghost.losses))
        run.ghost = Ghost(losses, None)
    return run
