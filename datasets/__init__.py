"""Data to learn from: examples, generators, bundled tables and a user's CSV. Knows nothing of the engine."""

from .dataset import DataError, Dataset, Row
from .examples import EXAMPLES, Example, example
from .printable import printable

__all__ = [
    "EXAMPLES",
    "DataError",
    "Dataset",
    "Example",
    "Row",
    "example",
    "printable",
]
