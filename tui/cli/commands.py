"""The commands and their options, as click takes them. Must not know how anything is trained, checked or drawn.

Each command loads what it needs when it runs, so that none waits for what only others need.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import opening, options
from .checking.commands import check
from .classroom.kiosk import KIOSK, kiosk
from .classroom.serving import class_
from .classroom.sharing import SHARE, follow, without_sharing
from .classroom.web import web
from .exchanging.commands import export, import_
from .learning.commands import learn
from .prefix import ours
from .recording.commands import record
from .scripts.commands import script
from .statuses import INTERRUPTED, UsageError
from .sweeping.commands import OF_POOLS, refuse_pools, resume_any, sweep
from .verify.commands import verify

if TYPE_CHECKING:
    from .statuses import Main

_INTRODUCTION = """\
A debugger for backprop: step through a neural network's training, forwards
and backwards, one arithmetic operation at a time."""

_WAYS = (
    ("chainstep", "the app, on the lecture's small network"),
    ("chainstep moons", "the app, on another example"),
    ("chainstep data.csv", "the app, on your own data"),
    ("chainstep script.py", "your own script, or a notebook (.ipynb)"),
    ('chainstep expr "(a*b + c)*f" a=2 b=-3 c=10 f=-2', "the app, on an expression"),
    ("chainstep train moons --json", "no app: one JSON object a line"),
)


class Commands(click.Group):
    """The commands, and beside them anything else: it is taken as something to open in the app."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if KIOSK in ours(args) and args[0] != web.name:  # it is what a page opens
            if args[0] != KIOSK:
                raise UsageError(f"{KIOSK} comes first: chainstep {KIOSK} [--as NAME] WHAT …")
            args = ["kiosk", *args[1:]]
        args = without_sharing(args, self.commands)
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help", "--version")):
            if args:
                self._refuse_misspelt(args[0])
            args = ["script" if _has_script(args) else "open", *args]
        return super().parse_args(ctx, args)

    def _refuse_misspelt(self, word: str) -> None:
        """Refuse a word that nothing to open is called, and that is spelt most like a command."""
        from chainstep.datasets import EXAMPLES

        if not word.isalpha() or word in EXAMPLES:
            return
        from difflib import get_close_matches

        known = [name for name, command in self.commands.items() if not command.hidden]
        close = get_close_matches(word.casefold(), [*known, *EXAMPLES], n=1, cutoff=0.7)
        if close and close[0] in known and not Path(word).exists():
            raise UsageError(f"there is no command called '{word}'; did you mean {close[0]}?")

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("Usage: chainstep [WHAT] [OPTIONS]\n       chainstep COMMAND …\n")
        formatter.write(f"\n{_INTRODUCTION}\n\n")
        formatter.indent()
        formatter.write_dl(_WAYS, col_max=33)
        formatter.dedent()
        with formatter.section(click.style("Commands", bold=True)):
            formatter.write_dl(
                [
                    (
                        " ".join([name, *(param.make_metavar(ctx) for param in arguments(command))]),
                        command.short_help or "",
                    )
                    for name, command in self.commands.items()
                    if not command.hidden
                ]
            )
        formatter.write("\nWHAT is an example's name, or a CSV file with --target COLUMN; the app asks.\n")
        with formatter.section(click.style("Options of all that train", bold=True)):
            told = [option.get_help_record(ctx) for option in options.WITH_DATA if option not in options.OF_TABLES]
            tables = ("--drop, --only, …", "How a table is read: see chainstep data --help.")
            formatter.write_dl([*filter(None, told[:1]), tables, *filter(None, told[1:])])
        with formatter.section(click.style("Others", bold=True)):
            letters = options.LETTERS.get_help_record(ctx)
            formatter.write_dl(
                [
                    *filter(None, [letters]),
                    (SHARE, "Let others on this machine look on: chainstep follow."),
                    (f"{KIOSK} …", f"For sshd's forced command; {KIOSK} --help says more."),
                    ("--version, --help", "Which version this is; this, or a command's own help."),
                ]
            )


def _has_script(words: Sequence[str]) -> bool:
    """Whether a script or a notebook is named."""
    from ..scripts import SUFFIXES

    return any(word.endswith(SUFFIXES) for word in ours(words))


