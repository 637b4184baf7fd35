"""What a script imports: its own modules are watched, engines that are installed too, and where there is no micrograd
ours answers. Knows Python's import system; must not know what watching is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from .compiling import whole
from .watching import computes

STAND_INS: Mapping[str, str] = {
    "micrograd": "micrograd",
    "micrograd.engine": "micrograd_engine",
    "micrograd.nn": "micrograd_nn",
    "IPython": "notebook",
    "IPython.display": "notebook",
}
"""What answers for a module that is nowhere: a module of `stand_in`."""


class _Beside:
    """A folder of the script's own that has an engine but no `__init__`: Python would take an installed one."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """The folder `micrograd` beside the script."""
        if name != "micrograd" or path is not None or not Path(sys.path[0], name, "engine.py").is_file():
            return None
        return PathFinder.find_spec(name, sys.path[:1], target)


class Watching:
    """Looks at classes of modules as they are imported. It finds none itself: it asks those who would have."""

    def __init__(self, is_own: Callable[[str], bool], look: Callable[[Any], Any]) -> None:
        self._is_own = is_own
        self._look = look
        self._engines: set[str] = set()
        """Packages in which a class computes."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """What the finders behind this one find."""
        behind = sys.meta_path[sys.meta_path.index(self) + 1 :]
        finders: tuple[Any, ...] = (_Beside, *behind)
        for finder in finders:
            found: ModuleSpec | None = finder.find_spec(name, path, target) if hasattr(finder, "find_spec") else None
            if found is not None:
                if isinstance(found.loader, SourceFileLoader):
                    self._watch(found.loader, found)
                return found
        return None

    def _watch(self, loader: Any, spec: ModuleSpec) -> None:
        if spec.origin is None:
            return
        if self._is_own(spec.origin):
            loader.get_code = lambda name: _code(loader, name)
            return
        execute = loader.exec_module

        def executed(module: ModuleType) -> None:
            execute(module)
            self._look_through(module)

        loader.exec_module = executed

    def _look_through(self, module: ModuleType) -> None:
        """Look at the classes of a library's module, if the library is an engine."""
        package = module.__name__.partition(".")[0]
        made = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__]
        if package in self._engines or any(computes(each) and hasattr(each, "backward") for each in made):
            self._engines.add(package)
            for each in made:
                self._look(each)


def _code(loader: SourceFileLoader, name: str) -> CodeType:
    """The code of one of the user's modules, made anew: what Python keeps of it stays as it is."""
    file = loader.get_filename(name)
    return whole(loader.get_data(file), file)


class Last:
    """Answers for modules that are nowhere else; `tell` is told which, and `look` looks at their classes."""

    def __init__(self, tell: Callable[[str], None], look: Callable[[Any], Any]) -> None:
        self._tell = tell
        self._look = look

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """One of ours."""
        if name not in STAND_INS:
            return None
        self._tell(name)
        return ModuleSpec(name, _StandIn(self._look), is_package=name in ("micrograd", "IPython"))


class _StandIn(Loader):
    def __init__(self, look: Callable[[Any], Any]) -> None:
        self._look = look

    def exec_module(self, module: ModuleType) -> None:
        """Give it what the module of ours has."""
        ours = __import__(f"{__package__}.stand_in.{STAND_INS[module.__name__]}", fromlist=["__all__"])
        vars(module).update({name: getattr(ours, name) for name in ours.__all__})
        for thing in list(vars(module).values()):
            self._look(thing)
        module.__doc__ = ours.__doc__
