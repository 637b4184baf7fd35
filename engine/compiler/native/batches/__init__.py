"""Which samples machine code takes, and in which order. Knows how a function is written; must not know what it
computes of a sample.
"""
