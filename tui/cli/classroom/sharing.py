"""The option that lets others look on, and the command that looks on, as click takes them. Must not know how anything
is shared, or shown.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from .. import opening, options
from ..guards import require_terminal
from ..prefix import ours, refuse_screenless
from ..statuses import UsageError

if TYPE_CHECKING:
    from ...classroom.sharing.teacher import Share

_NICENESS = 5
"""Of whoever looks on: who teaches comes first. It stays when they fork off, as it does for all of them."""

SHARE, GROUP = "--share", "--share-group"


def without_sharing(words: list[str], commands: Collection[str]) -> list[str]:
    """The words without those that say it is to be shared; that is remembered for when it is opened.

    Raises:
        UsageError: they open nothing that could be shared.
    """
    before = ours(words)
    left, group = list[str](), None
    taken, rest = False, iter(before)
    for word in rest:
        name, equals, value = word.partition("=")
        if name == GROUP:
            group = value if equals else next(rest, "")
            if not group or group.startswith("-"):
                raise UsageError(f"{GROUP} names a group of users of this machine")
        elif word != SHARE:
            left.append(word)
        taken = taken or name in (SHARE, GROUP)
    if not taken:
        return words
    if left[:1] == ["kiosk"]:
        raise UsageError("a kiosk shares nothing")
    shown = {*opening.OPENING, "record"} - {"follow"}
    refuse_screenless(left, commands, "chainstep {} opens no screen that could be shared", shown)
    opening.share.set(_share(group))
    return [*left, *words[len(before) :]]


def _share(group: str | None) -> Share:
    from ...classroom.sharing.teacher import Share
    from ...classroom.wire import places

    try:
        if group is not None:
            places.group_number(group)
    except places.PlaceError as error:
        raise UsageError(str(error)) from None
    return Share(group)


@click.command(params=[options.LETTERS], short_help="Look on at a session that somebody shares.")
@click.argument("name", required=False)
def follow(name: str | None) -> int:
    """Look on at the session that somebody on this machine shares, by chainstep --share: the only one, or that of NAME.

    It is shown in your own size and colours, and you look at what you like; w forks off, into a session of your own.
    """
    from ...classroom.wire.places import PlaceError

    require_terminal("chainstep train WHAT")
    from ...classroom.following.joining import join

    try:
        joined = join(name)
    except PlaceError as error:
        raise UsageError(str(error)) from None
    with suppress(OSError):
        os.nice(_NICENESS)
    return opening.show(joined.session, joined.source, "chainstep train WHAT", joins=joined)
