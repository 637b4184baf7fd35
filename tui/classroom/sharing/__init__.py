"""The teacher's side: a session that others look at. Knows who follows and what they are told; must not know how they
show it.
"""
