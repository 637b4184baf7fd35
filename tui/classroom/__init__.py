"""In front of a class: sessions that others look at, and sessions of many people on one machine. Knows the app's
session and store; must not know the command line.
"""
