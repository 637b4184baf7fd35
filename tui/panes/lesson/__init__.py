"""The lesson beside the panes: its pane, the line in which an answer is typed, and where both go. Knows the view of a
lesson; must not know sessions, or how an answer is judged.
"""
