"""The dialogs of sweeps. Knows sweeps and their pictures; must not know how runs are trained."""
