"""Answers `IPython` and `IPython.display` where it is not installed: what is displayed is printed, what only works in a
browser does nothing. Must not know notebooks.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "HTML", "SVG", "Audio", "Code", "Image", "Javascript", "Latex", "Markdown", "Math", "Video",
    "clear_output", "display", "get_ipython", "set_matplotlib_formats",
]  # fmt: skip


def display(*things: Any, **options: Any) -> None:
    """Print what a notebook would draw."""
    for thing in things:
        print(repr(thing))  # noqa: T201 - it goes where the script's own output goes


def clear_output(wait: bool = False) -> None:
    """Nothing: what was printed stays."""


def set_matplotlib_formats(*formats: str, **options: Any) -> None:
    """Nothing: no picture is shown."""


class _Shown:
    """Something that only a browser can show."""

    def __init__(self, *given: Any, **options: Any) -> None:
        self.data = given[0] if given else options.get("data")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class HTML(_Shown):
    """A piece of a page."""


class SVG(_Shown):
    """A drawing."""


class Audio(_Shown):
    """A sound."""


class Code(_Shown):
    """A text in colours."""


class Image(_Shown):
    """A picture."""


class Javascript(_Shown):
    """A program for the browser."""


class Latex(_Shown):
    """A formula."""


class Markdown(_Shown):
    """A text."""


class Math(_Shown):
    """A formula."""


class Video(_Shown):
    """A film."""


class _Shell:
    """What `get_ipython()` gives: its magics do nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **options: None


def get_ipython() -> Any:
    """A shell without magic."""
    return _Shell()
