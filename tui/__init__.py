"""chainstep.tui: what needs a terminal, a clock or a disk. Knows engine and datasets; they must not know of it."""
