"""What dialogs are built from: a question, a list, a line of text. Knows widgets; must not know any subject."""
