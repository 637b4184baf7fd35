"""The views of a user's own script: the numbers of its class laid over ours, and its lines. Knows runs of scripts; it
must not know the screen.
"""
