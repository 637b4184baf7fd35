"""Runs a script or a notebook as it is, and tells how that went. Knows how Python runs a file; must not know what is
made of a `backward()`.
"""

from __future__ import annotations

import ast
import builtins
import gc
import linecache
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from chainstep.engine import MLP, Layer, Neuron, Value
from chainstep.engine.nn import mlp
from chainstep.engine.nn.mlp import ACTIVATIONS

from .cells import Cell, NotebookError, cells, pieces
from .compiling import compiled, watch_with, whole
from .importing import Last, Watching
from .moments import Moments, described
from .places import Places
from .watching import Watch

Send = Callable[[Mapping[str, object]], None]

ANNOTATIONS = annotations.compiler_flag

DEEPER = 20
"""Calls that lie below the script's own, so that it may be as deep as it would be by itself."""


def main(task: Mapping[str, Any], send: Send) -> None:
    """Run `task["file"]` with `task["arguments"]`; its exit status is that which Python would end with."""
    run = Run(Path(task["file"]), send)
    run.prepare(task["arguments"])
    status = run.notebook() if task["notebook"] else run.script()
    run.finish()
    if status:
        sys.exit(status)


class Run:
    """One file that runs."""

    def __init__(self, file: Path, send: Send) -> None:
        self._file = file
        self._send = send
        self._cells: dict[str, int] = {}
        self.places = Places(file.parent, self._cells, self._tell_place)
        self.moments = Moments(send)
        self.watch = self.moments.watch = Watch(self.places, self.moments.backward)
        self._module = ModuleType("__main__")
        vars(self._module).update(__file__=str(file), __builtins__=builtins)
        for name, empty in (("__annotations__", {}), ("__cached__", None)):
            if hasattr(sys.modules["__main__"], name):  # some Pythons have it, others not
                setattr(self._module, name, empty)
        self._told: set[str] = set()
        self._flags = 0
        """Of the compiler: what a cell imports from `__future__` holds for those behind it."""

    def prepare(self, arguments: list[str]) -> None:
        """Let the process look as if Python had been called with the file."""
        for cls in (Value, Neuron, Layer, MLP):
            self.watch.look_at(cls)
        for name, function in list(ACTIVATIONS.items()):  # it has the methods as they were before
            vars(mlp)["ACTIVATIONS"][name] = vars(Value).get(function.__name__, function)
        watch_with(self.watch.look_at)
        sys.meta_path.insert(0, Watching(self.places.is_own_file, self.watch.look_at))
        sys.meta_path.append(Last(self._tell_stand_in, self.watch.look_at))
        sys.argv = [str(self._file), *arguments]
        sys.path.insert(0, str(self._file.parent))
        self._bootstrap = sys.modules["__main__"]
        sys.modules["__main__"] = self._module
        for name in _shadowed(self._file.parent):
            del sys.modules[name]
        sys.setrecursionlimit(sys.getrecursionlimit() + DEEPER)
        gc.freeze()  # what is there already stays, and engines make the collector look often

    def script(self) -> int | str | None:
        """Run it to its end; returns the status."""
        try:
            source = self._file.read_bytes()
            if b"get_ipython" in source:  # a notebook that was saved as a script
                _serve_notebooks()
            exec(whole(source, str(self._file)), vars(self._module))
        except SystemExit as left:
            return left.code
        except KeyboardInterrupt as error:
            self._tell_error(error)
            return 130
        except BaseException as error:
            self._tell_error(error)
            return 1
        return 0

    def notebook(self) -> int | str | None:
        """Run its code cells, one after the other; an error ends its cell only."""
        _serve_notebooks()
        try:
            for cell in cells(self._file.read_text("utf-8")):
                self._cell(cell)
        except (NotebookError, UnicodeDecodeError) as error:
            self._send({"event": "error", "what": str(error), "place": -1})
            return 2
        except SystemExit as left:
            return left.code
        except KeyboardInterrupt as error:
            self._tell_error(error)
            return 130
        return 0

    def _cell(self, cell: Cell) -> None:
        file = f"cell {cell.number}"
        self._cells[file] = cell.number
        linecache.cache[file] = (len(cell.text), None, cell.text.splitlines(keepends=True), file)
        self.watch.look_again()
        try:
            for piece in pieces(cell, file):
                try:
                    self._piece(piece.tree, file, piece.shown)
                except ModuleNotFoundError as error:
                    if not piece.imports:
                        raise
                    self._tell_error(error)
        except Exception as error:
            self._tell_error(error)

    def _piece(self, tree: ast.Module, file: str, shown: bool) -> None:
        if not shown:
            code = compiled(tree, file, self._flags)
            self._flags |= code.co_flags & ANNOTATIONS
            exec(code, vars(self._module))
            return
        (statement,) = tree.body
        assert isinstance(statement, ast.Expr)
        expression = ast.Expression(statement.value)
        code = compile(expression, file, "eval", self._flags, dont_inherit=True)
        value = eval(code, vars(self._module))
        if value is not None:
            sys.stdout.write(f"{value!r}\n")

    def finish(self) -> None:
        """Tell what is left to tell."""
        self.moments.finish()
        self._send({"event": "end"})

    def _tell_place(self, line: int, text: str, cell: int | None, file: str) -> None:
        self._send({"event": "place", "line": line, "text": text, "cell": cell, "file": file})

    def _tell_stand_in(self, name: str) -> None:
        package = name.partition(".")[0]
        if package not in self._told:
            self._told.add(package)
            self._send({"event": "stand-in", "module": package})

    def _tell_error(self, error: BaseException) -> None:
        for each in _chain(error):
            each.__traceback__ = _from_the_script(each.__traceback__)
        place = self._place(error)
        traceback.print_exception(error)
        if isinstance(error, ModuleNotFoundError) and error.name:
            self._send({"event": "missing", "module": error.name, "place": place})
        else:
            self._send({"event": "error", "what": described(error), "place": place})

    def _place(self, error: BaseException) -> int:
        """The innermost line of the user's own code; in a notebook that of the cell that runs."""
        if isinstance(error, SyntaxError) and error.filename and error.lineno:
            return self.places.number_of_line(error.filename, error.lineno)
        place, trace = -1, error.__traceback__
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if self.places.is_own_file(file):
                place = self.places.number_of_line(file, trace.tb_lineno)
                if self._cells:
                    break
            trace = trace.tb_next
        return place


_OURS = str(Path(__file__).parent)


def _chain(error: BaseException) -> list[BaseException]:
    """An error, and those that it came of."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and each not in found:
            found.append(each)
            waiting += [each.__cause__, each.__context__]
    return found


def _from_the_script(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without the frames of what runs the script and watches it."""
    frames = []
    while trace is not None:
        if not trace.tb_frame.f_code.co_filename.startswith(_OURS):
            frames.append(trace)
        trace = trace.tb_next
    made = None
    for each in reversed(frames):
        made = TracebackType(made, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return made


def _serve_notebooks() -> None:
    """Give what a notebook's code need not import, where IPython has it: among the builtins."""
    from .stand_in import notebook

    builtins.display, builtins.get_ipython = notebook.display, notebook.get_ipython  # type: ignore[attr-defined]


def _shadowed(folder: Path) -> list[str]:
    """Modules that are loaded since we use them, and in whose place the script would find one of its own folder."""
    beside = {path.stem for path in (*folder.glob("*.py"), *(path.parent for path in folder.glob("*/__init__.py")))}
    specs = {name: getattr(sys.modules[name], "__spec__", None) for name in beside if name in sys.modules}
    return [name for name, spec in specs.items() if spec is not None and spec.origin not in ("built-in", "frozen")]
