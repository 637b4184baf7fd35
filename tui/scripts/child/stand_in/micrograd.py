"""Answers `import micrograd`, which has nothing but its modules. Must not know them."""

__all__: list[str] = []
