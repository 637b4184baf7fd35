"""Somebody else's Value class against the truth: values and gradients, check by check. Knows what engines look like and
what is right; must not know files, processes or time.

    from chainstep.engine.verify import assert_right

    def test_my_engine() -> None:
        assert_right(Value)

`verify` gives the verdicts one by one; `chainstep verify FILE.py` prints them. Truth is our own Value, whose
derivatives are held against central differences by its tests. A mistake is named by hypothesis: each
usual mistake is made on purpose in a model of the engine, and the one that gives just the same numbers is it.
"""

from .adapter import Adapter, NoEngineError, adapt
from .rows import Kind, Row, Verdict
from .verify import assert_right, verify

__all__ = ["Adapter", "Kind", "NoEngineError", "Row", "Verdict", "adapt", "assert_right", "verify"]
