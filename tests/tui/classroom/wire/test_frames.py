"""Messages as bytes, and back; nothing else passes. Must not know who sends them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.replication.update import Update
from chainstep.tui.classroom.wire.frames import LETTERS, Decoder, FrameError, decoded, encoded
from support.cases import each

messages = st.builds(
    Update,
    st.sampled_from(sorted(LETTERS.keys() - {"position"})),
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=200)),
    st.binary(max_size=300),
) | st.builds(lambda step, op: Update("position", {"at": [step, op]}), st.integers(0, 2**50), st.integers(0, 2**40))


@given(st.lists(messages, max_size=5), st.integers(1, 40))
def test_messages_arrive_in_whatever_pieces(said: list[Update], piece: int) -> None:
    data, decoder = b"".join(map(encoded, said)), Decoder(10_000)
    heard = [one for at in range(0, len(data), piece) for one in decoder.feed(data[at : at + piece])]
    assert heard == said


def test_a_step_is_a_few_bytes() -> None:
    assert len(encoded(Update("position", {"at": [1_234, 567]}))) == 6


@each(
    "held",
    [b"", b"?", b"p", b"p\x01", b"p\x01\x02\x03", b"h\x02{]", b"h\x05{}", b"h\x02[]", b"Z", b"Zx", b"h\xff\xff\xff",
     b"h\x0c{\"a\": NaN}  ", b"h" + b"\xff" * 12, b"h\x04" + b"[" * 4],
)  # fmt: skip
def test_what_is_no_message_is_none(held: bytes) -> None:
    with pytest.raises(FrameError):
        decoded(held, 1_000)


def test_what_is_too_long_is_not_waited_for_nor_unpacked() -> None:
    with pytest.raises(FrameError):
        list(Decoder(1_000).feed(b"\xe9\x07"))
    bomb = encoded(Update("subject", {}, bytes(100_000)))
    assert len(bomb) < 1_000
    with pytest.raises(FrameError):
        list(Decoder(1_000).feed(bomb))
