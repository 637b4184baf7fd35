"""Where things go wrong in a run's steps. Knows runs, from beside; must not know breakpoints."""
