"""A user's own script or notebook, run in a child, and what is recorded of it: a moment for each `backward()`, with the
graph behind it. Knows children and recordings; must not know sessions or screens.

`child` is what runs in the other process; `running` runs it, and `hearing` makes a `Recording` of its messages.
"""

SUFFIXES = (".py", ".ipynb")
"""Of the files that are run."""
