"""What stands in words: the chain rule, what comes next, the lines above and below. Draws snapshots, no sessions."""
