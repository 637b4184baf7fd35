"""Where runs are trained: here, in processes, or beyond this machine. Knows sessions; must not know which runs there
are.
"""
