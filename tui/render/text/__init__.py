"""What is said in sentences and single lines. Knows snapshots; must not know pictures."""
