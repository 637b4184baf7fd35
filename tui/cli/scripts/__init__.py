"""Somebody's script on the command line. Knows what a script has called; must not know how one is run or watched."""
