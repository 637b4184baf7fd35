"""A table that comes by standard input: read once, and kept beside the runs, which are to open it again. Must not know
what is in it.
"""

from __future__ import annotations

import sys

from chainstep.datasets.dataset import DataError
from chainstep.datasets.reading.content import MAX_BYTES

from ..state import table_folder
from .kept import fingerprint, keep

PREFIX = "stdin-"
"""How the names of such files begin."""


def keep_piped() -> str:
    """The path of a file that holds what standard input has; the same bytes are kept once.

    Raises:
        DataError: nothing is piped in, it is too large, or there is nowhere to keep it.
    """
    stream = sys.stdin
    if stream is None or stream.isatty():
        raise DataError("- is standard input, and no table comes by it")
    data = stream.buffer.read(MAX_BYTES + 1)
    if not data:
        raise DataError("- is standard input, and it is empty")
    if len(data) > MAX_BYTES:
        raise DataError(f"the table is larger than {MAX_BYTES // 2**20} MB")
    try:
        folder = table_folder()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{PREFIX}{fingerprint(data)}.csv"
        keep(path, data)
    except OSError as error:
        raise DataError(f"standard input cannot be kept: {(error.strerror or 'input error').lower()}") from None
    return str(path)
