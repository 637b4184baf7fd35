"""`var`: a value that panes and screens watch, and how a pane's is bound to a screen's. Must not know whose it is.

Knows what is private to Textual 8.2.8, which is pinned: where a reactive value is kept, and how its watchers are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import reactive
from textual.dom import DOMNode

_BOUND = "_bound"
"""The attribute in which a screen has those that are bound to its values: (who, name) by the value's name."""


def bind(pane: DOMNode, name: str, screen: DOMNode, value: reactive.Reactive[Any]) -> None:
    """Have what a pane calls by a name become whatever a value of a screen's becomes."""
    if isinstance(value, var):
        screen.__dict__.setdefault(_BOUND, {}).setdefault(value.name, []).append((pane, name))
        return

    def become(now: object) -> None:
        setattr(pane, name, now)

    # A function of Python: to learn what `setattr` takes Textual would have its signature parsed, in each session.
    pane.watch(screen, value.name, become, init=False)


if TYPE_CHECKING:
    from textual.reactive import var as var
else:
    _MISSING = object()

    class _Var(reactive.var):
        """As Textual's, which looks on each reading for what could compute a value, and on each writing for what could
        check it: there is neither here, and of a picture's values most are as they were.
        """

        def __get__(self, obj: Any, obj_type: Any) -> Any:
            if obj is None:
                return self
            try:
                return obj.__dict__[self.internal_name]
            except KeyError:
                return super().__get__(obj, obj_type)

        def __set__(self, obj: Any, value: Any) -> None:
            before = obj.__dict__.get(self.internal_name, _MISSING)
            if before is _MISSING:
                super().__set__(obj, value)
            elif value is not before and value != before:
                obj.__dict__[self.internal_name] = value
                self._check_watchers(obj, self.name, before)
            else:
                return
            if (bound := obj.__dict__.get(_BOUND, {}).get(self.name)) is not None:
                bound[:] = [(pane, name) for pane, name in bound if not pane._closing]
                for pane, name in bound:
                    setattr(pane, name, value)

    var = _Var
