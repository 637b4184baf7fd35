"""Which line of the user's own code is at work. Knows frames and code; must not know what is done there."""

from __future__ import annotations

import dis
import linecache
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

Tell = Callable[[int, str, int | None, str], None]
"""(line, text, cell, file)"""

TEXT = 400
"""Letters of a line, at most."""


class Places:
    """Tells the user's own code from libraries and from the methods of the class that computes, and numbers its lines.

    Each line is told to `tell` when it is first asked for.
    """

    def __init__(self, folder: Path, cells: Mapping[str, int], tell: Tell) -> None:
        self._libraries = _libraries(str(folder))
        self._cells = cells
        self._tell = tell
        self.own: dict[int, bool] = {}
        """Whether a code, by its id, is the user's own; those that were looked at. A code stays as long as its id."""
        self.methods: set[int] = set()
        """Ids of the codes that are passed over since they belong to the class that computes."""
        self._kept: list[CodeType] = []
        self._numbers: dict[tuple[str, int], int] = {}
        self._sites: dict[tuple[int, int], int] = {}
        self._variables: dict[int, dict[int, tuple[str, bool]]] = {}
        self._lines: list[tuple[int | None, int | None]] = []

    def pass_over(self, function: Any) -> None:
        """Whoever is called by `function`, or by what is defined in it, was called by what called that."""
        waiting: list[CodeType] = [function.__code__]
        while waiting:
            code = waiting.pop()
            self._kept.append(code)
            self.own[id(code)] = False
            self.methods.add(id(code))
            waiting += [inner for inner in code.co_consts if isinstance(inner, CodeType)]

    def is_own(self, code: CodeType) -> bool:
        """Whether code is the user's own."""
        known = self.own.get(id(code))
        if known is None:
            self._kept.append(code)
            known = self.own[id(code)] = self.is_own_file(code.co_filename)
        return known

    def is_own_file(self, file: str) -> bool:
        """Whether a file is the user's own."""
        return not file.startswith(self._libraries)

    def frame(self, frame: FrameType | None) -> FrameType | None:
        """The innermost frame of the user's own code, from `frame` outwards."""
        while frame is not None and not self.is_own(frame.f_code):
            frame = frame.f_back
        return frame

    def number(self, code: CodeType, offset: int) -> int:
        """The number of the line at which a piece of code is."""
        key = (id(code), offset)
        known = self._sites.get(key)
        if known is None:
            self._kept.append(code)
            known = self._sites[key] = self.number_of_line(code.co_filename, _line(code, offset))
        return known

    def variable(self, code: CodeType, offset: int) -> tuple[str, bool] | None:
        """The variable that is given what an instruction makes, and whether that is a call, which may make more."""
        known = self._variables.get(id(code))
        if known is None:
            self._kept.append(code)
            known = self._variables[id(code)] = _variables(code)
        return known.get(offset)

    def number_of_line(self, file: str, line: int) -> int:
        """The number of a line."""
        known = self._numbers.get((file, line))
        if known is None:
            known = self._numbers[file, line] = len(self._numbers)
            text = linecache.getline(file, line).strip()[:TEXT]
            cell = self._cells.get(file)
            self._lines.append((line, cell))
            self._tell(line, text, cell, file)
        return known

    def line(self, number: int) -> tuple[int | None, int | None]:
        """The line and the cell that have a number; -1 has neither."""
        return (None, None) if number < 0 else self._lines[number]


def _line(code: CodeType, offset: int) -> int:
    for start, end, line in code.co_lines():
        if start <= offset < end and line is not None:
            return line
    return code.co_firstlineno


def _variables(code: CodeType) -> dict[int, tuple[str, bool]]:
    """By the offset of an instruction, the variable that the next one stores."""
    found: dict[int, tuple[str, bool]] = {}
    seen: list[dis.Instruction] = []
    for instruction in dis.get_instructions(code):
        if instruction.opname.startswith(("STORE_FAST", "STORE_NAME", "STORE_GLOBAL", "STORE_DEREF")) and seen:
            name = instruction.argval if isinstance(instruction.argval, str) else instruction.argval[0]
            for offset in range(seen[-1].offset, instruction.offset):  # what an instruction caches is behind it
                found[offset] = name, seen[-1].opname.startswith("CALL")
        if instruction.opname != "COPY":  # which `a = b = …` begins with
            seen = [instruction]
    return found


def _libraries(folder: str) -> tuple[str, ...]:
    """How the names of files begin that are not the user's own; a library that the script itself is in is."""
    ours = str(Path(__file__).resolve().parents[2])
    engine = str(Path(__import__("chainstep.engine").engine.__file__).parent)
    installed = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return ("<frozen", "<string>", *(f"{path}/" for path in (ours, engine, *installed) if not folder.startswith(path)))
