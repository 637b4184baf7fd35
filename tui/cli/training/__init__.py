"""Training without a screen. Knows sessions and how they are reported on; must not know options."""
