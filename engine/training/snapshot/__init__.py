"""What the screen may see: immutable numbers and names. Knows settings; must not know how snapshots are made."""
