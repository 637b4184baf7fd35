"""The words by which a session is shared and followed. Must not know how that is done."""

from __future__ import annotations

import grp
import os

import pytest

from chainstep.tui.classroom.sharing.teacher import Share
from chainstep.tui.cli import main, opening
from chainstep.tui.cli.classroom import sharing
from chainstep.tui.cli.classroom.sharing import without_sharing
from support.cases import each

COMMANDS = ("expr", "follow", "kiosk", "record", "resume", "train", "web")
GROUP = grp.getgrgid(os.getgid()).gr_name


@each(
    ("words", "rest", "share"),
    [
        (["moons"], ["moons"], None),
        (["moons", "--share"], ["moons"], Share()),
        (["--share"], [], Share()),
        (["--share", "moons", "--lr", "0.1"], ["moons", "--lr", "0.1"], Share()),
        (["expr", "a*b", "--share", "a=1", "b=2"], ["expr", "a*b", "a=1", "b=2"], Share()),
        (["moons", "--share-group", GROUP], ["moons"], Share(GROUP)),
        ([f"--share-group={GROUP}", "--share", "resume"], ["resume"], Share(GROUP)),
        (["x.py", "--share", "--", "--share"], ["x.py", "--", "--share"], Share()),
    ],
)
def test_it_is_said_anywhere_before_the_words_of_a_script(words: list[str], rest: list[str], share: Share) -> None:
    opening.share.set(None)
    assert without_sharing(words, COMMANDS) == rest
    assert opening.share.get() == share
    opening.share.set(None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("train moons --share", "chainstep train opens no screen that could be shared"),
        ("follow --share", "chainstep follow opens no screen that could be shared"),
        ("--kiosk moons --share", "a kiosk shares nothing"),
        ("moons --share-group", "--share-group names a group of users of this machine"),
        ("moons --share-group nosuchgroup", "there is no group 'nosuchgroup' here"),
        ("follow", "nobody shares a session with you here: chainstep --share does"),
        ("follow anna", "nobody shares a session with you here: chainstep --share does"),
    ],
)
@pytest.mark.usefixtures("runtime")
def test_what_cannot_be_shared_or_followed_is_told_in_a_line(
    words: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "require_terminal", lambda instead: None)
    assert main(words.split()) == 2
    assert capsys.readouterr().err == f"chainstep: {said}\n"
