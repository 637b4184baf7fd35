"""A network of dense layers as one Python function with loops, whose source does not grow with the layers' width. Knows
plans and recognised layers; must not know sessions or training.
"""
