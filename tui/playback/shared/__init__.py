"""What a session may take of a machine that others use too. Knows sessions; must not know who plays them."""
