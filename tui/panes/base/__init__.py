"""What panes are built from: strips, lists, places on the screen. Must not know what is drawn."""
