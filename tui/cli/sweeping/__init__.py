"""`chainstep sweep` on the command line. Knows sweeps and what is printed of them; must not know how one is trained."""
