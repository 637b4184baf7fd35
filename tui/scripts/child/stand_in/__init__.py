"""What answers an import that nothing else does: micrograd by our engine, and what a notebook asks of IPython. Knows
`chainstep.engine`; must not know who imports it.
"""
