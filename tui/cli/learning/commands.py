"""The command for lessons and its options, as click takes them. Must not know how one is read, checked or shown."""

from __future__ import annotations

import click

from .. import options
from ..statuses import UsageError

_DOES_NOT_HOLD = 1


@click.command(params=[options.LETTERS], short_help="Lessons on the live screens; --list is all.")
@click.argument("lesson", required=False, metavar="[LESSON|FILE.toml]")
@click.option("--list", "listing", is_flag=True, help="List the lessons, and how far you have come.")
@click.option("--check", is_flag=True, help="Play it without a screen, and say what in it does not hold.")
@click.option("--review", is_flag=True, help="Ask again what went wrong before.")
@click.option("--reset", is_flag=True, help="Forget how far you have come, in LESSON or in all of them.")
@click.option("--export", is_flag=True, help="Every answer with its time and the right value, a JSON object a line.")
@click.option("--json", "as_json", is_flag=True, help="With --list, --check or --review: one JSON object a line.")
def learn(
    lesson: str | None, listing: bool, check: bool, review: bool, reset: bool, export: bool, as_json: bool
) -> int:
    """Learn on the live screens: each answer is computed in front of you, forwards and backwards.

    Without anything it goes on where you left off. LESSON is one's name or number; FILE.toml is a lesson of your own.
    The status of --check is 1 if something does not hold, 2 if a file cannot be read.
    """
    if sum((listing, check, review, reset, export)) > 1:
        raise UsageError("one thing at a time: --list, --check, --review, --reset or --export")
    if as_json and not (listing or check or review):
        raise UsageError("--json goes with --list, --check or --review")
    if lesson is not None and (listing or review or export):
        raise UsageError("LESSON goes with --check or --reset, or by itself")
    from . import learning  # the help of commands does without

    if check:
        return 0 if learning.check(lesson, as_json=as_json) else _DOES_NOT_HOLD
    if listing:
        return learning.list_all(as_json=as_json)
    if reset:
        return learning.reset(lesson)
    if export:
        return learning.export()
    if review and as_json:
        return learning.review()
    return learning.open_app(lesson, review=review)
