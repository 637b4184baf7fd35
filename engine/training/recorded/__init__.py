"""What a user's own script computed, as plain data, and ours laid beside it. Knows ops and tapes; must not know
processes, files, sessions or the screen.

Whoever has read the script's numbers gives them to `Recorder`, a `Graph` and a moment at a time; it makes a
`Recording`, which says what moments form a run. A session is opened on one run: `setup.data › Recorded`.
"""
