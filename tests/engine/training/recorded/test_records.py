"""A recording as records and again from them, also where somebody has changed them. Must not know files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chainstep.engine.training.recorded.graph import RecordingError
from chainstep.engine.training.recorded.recorder import Recorder
from chainstep.engine.training.recorded.records import pack, unpack
from support.cases import each
from support.scripts.recordings import trained

RECORDS = pack(trained(3, assigns="add"))


def test_nothing_is_lost() -> None:
    again, run = unpack(pack(trained(3, assigns="add"), (0, 1, 2)))
    assert run == (0, 1, 2)
    assert pack(again) == RECORDS
    assert (again.name, again.output, again.runs()) == ("demo.py", "step 0\nstep 1", [(0, 1, 2)])
    assert again.places[0].name == "line 1"


def changed(key: str, **fields: Any) -> dict[str, bytes]:
    return {**RECORDS, key: json.dumps({**json.loads(RECORDS[key]), **fields}).encode()}


@each(
    "records",
    [
        {},
        {**RECORDS, "script": b"[]"},
        {**RECORDS, "script": b"{"},
        {**RECORDS, "script/moments/0": RECORDS["script/moments/0"][:-1]},
        {**RECORDS, "script/moments/0": RECORDS["script/moments/0"] * 2},
        {**RECORDS, "script/finals/0": b""},
        changed("script", moments=10**9),
        changed("script", moments=4),
        changed("script", graphs=2),
        changed("script", run=[0, 1]),
        changed("script", run=[0, 7]),
        changed("script", name="\x1b[2J"),
        changed("script", output="\x07"),
        changed("script", places=[[1, "a\nb", None, ""]]),
        changed("script", places=[[1, "a", None, "\x1b"]]),
        changed("script", places=[]),
        changed("script/graph/0", op=[0, 0]),
        changed("script/graph/0", op=[9] * 6),
        changed("script/graph/0", inputs=[[0]] * 6),
        changed("script/graph/0", inputs=[[], [], [0, True], [], [2, 3], [4]]),
        changed("script/graph/0", names=[[99, "a"]]),
        changed("script/graph/0", names=[[0, "\x1b"]]),
        changed("script/graph/0", places=[7] * 6),
        changed("script/graph/0", parameters=[2]),
        changed("script/graph/0", parameters=[3, 1]),
    ],
)
def test_what_fits_nowhere_is_refused_in_one_line(records: dict[str, bytes]) -> None:
    with pytest.raises(RecordingError) as error:
        unpack(records)
    assert str(error.value).isprintable()


def test_what_would_act_on_a_terminal_is_replaced() -> None:
    recorder = Recorder("a\x1bb")
    assert recorder.place(1, "  x = '\x9b'  ") == 0
    assert unpack(pack(trained(1, name="a\x1bb")))[0].name == "a�b"
