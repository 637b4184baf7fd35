"""Between a teacher and the followers: what goes over the socket, where that is, and who is at its other end. Knows
bytes and files; must not know the screen.
"""
