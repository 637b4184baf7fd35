"""A tape as one Python function with the same bits. Knows tapes and ops; must not know networks or training."""
