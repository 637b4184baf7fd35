"""Where things go wrong in a run's steps. Looks at runs from beside; must not know breakpoints."""
