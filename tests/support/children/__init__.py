"""What tests run in a child. Must not know how children are held."""
