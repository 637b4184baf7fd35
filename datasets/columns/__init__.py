"""From columns of cells to numbers to learn from: what each column is, and what is made of it. Knows cells; must not know files."""
