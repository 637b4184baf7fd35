"""What "step", "back" and "until" mean. Knows the engine; must not know the screen, files or clocks."""
