"""What teaches beside the panes: the quiz, and what it has in common with a lesson. Knows pictures of a session and
views of lessons; must not know widgets, or the session itself.
"""
