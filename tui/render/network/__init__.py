"""The network as wires, as a grid, as a card. Knows snapshots and canvases; must not know panes."""
