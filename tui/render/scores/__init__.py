"""How well a network does, as pictures: confusion and residuals. Knows snapshots, axes and canvases; must not know
dialogs.
"""
