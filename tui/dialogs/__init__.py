"""What is asked and answered over a screen: one folder a subject. Knows snapshots; must not know screens or the app."""
