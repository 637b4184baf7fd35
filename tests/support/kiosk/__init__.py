"""Somebody in a kiosk who tries everything, and a witness. Knows audit events and the app; must not know what bars
it.
"""
