"""Between Textual and a terminal: links, cells, colours, signals. Knows bytes; must not know sessions or panes."""
