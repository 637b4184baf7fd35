"""What a list of runs says about a session. Must not know files, or when is saved."""

from __future__ import annotations

import json

from chainstep.engine.training.session import Session

from .store.format import Summary
from .subjects.source import Source


def summary(session: Session, source: Source) -> Summary:
    """What a list of runs says about a session."""
    return Summary(source.title, json.dumps(source.to_json()), session.step, session.loss)
