"""Hyperparameters: their words and notches, and a test of learning rates. Must not know how a session acts on them."""
