"""Widgets that draw a snapshot, each its own part. Must not know sessions, screens or the app."""
