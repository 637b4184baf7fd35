"""The first minute: what to press next, and what came of it. Knows snapshots; must not know sessions or widgets."""
