"""The lines of a tape's listing, and the names of its values. Knows programs and their ops; must not know runs, the
numbers of training, or the screen.
"""
