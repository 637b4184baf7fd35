"""Where training stops. Knows runs and how to look ahead of one; must not know forks or snapshots' makers."""
