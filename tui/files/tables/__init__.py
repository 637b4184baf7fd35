"""Tables that are no text, or come by a pipe. Knows disks and other people's readers; must not know what is learnt."""
