"""Runs' files torn in a thousand ways: none hangs, none is believed that is not as it was. Must not know what is in a
session.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from chainstep.tui.files.store.errors import RunError
from chainstep.tui.files.store.file import RunFile
from chainstep.tui.files.store.folder import open_run, tidy
from chainstep.tui.files.store.reading import list_runs, read
from support.cases import every_case
from support.runs.files import NOW, SUMMARY, save

_LATE = {"late": b"1"}
"""A record that is in the log alone."""


def tear(folder: Path, count: int, seed: int) -> int:
    """Tear a run's file, or what a killed process has left of one, `count` times. Each is refused in a line or is what
    was written, within 2 s of computing; and what can be opened can be gone on with. How many could be opened; raises
    CaseError.
    """
    chance = random.Random(1)
    records = {f"block/{number}": _record(number, chance) for number in range(60)}
    sound = save(folder / "sound", records)
    left, killed = {"": sound.read_bytes()}, _killed(sound)
    opened = 0

    def case(number: int) -> None:
        nonlocal opened
        chance = random.Random(number)
        files = dict(killed if number % 4 == 0 else left)
        torn = chance.choice(sorted(files))
        files[torn] = mutated(files[torn], chance)
        state = folder / str(number)
        state.mkdir()
        path = state / "torn.chainstep"
        for ending, content in files.items():
            Path(f"{path}{ending}").write_bytes(content)
        began = time.process_time()
        found, why = _read(path)
        assert why.isprintable()
        assert found in ((records, records | _LATE) if len(files) > 1 else (records, None)) or found is None
        opened += found is not None
        listing = list_runs(state)
        assert len(listing.runs) + len(listing.damaged) == bool(path.stat().st_size)
        if number % 8 < 2:
            _go_on(state, path)
        assert time.process_time() - began < 2
        shutil.rmtree(state)

    every_case(count, seed, case)
    return opened


def _read(path: Path) -> tuple[dict[str, bytes] | None, str]:
    """Its records, or why there are none."""
    try:
        return read(path).records, ""
    except RunError as error:
        return None, str(error)


def _record(number: int, chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((5, 900, 5_000, 20_000))) if number % 3 else bytes(number * 999)


def _killed(sound: Path) -> Mapping[str, bytes]:
    """A run's files as a killed process leaves them, by their endings."""
    file = RunFile.own(sound)
    file.write({}, SUMMARY, NOW)
    file.write(_LATE, SUMMARY, NOW)
    files = {ending: Path(f"{sound}{ending}").read_bytes() for ending in ("", "-wal")}
    file.close()
    return files


def _go_on(folder: Path, path: Path) -> None:
    """Resume a torn run, and save it."""
    tidy(folder)
    try:
        contents, file, why = open_run(folder, path)
    except RunError:
        return
    assert (file is None) == bool(why)
    if file is not None:
        more = {"more": bytes(30_000)}
        file.write({**more, "block/1": None}, SUMMARY, NOW)
        file.close()
        assert read(path).records == {key: data for key, data in contents.records.items() if key != "block/1"} | more


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes of a file with something done to them."""
    kinds: Sequence[Callable[[bytearray, random.Random], object]] = (_flip, _fill, _page, _swap, _cut, _grow, _splice)
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        chance.choice(kinds)(found, chance)
    return bytes(found)


def _place(found: bytearray, chance: random.Random) -> int:
    """Every other one is where the pages say what they hold."""
    page = chance.randrange(len(found) // 4096 + 1) * 4096
    place = page + chance.randrange(100) if chance.random() < 0.5 else chance.randrange(len(found) + 1)
    return min(place, max(len(found) - 1, 0))


def _flip(found: bytearray, chance: random.Random) -> None:
    if found:
        found[_place(found, chance)] ^= 1 << chance.randrange(8)


def _fill(found: bytearray, chance: random.Random) -> None:
    place = _place(found, chance)
    for index in range(place, min(place + chance.choice((1, 2, 4, 16)), len(found))):
        found[index] = chance.choice((0, 1, 5, 10, 13, 127, 128, 255, chance.randrange(256)))


def _page(found: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(found) // 4096 + 1) * 4096
    stop = min(start + 4096, len(found))
    found[start:stop] = chance.choice((bytes, lambda n: b"\xff" * n, chance.randbytes))(stop - start)


def _swap(found: bytearray, chance: random.Random) -> None:
    pages = len(found) // 4096
    if pages:
        first, second = (chance.randrange(pages) * 4096 for _ in range(2))
        found[first : first + 4096] = found[second : second + 4096]


def _cut(found: bytearray, chance: random.Random) -> None:
    del found[_place(found, chance) :]


def _grow(found: bytearray, chance: random.Random) -> None:
    found += chance.randbytes(chance.choice((1, 100, 4096, 9000)))


def _splice(found: bytearray, chance: random.Random) -> None:
    place = _place(found, chance)
    found[place : place + chance.randrange(50)] = chance.randbytes(chance.randrange(50))
