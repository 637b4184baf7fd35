"""Numbers and their gradients: ops, Value, the tape. Knows arithmetic alone; must not know networks or training."""
