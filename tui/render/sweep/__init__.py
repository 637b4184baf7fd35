"""The pictures of a sweep: its table, the spread of its losses, its curves. Knows outcomes; must not know how runs are
trained, or widgets.
"""
