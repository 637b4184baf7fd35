"""What a page may say, and what is no message of one."""

from __future__ import annotations

import json
import random

import pytest

from chainstep.tui.classroom.web.messages import Focused, Message, Ping, Resized, StrangeError, Typed, read, size
from support.cases import each


@each(
    ("text", "message"),
    [
        ('["stdin", "\\u001b[A"]', Typed(b"\x1b[A")),
        ('["stdin", "ŷ"]', Typed("ŷ".encode())),
        ('["stdin", "\\ud800"]', Typed(b"?")),
        ('["resize", {"width": 142, "height": 39}]', Resized(142, 39)),
        ('["resize", {"width": 1e9, "height": -1}]', Resized(1000, 1)),
        ('["resize", {"width": 1e999, "height": null}]', Resized(80, 24)),
        ('["focus"]', Focused(True)),
        ('["blur"]', Focused(False)),
        ('["ping", "1732"]', Ping("1732")),
    ],
)
def test_what_a_page_says(text: str, message: Message) -> None:
    assert read(text) == message


STRANGE = ["", "stdin", "{}", "[]", "null", '["stdin"]', '["stdin", 1]', '["resize", 1]', '["quit"]', "[" * 100_000]


@each("text", [*STRANGE, '["ping", 1]', json.dumps(["ping", "x" * 101]), '["stdin", "a", "b"]', '{"stdin": "a"}'])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(StrangeError):
        read(text)


def test_sizes_are_within_reason_whatever_is_wanted() -> None:
    assert size("120", "36") == (120, 36)
    assert size(None, "x") == (80, 24)
    assert size("-5", "99999999999999999999") == (1, 400)


def test_whatever_is_changed_in_a_message_is_read_or_refused() -> None:
    rng = random.Random(17)
    for _ in range(2000):
        text = [*rng.choice(['["stdin", "a"]', '["resize", {"width": 80, "height": 24}]', '["ping", "1"]'])]
        for _ in range(rng.randrange(1, 4)):
            text[rng.randrange(len(text))] = rng.choice('[]{}",:\\\x00é0e-' + chr(rng.randrange(0x110000)))
        try:
            message = read("".join(text))
        except StrangeError:
            continue
        assert not isinstance(message, Resized) or (1 <= message.columns <= 1000 and 1 <= message.rows <= 400)
