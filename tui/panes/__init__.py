"""The panes of the Train screen: each draws a snapshot. None asks a session anything."""
