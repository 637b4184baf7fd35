"""Machine code: what LLVM makes of a session's text, through llvmlite, which only this module imports. Knows llvmlite
and addresses; must not know what is computed.
"""

from __future__ import annotations

import ctypes
import math
import mmap
import os
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

from chainstep.engine.compiler.native.native import LIBM
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import SettingsError

VARIABLE = "CHAINSTEP_ENGINE"
"""Names the engine that is to play; unset, it is the fastest that is ready."""

preferred: ContextVar[str] = ContextVar("preferred", default="")
"""The engine that is to play where the environment names none."""

ENGINES = ("native", "python", "replay")

MISSING = "machine code takes an extra: pip install 'chainstep[native]'"


def wanted(environment: Mapping[str, str] = os.environ) -> str:
    """The engine that the environment names; empty where it names none.

    Raises:
        SettingsError: there is no such engine, or it is not installed.
    """
    name = environment.get(VARIABLE, "")
    if name and name not in ENGINES:
        raise SettingsError(f"{VARIABLE} is {name!r}, and none of {', '.join(ENGINES)}")
    if name == "native" and not present():
        raise SettingsError(MISSING)
    return name


@cache
def present() -> bool:
    """Whether llvmlite is installed."""
    return find_spec("llvmlite") is not None


class NativeError(Exception):
    """There is no machine code, for this reason."""


AFTER = 0.5
"""Seconds of training after which machine code is made, if as much is still ahead: a short run does not wait for it."""


class Machine:
    """Machine code in this process. It is there as long as this object."""

    def __init__(self, text: str) -> None:
        """Make it of a text for LLVM.

        Raises:
            NativeError: LLVM does not take it, or the C library lacks a function.
        """
        llvm = _llvm()
        try:
            module = llvm.parse_assembly(text)
            module.verify()
        except RuntimeError as error:
            raise NativeError(str(error).strip().splitlines()[0]) from error
        target = _target(llvm)
        options = llvm.create_pipeline_tuning_options(speed_level=2)
        options.loop_vectorization = True
        # Either takes as long as all the rest, and gains nothing: the one loop that counts is written out already.
        options.loop_unrolling = options.loop_interleaving = False
        passes = llvm.create_pass_builder(target, options)
        passes.getModulePassManager().run(module, passes)
        self._assembly: Callable[[], str] = lambda: str(target.emit_assembly(module))
        self._engine = llvm.create_mcjit_compiler(module, target)
        self._engine.finalize_object()
        self.entry = self.call("train")

    def call(self, name: str) -> Callable[[int], int]:
        """A function of an address."""
        made: Callable[[int], int] = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(self._address(name))
        return made

    def function(self, name: str, arity: int) -> Callable[..., float]:
        """A function of `arity` doubles."""
        double = ctypes.c_double
        made: Callable[..., float] = ctypes.CFUNCTYPE(double, *[double] * arity)(self._address(name))
        return made

    def assembly(self) -> str:
        """What this machine runs, as an assembler writes it."""
        return self._assembly()

    def _address(self, name: str) -> int:
        return int(self._engine.get_function_address(name))


def make(session: Session, machines: MutableMapping[str, Machine] | None = None) -> str:
    """Have machine code play a session on, once it has proved itself; in any thread. If it does not, why. `machines`,
    by their texts, are those that are there, for sessions of the same arithmetic; a new one is added.
    """
    compilation = session.compilation
    try:
        work = session.machine_work()
        if work is not None:
            text, install = work
            there = {} if machines is None else machines
            there[text] = machine = there.get(text) or Machine(text)
            differs = install(machine)
            compilation.flaw = differs and f"machine code differs: {differs}"
    except NativeError as error:
        compilation.flaw = f"no machine code: {error}"
    return compilation.flaw


def make_beside(session: Session, machines: MutableMapping[str, Machine] | None = None) -> str:
    """As `make`, beside a session that goes on for long: LLVM does not stay in memory."""
    flaw = make(session, machines)
    give_back()
    return flaw


