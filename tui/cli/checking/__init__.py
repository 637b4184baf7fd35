"""Gradients held against quotients, or another library. Knows what is printed; must not know whose session it is."""
