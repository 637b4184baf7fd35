"""The loss over the steps, as a curve. Knows series of numbers; must not know networks."""
