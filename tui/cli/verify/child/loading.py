"""From a file or a module's name to the names that it defines. Knows imports; must not know what is wanted of them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from chainstep.engine.records import record

FAULTS = (Exception, SystemExit)
"""What a module may raise while it is imported; a script at its end calls `exit()`."""


class LoadingError(Exception):
    """There is nothing to look at; the message is one line."""


@record
class Loaded:
    """What a file or a module defines."""

    names: Mapping[str, object]
    file: str
    trouble: str = ""
    """What stopped it on the way, in one line; what it had defined before that is in `names`."""

    def where(self, cls: type) -> str:
        """The file that a class is from."""
        try:
            return inspect.getfile(cls)
        except (TypeError, OSError):
            return self.file


def load(what: str, *, is_file: bool) -> Loaded:
    """Run a file, or import a module, and collect what it defines.

    A file of a package is imported as its module, so that relative imports work. Of a package all modules are looked
    through whose text has a class; its own names come first.

    Raises:
        LoadingError: it cannot be found, or it raises before it has defined anything.
    """
    if not is_file:
        sys.path.insert(0, str(Path.cwd()))
        return _import(what)
    path = Path(what).resolve()
    root, name = module_of(path)
    sys.path.insert(0, str(root))
    if path.is_dir() or "." in name:
        return _import(name)
    return _run(path)


def module_of(path: Path) -> tuple[Path, str]:
    """The folder from which a file, or a package, is imported, and the module's name there."""
    root, name = path.parent, path.name if path.is_dir() else path.stem
    while (root / "__init__.py").exists():
        root, name = root.parent, f"{root.name}.{name}"
    return root, name


def _run(path: Path) -> Loaded:
    """A file by itself; that it is called as another module is, `test.py`, is no matter."""
    name = path.stem if path.stem.isidentifier() and path.stem not in sys.modules else "own_engine"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise LoadingError("is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    trouble = ""
    try:
        spec.loader.exec_module(module)
    except FAULTS as error:
        trouble = _told(error, str(path))
        if not _classes(module):
            raise LoadingError(trouble) from None
    return Loaded(dict(vars(module)), str(path), trouble)


def _import(name: str) -> Loaded:
    try:
        module = importlib.import_module(name)
    except FAULTS as error:
        raise LoadingError(_told(error, "")) from None
    names = dict(vars(module))
    trouble = ""
    for inner in _with_classes(module):
        try:
            found = vars(importlib.import_module(inner))
        except FAULTS as error:
            trouble = trouble or f"{inner}: {_told(error, '')}"
            continue
        names = {**found, **names}
    return Loaded(names, module.__file__ or name, trouble)


def _with_classes(package: ModuleType) -> Iterator[str]:
    """The modules of a package that define an engine or a network, by their text: others are not imported, since some
    train when they are.
    """
    for place in getattr(package, "__path__", ()):
        for found in pkgutil.walk_packages([place], f"{package.__name__}."):
            spec = found.module_finder.find_spec(found.name, None)
            if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
                continue
            text = Path(spec.origin).read_text(encoding="utf-8", errors="replace")
            if re.search(r"def __(add|mul)__\b|^class MLP\b", text, re.MULTILINE):
                yield found.name


def _classes(module: ModuleType) -> list[type]:
    return [thing for thing in vars(module).values() if isinstance(thing, type) and thing.__module__ == module.__name__]


def _told(error: BaseException, file: str) -> str:
    """What was raised, in one line, with the line of the file where it came from."""
    words = " ".join(str(error).split())
    said = f"{type(error).__name__}: {words}" if words else type(error).__name__
    if isinstance(error, SyntaxError) and error.filename == file:
        return f"{type(error).__name__}: {error.msg} (line {error.lineno})"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return f"{said} (line {lines[-1]})" if lines else said
