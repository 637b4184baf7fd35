"""Where the panes stand. Knows names, sizes and what holds the panes; must not know what they show."""
