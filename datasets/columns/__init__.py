"""From columns of cells to numbers to learn from: what each column is, and what is made of it. Must not know files."""
