"""A recording has what was sent, when it was, whatever ends it. Knows tui.terminal.recording; no terminal."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from chainstep.tui.terminal.recording import Recording
from support.casts.played import read

SIZE = (80, 24)


def ticking(*seconds: float) -> Iterator[float]:
    return iter(seconds)


@pytest.mark.parametrize(("pace", "when"), [(float("inf"), [0, 0.5, 60.5, 61]), (2, [0, 0.5, 2.5, 3])])
def test_it_has_its_own_timing_or_waits_no_longer_than_told(tmp_path: Path, pace: float, when: list[float]) -> None:
    clock = ticking(100, 100.5, 160.5, 161)
    recording = Recording(tmp_path / "x.cast", SIZE, "x", {"TERM": "y"}, pace=pace, clock=clock.__next__)
    recording.sent("\x1b[1mα")
    recording.sent("")
    recording.resized(*SIZE)
    recording.resized(100, 30)
    recording.sent("b")
    recording.close("ended with status 143")

    cast = read(tmp_path / "x.cast")
    assert (cast.header["width"], cast.header["height"]) == SIZE
    assert cast.header["env"] == {"TERM": "y"}
    assert [seconds for seconds, _, _ in cast.events] == when
    assert [event[1:] for event in cast.events] == [
        ("o", "\x1b[1mα"),
        ("r", "100x30"),
        ("o", "b"),
        ("m", "ended with status 143"),
    ]
    assert (recording.seconds, recording.length) == (when[-1], (tmp_path / "x.cast").stat().st_size)


def test_each_line_is_there_at_once_and_no_file_is_written_over_unasked(tmp_path: Path) -> None:
    path = tmp_path / "x.cast"
    recording = Recording(path, SIZE, "x", {})
    recording.sent("a")
    assert read(path).data("o") == ["a"]
    with pytest.raises(FileExistsError):
        Recording(path, SIZE, "x", {})
    recording.close()
    assert read(path).data("o") == ["a"]
    Recording(path, SIZE, "y", {}, over=True).close()
    assert read(path).header["title"] == "y"


def test_on_a_full_disk_it_ends_with_a_whole_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.cast"
    recording = Recording(path, SIZE, "x", {})
    recording.sent("a")
    file = recording._file

    class Full:
        closed = False
        truncate, close = file.truncate, file.close

        def write(self, data: memoryview) -> int:
            if len(data) > 5:
                return file.write(data[:5])
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(recording, "_file", Full())
    recording.sent("bc")
    recording.sent("d")
    recording.close()
    assert recording.trouble is not None
    assert read(path).data("o") == ["a"]
    assert recording.length == path.stat().st_size
