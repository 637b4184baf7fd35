"""Gradients to be predicted. Knows events of snapshots; must not know when one is asked for."""
