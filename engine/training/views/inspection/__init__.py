"""What is looked at beside the training. Knows the run that it is shown and what computes beside one; must not know how
snapshots are made, or the screen.
"""
