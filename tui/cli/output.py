"""How results without a screen are written: a JSON object a line, text that fits any terminal, or a file. Must not know
what they mean.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text


def json_line(record: Mapping[str, object]) -> str:
    """A record as one line of JSON; JSON has no nan and no infinities, so they become "nan", "inf" and "-inf"."""
    return json.dumps(_plain(record), allow_nan=False)


def emit(*records: Mapping[str, object]) -> None:
    """Write records to stdout, a line each, and hand them on at once: a reader may be waiting for them."""
    text = "\n".join(map(json_line, records))
    if text:
        click.echo(text)


def complain(message: str) -> None:
    """Write what is wrong to stderr, as one line that does nothing to a terminal."""
    from chainstep.datasets.printable import printable

    click.echo(f"chainstep: {printable(message, 600)}", err=True)


def _plain(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def on_terminal() -> bool:
    """Whether stdout is a terminal on which a line can be drawn again."""
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")


def console() -> Console:
    """rich's console on stdout: colours on a terminal, plain text elsewhere; nothing in the text is markup."""
    # Here, since a reader of JSON need not wait for rich to load.
    from rich.console import Console

    return Console(force_terminal=on_terminal(), markup=False, emoji=False, highlight=False)


def write(*blocks: RenderableType) -> None:
    """Write tables and texts to stdout, one below the other."""
    screen = console()
    if on_terminal():
        screen.print(*blocks, sep="\n")
        return
    with screen.capture() as capture:
        screen.print(*blocks, sep="\n")
    # A table pads its last column, which only makes sense where it has a background.
    click.echo("\n".join(line.rstrip() for line in capture.get().splitlines()))


def write_lines(*lines: Text) -> None:
    """Write styled lines to stdout; none is broken where the terminal ends, so that each stays one line in a pipe."""
    console().print(*lines, sep="\n", soft_wrap=True)


def write_file(name: str, content: bytes) -> None:
    """Write a file whole or not at all: what was there before stays until then. What is no file, a pipe or a device, is
    written to.

    Raises:
        DataError: it cannot be written.
    """
    from chainstep.datasets import DataError, printable

    from ..files.whole import write_whole

    path = Path(name).resolve()
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            write_whole(path, content)
    except OSError as error:
        raise DataError(f"{printable(name, 200)}: {(error.strerror or str(error)).lower()}") from None


def percent(fraction: float | None) -> str:
    """An accuracy for people; empty where it means nothing."""
    return "" if fraction is None or math.isnan(fraction) else f"{100.0 * fraction:.4g} %"
