"""The engine loads itself and the standard library, nothing else. Must not know what the engine does."""

import json
import subprocess
import sys

# Every module of the engine, not only what `import chainstep.engine` happens to pull in.
REPORT_NEW_MODULES = """
import importlib, json, pkgutil, sys
before = set(sys.modules)
engine = importlib.import_module("chainstep.engine")
for module in pkgutil.walk_packages(engine.__path__, "chainstep.engine."):
    importlib.import_module(module.name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_the_engine_loads_only_itself_and_the_standard_library() -> None:
    # -P: the installed package, and no folder of the checkout that has a package's name.
    command = [sys.executable, "-P", "-c", REPORT_NEW_MODULES]
    loaded = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert "chainstep.engine.training" in loaded
    foreign = [name for name in loaded if name.partition(".")[0] not in sys.stdlib_module_names]
    assert [name for name in foreign if name != "chainstep" and not name.startswith("chainstep.engine")] == []
