"""The screen as it is shown, as SVG. Must not know what is shown. Knows what is private to Textual 8.2.8, which is
pinned: how `App.export_screenshot` has a screen rendered.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

from rich.console import Console
from textual.app import App


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
    return partial(console.export_svg, title=app.title)
