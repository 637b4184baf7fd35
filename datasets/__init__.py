"""Data to learn from: examples, generators, bundled tables and a user's CSV. Knows nothing of the engine."""

from .dataset import DataError, Dataset
from .examples import EXAMPLES, Example, example
from .printable import printable
from .split import Row

__all__ = [
    "EXAMPLES",
    "DataError",
    "Dataset",
    "Example",
    "Row",
    "example",
    "printable",
]
