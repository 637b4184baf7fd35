"""A plan as text for LLVM, with the bits of the replay. Knows plans, ops' rows and recognised layers; must not know
LLVM's own library, memory addresses of a process, or training.
"""
