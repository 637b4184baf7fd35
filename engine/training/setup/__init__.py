"""What is to be trained: data, settings, features, mistakes. Knows no position; must not know how a step is done."""
