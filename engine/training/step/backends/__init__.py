"""Ways to carry a state forwards: op by op, or compiled, with the same bits. Knows steps; must not know history."""
