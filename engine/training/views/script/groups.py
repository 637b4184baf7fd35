"""What the group of an op is called in a script. Reads a program; must not know runs or the screen."""

from __future__ import annotations

from ....autograd.tape import Scope
from ...step.program import Program


def group_of(program: Program, scope: Scope) -> str:
    """`call 3 › L1.n2`; empty where there are no groups, or no script."""
    if program.script is None:
        return ""
    names = program.script.groups.names
    return " › ".join(names[each] for each in (Scope(scope.layer), scope) if each in names)
