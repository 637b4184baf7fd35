"""The screen as it is shown, as SVG that stands by itself. Must not know what is shown. Knows what is private to
Textual 8.2.8, which is pinned: how `App.export_screenshot` has a screen rendered; and how Rich writes it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape

from rich.cells import cell_len
from rich.console import Console
from textual.app import App

_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_FIRA = "font-family: Fira Code, monospace"
_FONTS = "font-family: ui-monospace, DejaVu Sans Mono, Menlo, Consolas, Liberation Mono, monospace"

_BLANK = "&#160;"
_BLANKS = re.compile(f"((?:{_BLANK})+)")
_TEXT = re.compile(r'<text (class="[^"]*") x="([\d.]+)" (y="[^"]*") textLength="([\d.]+)" ([^>]*)>([^<]*)</text>')


def picture(app: App[None]) -> Callable[[], str]:
    """What makes the picture of the screen as it is now. It takes long, and may be called in any thread."""
    width, height = app.size
    console = Console(
        width=width,
        height=height,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    console.print(app.screen._compositor.render_update(full=True, screen_stack=app._background_screens))
    return lambda: standing_alone(console.export_svg(title=app.title))


def standing_alone(svg: str) -> str:
    """A picture of Rich's with no font from elsewhere, and each word in a place of its own: a viewer that knows no
    `textLength`, or has another font, lets none run into the next.
    """
    return _TEXT.sub(_in_words, _FONT_FACE.sub("", svg).replace(_FIRA, _FONTS))


def _in_words(found: re.Match[str]) -> str:
    before, start, between, length, behind, text = found.groups()
    if not text.strip():
        return found[0]  # the end of a row
    cell = float(length) / max(1, cell_len(unescape(text)))
    words, x = [], float(start)
    for part in _BLANKS.split(text):
        size = cell * cell_len(unescape(part))
        if part and not part.startswith(_BLANK):
            words.append(f'<text {before} x="{x:.6g}" {between} textLength="{size:.6g}" {behind}>{part}</text>')
        x += size
    return "".join(words)
