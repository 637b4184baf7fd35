"""The network as wires, as a grid, as a card; one neuron. Knows snapshots and canvases; must not know panes."""
