"""The lessons on the command line. Knows how a lesson is read, checked and opened; must not know what it teaches."""