def arguments(command: click.Command) -> list[click.Argument]:
    """What a command takes besides options."""
    return [param for param in command.params if isinstance(param, click.Argument)]


class Opening(click.Command):
    """Is reached without a name of its own, so its help is that of the whole program."""

    def get_help(self, ctx: click.Context) -> str:
        assert ctx.parent is not None
        return ctx.parent.get_help()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chainstep", message="chainstep %(version)s")
def commands() -> None:
    """The whole program."""


@commands.command("open", cls=Opening, hidden=True, params=[*options.WITH_DATA, options.LETTERS])
@click.argument("what", default="lecture")
def open_(what: str, target: str | None, **knobs: Any) -> int:
    """Open the app on an example or a CSV file."""
    from chainstep.datasets import DataError

    try:
        chosen = options.choices(knobs)
        return opening.open_app(what, target, options.overrides(knobs), chosen)
    except DataError:
        if what in commands.commands:
            raise DataError(f"a command comes before its options: chainstep {what} …") from None
        raise


@commands.command(params=[*options.WITH_DATA, options.LETTERS], short_help="No screen: a bar and a summary, or --json.")
@click.argument("what")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: start, every step, end.")
def train(what: str, target: str | None, as_json: bool, **knobs: Any) -> int:
    """Train WHAT without a screen, up to --steps.

    WHAT is an example's name, or a CSV file with --target COLUMN. Loss and accuracy of a step are those before its
    update.
    """
    from .training import headless

    session, source = opening.by_options(what, target, knobs)
    opening.collect_again()
    return 0 if headless.train(session, source.name, as_json=as_json) else INTERRUPTED


commands.add_command(check)


@commands.command(params=[*options.WITH_DATA, options.LETTERS], short_help="The Python function it compiles to.")
@click.argument("what")
@click.option("--dense", is_flag=True, help="The variant that skips nothing, for numbers that are not finite.")
@click.option("--llvm", "form", flag_value="llvm", help="The text that LLVM makes machine code of, instead.")
@click.option("--asm", "form", flag_value="asm", help="That machine code, as an assembler writes it; takes llvmlite.")
def source(what: str, target: str | None, dense: bool, form: str | None, **knobs: Any) -> int:
    """Print the function that continuous training on WHAT runs: the tape as Python."""
    from chainstep.engine.training.setup.settings import SettingsError

    session, _ = opening.by_options(what, target, knobs)
    compilation = session.compilation
    if compilation.obstacle:
        raise SettingsError(f"{compilation.obstacle}; it is replayed op by op")
    if form is None:
        click.echo(session.source(dense=dense), nl=False)
        return 0
    from .. import native

    click.echo(native.printed(session, assembly=form == "asm"), nl=False)
    return 0


@commands.command(params=[*options.OF_DATA, options.LETTERS], short_help="What a table is taken for, untrained.")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: every column, end.")
def data(file: str, target: str | None, as_json: bool, **chosen: Any) -> int:
    """Report on FILE: what each column is taken for and why, what is missing, and how the rows are parted.

    Without --target the last column that can be one is the target.
    """
    from .tables.report import report

    report(opening.named_table(file), target, options.choices(chosen), as_json=as_json)
    return 0


@commands.command(params=[options.LETTERS], short_help="What a saved run makes of a table's rows.")
@click.argument("run")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a row.")
def predict(run: str, file: str, as_json: bool) -> int:
    """Predict the target for every row of FILE with the saved RUN, as it stands.

    RUN was trained on a table; FILE has columns of the same names, in any order, with the target or without.
    """
    from .tables.predictions import predict

    predict(run, opening.named_table(file), as_json=as_json)
    return 0


@commands.command(params=[options.LETTERS], short_help="What a step costs as a network grows.")
@click.argument("what", default="moons")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: every network, published model, end.")
def scale(what: str, as_json: bool) -> int:
    """Measure a step of networks with two hidden layers of 4 to 64 neurons on the example WHAT, here and now.

    Beside that stand models whose size was published, with the source, and how long they would take at the same rate.
    """
    from .training.scale import report

    opening.collect_again()
    report(lambda width: opening.opened(what, None, {"hidden": (width, width)})[0], as_json=as_json)
    return 0


