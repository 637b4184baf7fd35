"""What the app does beside its session: lessons, sweeps, the report on a table, a script that is run again. Knows
dialogs and what they open, and asks of the app no more than a `Host` has; must not know the app. Each part of it is
loaded when it is wanted.
"""
