"""Where numbers first left the finite ones, and what fed them. Knows steps; must not know history, runs or screen."""
