"""What the screen may see: immutable numbers and names. Must not know how they are made."""
