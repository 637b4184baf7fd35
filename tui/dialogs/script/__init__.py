"""Of a user's own script: its moments to choose from, and what it printed. Knows what was recorded; must not know the
session.
"""
