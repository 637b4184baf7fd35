"""From what is named, an example, a table or an expression, to a session. Knows what they are read by, and the knobs
laid over them; must not know the command line or the screen.
"""
