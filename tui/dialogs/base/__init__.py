"""What dialogs are built from: a question, a list, a line of text. Must not know what they are used for."""
