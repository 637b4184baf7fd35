"""What lies between Textual and a terminal: links, cells, colours. Must not know the session or the panes."""
