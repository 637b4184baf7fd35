"""The samples as a table. Knows snapshots and canvases; must not know panes."""
