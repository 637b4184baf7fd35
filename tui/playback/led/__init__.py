"""A session that somebody else may lead. Knows the runner; must not know who leads, nor the screen."""
