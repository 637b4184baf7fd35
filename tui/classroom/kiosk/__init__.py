"""A session for somebody who has nothing but a key of sshd's: what it may reach, and its limits. Knows the store and
the system; must not know the screen.
"""
