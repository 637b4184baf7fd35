"""What there is: keys, examples, the compiled source. Knows the registry; must not know the session."""
