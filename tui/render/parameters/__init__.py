"""Parameters as a table, layers as histograms. Knows snapshots; must not know the network's pictures."""
