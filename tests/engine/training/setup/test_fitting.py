"""How large a network is, told without laying it out."""

from __future__ import annotations

import re

import pytest

from chainstep.engine.nn.losses import LOSSES
from chainstep.engine.training.run.begin import build, parameter_count
from chainstep.engine.training.setup.settings import SettingsError
from support.cases import each
from support.sessions import Begin


@each("example", ["lecture", "xor", "iris", "wonderland", "parabola", "geyser"])
def test_it_has_as_many_parameters_as_it_is_said_to_have(example: str, begin: Begin) -> None:
    session = begin(example)
    for loss in LOSSES:
        settings = session.settings.replace(loss=loss)
        try:
            built = len(build(session.subject, settings).first)
        except SettingsError as error:
            with pytest.raises(SettingsError, match=re.escape(str(error))):
                parameter_count(session.subject, settings)
        else:
            assert parameter_count(session.subject, settings) == built