# An expression may begin with a minus sign: what is no known option is the expression, `-h` too.
@commands.command(
    params=[*options.OF_EXPRESSIONS, options.LETTERS],
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    short_help="The app on an expression, or --json.",
)
@click.argument("expression")
@click.argument("leaves", nargs=-1, metavar="NAME=NUMBER…")
@click.option("--json", "as_json", is_flag=True, help="Value and gradients of all nodes as one JSON object.")
@click.option("--maximise", is_flag=True, help="Climb along the gradient in place of descending.")
def expr(expression: str, leaves: tuple[str, ...], as_json: bool, maximise: bool, **knobs: Any) -> int:
    """Open the app on an expression: its leaves are the parameters, its value is the loss.

    \b
    For example:
    chainstep expr "3x^2 - 4x + 5" x=3
    chainstep expr "e = a*b; d = e + c; L = d*f" a=2 b=-3 c=10 f=-2
    A product may go without its sign between a number or closing bracket and a
    name or opening bracket. The last of several steps is the value.
    """
    from ..files.subjects.opening import open_expression
    from .expressions import evaluate, read_leaves

    own = options.overrides(knobs)
    session, source = open_expression(expression, read_leaves(leaves), {**own, "maximise": maximise})
    if as_json:
        from .output import emit

        emit(evaluate(session))
        return 0
    instead = "chainstep expr … --json` or `chainstep train WHAT"
    return opening.show(session, source, instead, None, options.without_effect(session, own))


for other in (follow, kiosk, class_, sweep, export, import_, learn, record, web, verify, script):
    commands.add_command(other)


@commands.command(params=[options.LETTERS], short_help="What there is to look at.")
def examples() -> int:
    """List the examples: what each is for, its model, its data and its defaults."""
    from .catalogue import print_examples

    print_examples()
    return 0


@commands.command(params=[options.LETTERS, *OF_POOLS], short_help="The app, where you left off.")
@click.argument("run", required=False)
@click.option("--list", "listing", is_flag=True, help="List the saved runs instead.")
@click.option("--json", "as_json", is_flag=True, help="With --list, or for a sweep: one JSON object a run.")
@click.option("--pin", metavar="NAME", help="Keep a run for good.")
@click.option("--unpin", metavar="NAME", help="Keep a run no longer than others.")
@click.option("--delete", metavar="NAME", help="Delete a run.")
def resume(
    run: str | None,
    listing: bool,
    as_json: bool,
    pin: str | None,
    unpin: str | None,
    delete: str | None,
    workers: int | None,
    scheduler: str | None,
) -> int:
    """Open the newest saved run, or the one called RUN (a name, or a file), at its very position. A sweep goes on."""
    asked = [run is not None, listing, pin is not None, unpin is not None, delete is not None]
    if sum(asked) > 1 or (as_json and any(asked[2:])):
        raise UsageError("one thing at a time: RUN, --list (with --json or without), --pin, --unpin or --delete")
    if not any(asked[1:]):
        return resume_any(run, workers, scheduler, as_json=as_json)
    refuse_pools(workers, scheduler)
    if listing:
        from .catalogue import print_runs

        print_runs(as_json=as_json)
        return 0
    from ..files import runs

    if delete is not None:
        click.echo(f"{runs.delete(delete)} is deleted")
    elif pin is not None:
        click.echo(f"{runs.pin(pin, True)} is kept for good")
    elif unpin is not None:
        click.echo(f"{runs.pin(unpin, False)} is kept as long as others")
    return 0


def run(words: Sequence[str], main: Main) -> int:
    """Carry out the command that the words give; returns its status. `main` is what a whole command line is carried
    out by.

    Raises:
        UsageError: they give none.
    """
    before = opening.share.set(None)  # the words may say otherwise
    try:
        # Not click's own main: it prints four lines for an error, and ends the process for a broken pipe.
        with commands.make_context("chainstep", list(words), obj=main) as context:
            return int(commands.invoke(context) or 0)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        raise UsageError(" ".join(error.format_message().split())) from None  # click lists choices a line each
    finally:
        opening.share.reset(before)
