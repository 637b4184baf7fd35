"""Where files that the user asks for go: the folder that the program was started in, or a download where he looks on
from a browser, whose machine has no such folder. Must not know what is in them.
"""

from __future__ import annotations

import asyncio
import io
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.app import App

from chainstep.datasets.printable import printable


class Outbox:
    """Has a `folder` to write new files into; `deliver` hands them over, and `close` lets go of it."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.packs = app.is_web
        """Whether several files become one."""
        self.folder = Path(tempfile.mkdtemp(prefix="chainstep-")) if self.packs else Path.cwd()

    @property
    def described(self) -> str:
        """Where it is, for people."""
        return "for your browser" if self.packs else printable(str(self.folder), 300)

    async def deliver(self, first: Path) -> str:
        """Hand over what was written, of which `first` is a file; gives where it can be found, for people."""
        if not self.packs:
            return printable(str(first), 300)
        files = sorted(self.folder.iterdir())
        name = first.name if len(files) == 1 else f"{first.stem}.zip"
        content = await asyncio.to_thread(_packed, files)
        self._app.deliver_binary(io.BytesIO(content), save_directory=self.folder, save_filename=name)
        return f"{printable(name, 300)} in your browser's downloads"

    def close(self) -> None:
        if self.packs:
            shutil.rmtree(self.folder, ignore_errors=True)


def _packed(files: Sequence[Path]) -> bytes:
    """A file as it is, or several as a zip archive."""
    if len(files) == 1:
        return files[0].read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return packed.getvalue()
