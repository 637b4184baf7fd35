"""One neuron close up: its ops as a table, its activation as a curve. Knows snapshots and canvases; must not know
panes.
"""