def printed(session: Session, *, assembly: bool) -> str:
    """What is made machine code of or, as this machine has it, what was made.

    Raises:
        SettingsError: there is none, or llvmlite is not installed.
    """
    work = session.machine_work()
    if work is None:
        raise SettingsError("there is no machine code of this: its tape is too long, and no network of dense layers")
    if not assembly:
        return work[0]
    if not present():
        raise SettingsError(MISSING)
    try:
        return Machine(work[0]).assembly()
    except NativeError as error:
        raise SettingsError(str(error)) from error


def sought(session: Session) -> bool:
    """Whether machine code could play this session, and nobody has tried to make it yet."""
    compilation = session.compilation
    if not compilation.possible or compilation.native is not None or compilation.flaw:
        return False
    return (wanted() or preferred.get()) in ("", "native") and present()


def begin(session: Session, machines: MutableMapping[str, Machine] | None = None) -> None:
    """What the environment asks for before a session trains without a screen; `machines` as for `make`.

    Raises:
        SettingsError: it asks for what there is not.
    """
    engine = wanted()
    if engine == "replay":
        session.never_compile()
    elif engine == "native" and (flaw := make(session, machines)):
        raise SettingsError(flaw)


def give_back(maps: Path = Path("/proc/self/maps")) -> None:
    """Take LLVM's own code out of this process, where the system can: made once, it is 55 MB that nobody calls. If
    somebody does, the system has it still.
    """
    with suppress(OSError, AttributeError):  # some systems have no such list, or no such call
        advise, advice = ctypes.CDLL(None).madvise, mmap.MADV_DONTNEED
        for line in maps.read_text(encoding="utf-8", errors="replace").splitlines():
            where, rights, *_, file = line.split(maxsplit=5)
            # Nothing is ever written there: what is, as the addresses in a library's tables, would be lost.
            if rights == "r-xp" and "libllvmlite" in file:
                start, end = (int(address, 16) for address in where.split("-"))
                advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), advice)


class Making:
    """Machine code that is made beside a session that trains, in a thread: LLVM leaves the interpreter to others.
    `machines` are as for `make`.
    """

    def __init__(self, session: Session, machines: MutableMapping[str, Machine] | None = None) -> None:
        self._session, self._first, self._machines = session, session.step, machines
        self._thread: Thread | None = None

    @property
    def begun(self) -> bool:
        """Whether it is being made, or was."""
        return self._thread is not None

    @property
    def made(self) -> bool:
        """Whether it is there, and has proved itself."""
        return self.begun and self._session.compilation.native is not None

    def ahead(self, seconds: float) -> float:
        """Seconds that lie ahead of a session that has trained for so many since this was made, at its pace so far."""
        session = self._session
        steps, more = session.step - self._first, session.settings.steps - session.step
        return seconds / steps * more

    def trained_for(self, seconds: float) -> None:
        """The session has trained for so long since this was made: consider what lies ahead."""
        self.consider(seconds, self.ahead(seconds))

    def consider(self, trained: float, ahead: float) -> None:
        """Begin with it where a session has trained for so many seconds, and so many lie ahead."""
        if self._thread is None and min(trained, ahead) > AFTER and sought(self._session):
            arguments = self._session, self._machines
            self._thread = Thread(target=make_beside, args=arguments, name="machine code")
            self._thread.start()


@cache
def _llvm() -> Any:
    """llvmlite, with the C library's functions under the names that the texts have for them."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    # `math` was linked to the very functions that Python calls.
    library = ctypes.CDLL(getattr(math, "__file__", None))
    for name in LIBM:
        try:
            function = getattr(library, name)
        except AttributeError as error:
            raise NativeError(f"the C library has no {name}") from error
        llvm.add_symbol(f"libm_{name}", ctypes.cast(function, ctypes.c_void_p).value)
    return llvm


def _target(llvm: Any) -> Any:
    """The machine that this is."""
    features = llvm.get_host_cpu_features().flatten()
    triple = llvm.Target.from_default_triple()
    return triple.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=2, jit=True)
