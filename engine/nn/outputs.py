"""What a layer gives: a list that says what to do where it is taken for one Value. Must not know networks."""

from __future__ import annotations

from typing import Any, Never

from ..autograd.value import Value


class Outputs(list[Value]):
    """The outputs of a layer, one a neuron. Arithmetic with them is the slip that everybody makes once.

    Raises:
        TypeError: they are added to, subtracted from, multiplied with … a number or a Value.
        AttributeError: something is asked of them that each of them has, as `data` and `backward`.
    """

    def __add__(self, other: Any) -> Any:
        return list(self) + other if isinstance(other, list) else self._refuse(other)

    def _refuse(self, other: Any) -> Any:
        if not isinstance(other, (int, float, Value, list)):
            return NotImplemented  # an array takes them one by one
        raise TypeError(self._said("no arithmetic"))

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = __rpow__ = _refuse

    def __neg__(self) -> Never:
        raise TypeError(self._said("no arithmetic"))

    def __getattr__(self, name: str) -> Never:
        raise AttributeError(self._said(f"no {name!r}"))

    def _said(self, lacking: str) -> str:
        some = f"{len(self)} outputs" if len(self) != 1 else "one output"
        return f"this is a list of {some}, which knows {lacking}: take one of them, as outputs[0], or each in a loop"
