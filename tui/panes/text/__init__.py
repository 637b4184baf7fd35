"""What stands in words: the chain rule, what comes next, the lines around. Know snapshots; must not know sessions."""
