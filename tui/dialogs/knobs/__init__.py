"""Hyperparameters: their words, notches and a rate test. Knows settings; must not know how a session acts on them."""
