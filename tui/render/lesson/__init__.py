"""A lesson beside the panes: its page, what it lights in them, and what it covers. Knows the view of a lesson and
snapshots; must not know sessions, widgets, or how an answer is judged.
"""
