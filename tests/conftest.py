"""What all tests share: how hard Hypothesis tries, in how many processes, when rubbish is looked for, and that nothing
is saved where a user's runs are. Must not know what is tested.
"""

import gc
import os
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from functools import lru_cache

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook
from _pytest.pathlib import import_path
from _pytest.runner import runtestprotocol

from chainstep.engine.compiler.plan import Plan
from chainstep.engine.training.step import compilation

# pytest would rewrite the asserts of all of Hypothesis, which brings a plugin, and in each process anew.
with pytest.MonkeyPatch.context() as _unrewritten:
    _unrewritten.setattr(sys, "meta_path", [it for it in sys.meta_path if not isinstance(it, AssertionRewritingHook)])
    from hypothesis import settings

# Two thirds of what collecting takes is that asserts are rewritten: what was made of a file is kept, even where Python
# is told to keep nothing.
sys.dont_write_bytecode = False

# All that is imported and collected stays to the end, and to look through it as it grows takes a third of it.
gc.disable()

# Tests interrupt programs, which are deaf to that where this one is: as whatever a script's shell starts behind it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Machines differ in speed, so no example has a deadline. CI tries the same examples every time: a red build
# is then the commit's doing, and more of the same would find nothing. New examples are found by the developers, whose
# runs stay random, and by the thousands of `python -m tests.long`.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True, database=None)
# `python -m tests.long` says how many examples, and the seed.
settings.register_profile(
    "long", deadline=None, max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "1500")), database=None
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: for a third of what they take tests wait, for a terminal or another program. Cores
    that stand idle meanwhile cost more than the three seconds in which a worker begins.
    """
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """A worker that has no more to do takes tests from the others, unless they are to be shared out otherwise."""
    if getattr(config.option, "dist", None) == "no" and config.option.numprocesses:
        config.option.dist = "worksteal"


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """All workers collect all tests at the same time: each begins in another place, and finds the rest rewritten."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    files = sorted((session.config.rootpath / "tests").rglob("test_*.py"))
    for file in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        # What is wrong with it, or why it is left out, is told when it is collected.
        with suppress(Exception, pytest.skip.Exception):
            import_path(file, mode="importlib", root=session.config.rootpath, consider_namespace_packages=False)


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end, and a test leaves little: to look through it costs more than it is."""
    gc.freeze()
    gc.set_threshold(15_000_000, 10, 10)
    gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup() -> Generator[None, None, None]:
    """What tests before it have left is not looked through: a program that looks for rubbish took seconds for that."""
    gc.freeze()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, dict[str, object] | None, dict[str, object] | None]:
    """Reports go from a worker to the main process, which asks none for the names that `-k` goes by."""
    report = yield
    return report and {**report, "keywords": {}}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """A worker reports three times on each test: what went well before and after it is kept from the main process, if
    nobody asks how long it took.
    """
    asked = item.config.option
    if not hasattr(item.config, "workerinput") or asked.durations is not None or getattr(asked, "xmlpath", None):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_unconfigure() -> None:
    """Python looks through all that is left before it ends, which is about to go anyway."""
    gc.disable()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Hundreds of tests train the same few networks: a plan that has been compiled has its source, and that its
    bytecode. The tests of the compiler call it by itself.
    """
    write, written = compilation.source_in_pieces, dict[object, list[str]]()

    def source_in_pieces(plan: Plan, *, dense: bool) -> Iterator[str]:
        key = _told_of(plan), dense
        if key not in written:
            pieces = []
            for piece in write(plan, dense=dense):
                pieces.append(piece)
                yield piece
            written[key] = pieces
            if len(written) > 64:
                del written[next(iter(written))]
        else:
            yield from written[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(compilation, "source_in_pieces", source_in_pieces)
        patched.setattr(compilation, "code_object", lru_cache(64)(compilation.code_object))
        yield


def _told_of(plan: Plan) -> tuple[object, ...]:
    """All that a plan says of what is to be compiled. Numbers as text: -0.0 is another one than 0.0, though equal."""
    tape, (_, *others) = plan.tape, (getattr(plan, name) for name in Plan.__match_args__ if name != "network")
    order = tape.order, tape.overwrites, tape.out_of_turn
    return tuple(tape.program), tuple(tape.scopes), tape.constants, str(order), str(others), plan.network is None


@pytest.fixture(scope="session", autouse=True)
def _known_to_be_frozen() -> Iterator[None]:
    """Each command asks whether anything is. Python counts it one by one, and what tests freeze may be ten million."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gc, "get_freeze_count", lambda: 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_users_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever a test saves by the way; those that look at it have a folder of their own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CHAINSTEP_STATE", str(tmp_path_factory.mktemp("state")))
        patched.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))  # where a class may be open
        yield
