"""What runs in the child: it loads one engine and judges it, and sends each row as it is found. Knows the standard
library and the engine; must not know the command line or any screen.
"""

from .judge import main

__all__ = ["main"]
