"""`chainstep --kiosk`: opens the app for somebody who is to reach nothing else. Must not know how that is held, or
what is shown.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import Any

import click

from .. import opening
from ..guards import IN_A_BROWSER
from ..prefix import Prefix, carry_out, program, refuse_screenless
from ..statuses import BAD_INPUT, UsageError

KIOSK = "--kiosk"
"""Comes before all other words, as in sshd's forced command."""

FOLLOW = "follow"

_OPENING = ("expr", FOLLOW, "learn", "resume")
"""Commands that a kiosk may open the app by; a script, a sweep or a file that is written are for other places."""

_MOST_MINUTES = 100_000

_SCREENLESS = ("--check", "--delete", "--export", "--json", "--list", "--pin", "--reset", "--unpin")
"""Options by which they open none."""


def _bounded(ctx: click.Context, param: click.Parameter, number: float) -> float:
    if not 0 <= number <= _MOST_MINUTES:
        raise click.BadParameter(f"{number} is not in the range 0 to {_MOST_MINUTES}", ctx, param)
    return number


_minutes = partial(click.option, type=float, callback=_bounded, metavar="MINUTES", show_default=True)
"""An option that takes minutes."""


class Forced(Prefix):
    """Is called by an option's name."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(f"chainstep {KIOSK}", "[OPTIONS] [WHAT …]")


@click.command(cls=Forced, hidden=True, short_help="The app, for a forced command of sshd's.")
@click.argument("words", nargs=-1, metavar="[WHAT …]", type=click.UNPROCESSED)
@click.option("--as", "who", metavar="NAME", help="Whose store it is; if not given, a store for each ssh key.")
@click.option(
    "--memory",
    type=click.IntRange(128, 1_000_000),
    default=400,
    metavar="MB",
    show_default=True,
    help="What it may take; larger networks are refused.",
)
@click.option("--steps-a-second", type=click.IntRange(1), metavar="N", help="The most that it trains; no limit else.")
@_minutes(
    "--unattended",
    default=10,
    help="How long it plays without a key, as in a tmux that nobody looks at; 0 for ever.",
)
@_minutes("--idle", default=60, help="How long it stays without a key until it is saved and left; 0 for ever.")
@click.pass_context
def kiosk(ctx: click.Context, /, words: tuple[str, ...], who: str | None, **limits: Any) -> int:
    """Open the app on WHAT for somebody who is to reach nothing else: no file but their own runs, no program.

    It is meant for authorized_keys, behind command=; the README has a recipe. WHAT is an example, a CSV file, expr …,
    learn …, resume, or follow for a session that somebody shares, with its options.
    """
    if sys.flags.inspect:
        sys.stderr.write("chainstep: a kiosk does not start where Python would stay behind it (-i, PYTHONINSPECT)\n")
        sys.stderr.flush()
        os._exit(BAD_INPUT)  # the prompt would come now
    _refuse(ctx, words)
    from chainstep.engine.training.session import Session

    from ...classroom.kiosk import store
    from ...classroom.kiosk.bars import bound
    from ...classroom.kiosk.kiosk import Kiosk

    try:
        name = who and store.checked(who)
    except store.WhoError as error:
        raise UsageError(str(error)) from None
    _refuse_environment()
    follows = words[:1] == (FOLLOW,)
    page = os.environ.get("TEXTUAL_DRIVER") == IN_A_BROWSER
    found = Kiosk(_settle(name, connects=follows), **limits, follows=follows, page=page)
    if found.memory is not None:
        bound(found.memory)
    Session.prefer_loops()  # no process makes its bytecode
    return carry_out(ctx, words, opening.kiosk, found)


def _refuse(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Refuse what a kiosk does not open."""
    if opening.recorder.get() is not None:
        raise UsageError("a kiosk writes no recording")
    first = words[0] if words else ""
    own = {KIOSK, *(name for option in kiosk.params for name in option.opts if name.startswith("--"))}
    late = next((word for word in words if word.partition("=")[0] in own), None)
    if late is not None:
        raise UsageError(f"{late} comes before what is opened: chainstep {KIOSK} … WHAT")
    why = "a kiosk opens the app alone, and chainstep {} does something else"
    refuse_screenless(words, program(ctx).commands, why, _OPENING)
    without = next((word for word in words if word in _SCREENLESS), None)
    if first in _OPENING and without is not None:
        raise UsageError(f"a kiosk opens the app alone, and {without} opens none")
    from ...scripts import SUFFIXES

    script = next((word for word in words if word.endswith(SUFFIXES)), None)
    if script is not None:
        raise UsageError(f"a kiosk runs no script: {script[:100]!r}")


def _refuse_environment() -> None:
    from ...classroom.kiosk import environment

    name = environment.refused(os.environ, isolated=bool(sys.flags.ignore_environment))
    if name:
        raise UsageError(f"{name} is set, which Python has obeyed before chainstep began: sshd is not to accept it")
    left = environment.kept(os.environ, browser=IN_A_BROWSER)
    for variable in set(os.environ) - set(left):
        del os.environ[variable]


def _settle(who: str | None, *, connects: bool) -> str:
    """Go into the store of whoever has come, and put up the bars; gives the name."""
    from ...classroom.kiosk import store
    from ...classroom.kiosk.bars import bar
    from ...files.state import state_folder

    name = store.of_key(os.environ) if who is None else who
    folder = store.folder(state_folder(), name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = folder.resolve()
    os.environ["CHAINSTEP_STATE"] = str(folder)
    bar(folder, connects=connects)
    return name
