"""Numbers that were measured a step at a time, in bounded memory. Knows numbers; must not know what was measured."""
