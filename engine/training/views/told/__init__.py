"""An op in words and numbers: what it is, and what it means where it stands. Knows a run; must not change it, nor know
the screen.
"""
