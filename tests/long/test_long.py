"""Long runs: a share of each holds, and the command says what was tried and failed. Must not know what they try."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.cases import every_case, shrunk

from .__main__ import main
from .catalogue import RUNS
from .registry import LongRun, long_run

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", [name for name, run in RUNS.items() if run.share])
def test_a_share_of_it_holds(name: str, tmp_path: Path) -> None:
    RUNS[name].check(tmp_path, RUNS[name].share, 1)


def test_property_tests_are_carried_out_as_typed() -> None:
    command = [sys.executable, "-m", "tests.long", "bits", "--seed", "5", "--count", "1"]
    ended = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)
    first, *_, last = ended.stdout.splitlines()
    assert first == "bits: 1 case, seed 5"
    assert last.startswith("bits: 1 case, seed 5, ")
    assert " passed, " in ended.stdout


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """The cases of a long run, `some-cases`; from 100 on they fail."""
    seeds: list[int] = []

    def case(seed: int) -> None:
        seeds.append(seed)
        assert seed < 100

    def check(folder: Path, count: int, seed: int) -> str:
        (folder / "file").touch()
        every_case(count, seed, case)
        return "all sound"

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setitem(RUNS, "some-cases", LongRun("Some cases.", 1_234, 0, check))
    return seeds


def test_without_a_name_they_are_listed(tried: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert last.split(maxsplit=2) == ["some-cases", "1,234", "Some cases."]
    assert [line.split()[0] for line in (*lines, last)] == list(RUNS)
    assert tried == []


def test_a_seed_gives_the_same_cases(tried: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["some-cases", "--seed", "7", "--count", "3"]) == 0
    assert tried == [7, 8, 9]
    first, last = capsys.readouterr().out.splitlines()
    assert first == "some-cases: 3 cases, seed 7"
    assert last.startswith("some-cases: 3 cases, all sound, seed 7, ")
    assert list(tmp_path.iterdir()) == []


def test_a_seed_that_was_drawn_is_said(
    tried: list[int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("random.randrange", lambda most: most // 100_000)
    assert main(["some-cases", "--count", "2"]) == 0
    assert tried == [10, 11]
    assert "seed 10" in capsys.readouterr().out


def test_what_failed_can_be_tried_again_by_itself(
    tried: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["some-cases", "--seed", "90"]) == 1
    assert tried == [*range(90, 101)]
    output = capsys.readouterr()
    assert output.out.endswith("again: python -m tests.long some-cases --seed 100 --count 1\n")
    assert "assert seed < 100" in output.err
    (left,) = tmp_path.iterdir()
    assert [file.name for file in left.iterdir()] == ["file"]
    assert str(left) in output.out


def test_a_long_run_without_cases_fails_with_its_own_seed(
    monkeypatch: pytest.MonkeyPatch, tried: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    def check(folder: Path, count: int, seed: int) -> None:
        raise ValueError

    monkeypatch.setitem(RUNS, "some-cases", LongRun("Some cases.", 1_234, 0, check))
    assert main(["some-cases", "--seed", "90"]) == 1
    assert capsys.readouterr().out.endswith("again: python -m tests.long some-cases --seed 90 --count 1234\n")


def test_a_name_that_is_none_is_refused(tried: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["some-case"]) == 2
    assert capsys.readouterr().err == "there is no long run called 'some-case': did you mean some-cases?\n"


def test_one_is_registered_by_its_function() -> None:
    @long_run(count=5, share=1)
    def a_new_one(folder: Path, count: int, seed: int) -> None:
        """What is listed.

        What is not.
        """

    assert RUNS.pop("a-new-one") == LongRun("What is listed.", 5, 1, a_new_one)


@given(st.lists(st.integers(0, 9), max_size=30), st.lists(st.integers(0, 9), min_size=1, max_size=3))
def test_the_shortest_sequence_that_fails(items: list[int], wanted: list[int]) -> None:
    """Here it fails where `wanted` comes in it, in this order."""

    def fails(sequence: list[int]) -> bool:
        rest = iter(sequence)
        return all(item in rest for item in wanted)

    with_them = [*items[::2], *wanted, *items[1::2]]
    assert shrunk(with_them, fails) == wanted
