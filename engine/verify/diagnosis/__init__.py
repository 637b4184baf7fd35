"""Which mistake gives just the numbers that an engine gave. Knows models and hypotheses; must not know the engine's
text.
"""

from .diagnosis import Diagnosis, Finding
from .evidence import Answer, alike, values

__all__ = ["Answer", "Diagnosis", "Finding", "alike", "values"]
