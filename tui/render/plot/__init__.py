"""Numbers over numbers, as curves and points between axes. Knows function and fit views; must not know networks."""
