"""Makes the bytecode of a generated source, and then machine code, without holding up the event loop. Must not
know what the source does.

`compile` holds the interpreter from beginning to end, so a long source is compiled by a child process and comes back
marshalled; a thread would not help.
"""

from __future__ import annotations

import asyncio
import marshal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import perf_counter
from types import CodeType
from typing import TYPE_CHECKING

from .background import Background
from .quantum import SLICE

if TYPE_CHECKING:
    from chainstep.engine.training.session import Session
    from chainstep.engine.training.step.compilation import Compilation

LONGEST_HERE = 12_000
"""Characters up to which it takes less than a slice here, and less than starting a process."""

MACHINE_CODE_AFTER = 0.5
"""Seconds from the first steps of a program to where machine code is made of it."""

_CHILD = (
    "import marshal, sys; text = sys.stdin.buffer.read().decode(); "
    "made = compile(text, '<chainstep>', 'exec', dont_inherit=True, optimize=0); "
    "sys.stdout.buffer.write(marshal.dumps(made))"
)


class Compiling:
    """Compiles in the background, one program at a time."""

    def __init__(self) -> None:
        self._background = Background()
        self.alone = False
        """No process is to be started for it: a long source holds up the event loop once."""
        self.machine = True
        """There is room for machine code."""
        self._playing: tuple[Compilation | None, float] = None, 0.0
        """What has been trained on of late, and since when."""

    def schedule(self, session: Session) -> None:
        """Have a session's program compiled while its replay goes on, and made machine code of if that goes on."""
        compilation = session.compilation
        if self._background.busy or not compilation.possible:
            return
        if not compilation.made:
            self._background.start(partial(compiled, compilation, alone=self.alone))
            return
        if self._playing[0] is not compilation:
            self._playing = compilation, perf_counter()
        if self.machine and compilation.native is None and perf_counter() - self._playing[1] > MACHINE_CODE_AFTER:
            from .. import native  # short sessions have none

            if native.sought(session):
                # LLVM leaves the interpreter to others: the longest gap of the loop was 6 ms.
                self._background.start(partial(_in_thread, native.make_beside, session))

    async def close(self) -> None:
        """Leave what is not compiled yet."""
        await self._background.close()


async def _in_thread(work: Callable[[Session], object], session: Session) -> None:
    await asyncio.to_thread(work, session)


async def bytecode(text: str, *, alone: bool = False) -> CodeType:
    """The bytecode of `text`; made here after all where it is left `alone`, or no process can be started."""
    if len(text) > LONGEST_HERE and not alone:
        with suppress(OSError, EOFError, ValueError, TypeError):
            made = marshal.loads(await _elsewhere(text.encode()))
            if isinstance(made, CodeType):
                return made
    from chainstep.engine.compiler.compile import code_object  # the first frame compiles nothing

    return code_object(text)


async def compiled(compilation: Compilation, *, alone: bool = False) -> None:
    """Write the source of the variant that is wanted, in slices, and install its bytecode."""
    dense, since = compilation.dense, perf_counter()
    for _ in compilation.write():
        if perf_counter() - since > SLICE:
            await asyncio.sleep(0)
            since = perf_counter()
    compilation.install(dense, await bytecode(compilation.sources[dense], alone=alone))


async def _elsewhere(text: bytes) -> bytes:
    pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-S", "-c", _CHILD, stdin=pipe, stdout=pipe, stderr=null
    )
    try:
        made, _ = await process.communicate(text)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()  # until its pipes are closed
    return made
