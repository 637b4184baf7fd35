"""A table's columns as inputs of a network: one each, whatever was made of them. Knows snapshots; must not know where
they are drawn.
"""
