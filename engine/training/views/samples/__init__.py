"""What a network makes of its samples: of each, and of all. Knows a run; must not change it, nor know the screen."""
