"""What is made of all samples, as the screen may see it. Knows records alone; must not know how they are made."""
