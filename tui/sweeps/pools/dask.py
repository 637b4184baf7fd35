"""Where runs are trained beyond this machine: on the workers of a Dask scheduler, by its executor. Knows `distributed`,
which is loaded where it is asked for; must not know which runs there are.

What is known of it (2026.8): it takes functions for pure, so that equal arguments would run once; cancelling what runs
says True and does nothing; what killed its worker is tried four times before it is given up; and to import it takes
longer than most runs here.
"""

from __future__ import annotations

from concurrent.futures import Future
from logging import CRITICAL, getLogger
from typing import Any

from chainstep.datasets import DataError, printable

from ..outcome import Outcome
from ..spec import Knobs
from ..subject import Packed, Subject
from . import worker

_PATIENCE = "10s"

MISSING = "--scheduler needs distributed, which is not installed: pip install 'chainstep[dask]'"


class Dask:
    """The workers of a scheduler; the subject, with the rows of a table, goes to each of them once."""

    def __init__(self, subject: Subject, address: str, size: int | None = None) -> None:
        """`size` runs at a time, or as many as they have threads.

        Raises:
            DataError: there is no such scheduler, it has no workers, or they cannot train.
        """
        try:
            from distributed import Client
        except ImportError:
            raise DataError(MISSING) from None
        # What there is to be said of a lost connection is said by whoever has the runs.
        for logger in ("distributed", "distributed.client"):
            getLogger(logger).setLevel(CRITICAL + 1)
        shown = printable(address, 100)
        try:
            self._client: Any = Client(address, timeout=_PATIENCE, set_as_default=False)
        # What is wrong with an address comes as errors of all kinds.
        except Exception as error:
            raise DataError(f"--scheduler {shown}: no scheduler answers there ({_brief(error)})") from None
        try:
            threads = sum(self._client.nthreads().values())
            if not threads:
                raise DataError(f"--scheduler {shown}: it has no workers")
            self._begin(subject)
        except DataError:
            self._client.close()
            raise
        except Exception as error:
            self._client.close()
            raise DataError(f"--scheduler {shown}: its workers cannot train ({_brief(error)})") from None
        self.size = min(size, threads) if size else threads
        self.where = f"{self.size} worker threads at {shown}"

    def _begin(self, subject: Subject) -> None:
        # A worker without chainstep says so here, once, and not in each run.
        self._client.submit(worker.version, pure=False).result(timeout=_PATIENCE)
        self._packed = self._client.scatter(_Boxed(subject.pack()), broadcast=True)
        self._executor = self._client.get_executor(pure=False)

    def submit(self, knobs: Knobs) -> Future[Outcome]:
        future: Future[Outcome] = self._executor.submit(_train, self._packed, dict(knobs))
        return future

    def taken(self, future: Future[Outcome]) -> None:
        pass

    def close(self) -> None:
        # What runs goes on to its end there; its result is nobody's.
        self._client.close(timeout=1)


class _Boxed:
    """What is scattered: Dask would scatter the items of a tuple each for itself."""

    def __init__(self, packed: Packed) -> None:
        self.packed = packed


def _train(boxed: _Boxed, knobs: Knobs) -> Outcome:
    return worker.train_packed(boxed.packed, knobs)


def _brief(error: Exception) -> str:
    return printable(str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__, 160)
