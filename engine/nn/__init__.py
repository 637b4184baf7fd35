"""What a network is made of: neurons, losses, optimisers. Knows Value; must not know how training is stepped."""
