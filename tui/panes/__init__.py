"""Widgets that draw a snapshot, each its own part. Know snapshots; must not know sessions, screens or the app."""
