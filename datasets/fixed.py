"""What is only its fields, and stays as it was made. Must not know what is kept in it."""

from __future__ import annotations

from typing import Any, Never, Self, dataclass_transform


@dataclass_transform(frozen_default=True, eq_default=False)
class Fixed:
    """Base of a class whose fields are what it annotates, in that order; a value in the class is a field's default.

    Checkers of types see a dataclass. The decorator would write methods for each class and compile them, which takes
    longer than all else that is done before data are shown.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        cls = type(self)
        values = dict(zip(cls.__annotations__, args, strict=False)) | named
        lacking = [name for name in cls.__annotations__ if name not in values and name not in vars(cls)]
        if lacking or len(values) < len(args) + len(named) or not values.keys() <= cls.__annotations__.keys():
            raise TypeError(
                f"{cls.__name__} takes each of {', '.join(cls.__annotations__)} once; {lacking} is not given"
            )
        self.__dict__.update(values)
        self._check()

    def _check(self) -> None:
        """Raise what is to be raised where the values do not fit together; put read-only ones in place of others."""

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} cannot be changed: {name}")

    def changed(self, **fields: Any) -> Self:
        """The same with other values of some fields."""
        cls = type(self)
        return cls(**{name: getattr(self, name) for name in cls.__annotations__} | fields)
