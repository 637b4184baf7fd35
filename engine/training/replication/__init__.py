"""A session that stands where another one stands: what has to be told for that, and what is made of it. Knows sessions
and their records; must not know how anything is sent, nor who may see what.
"""
