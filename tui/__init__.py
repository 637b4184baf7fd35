"""chainstep.tui: everything that needs a terminal, a clock or a disk. Knows engine and datasets; neither knows it."""
