"""What is measured beside a run, changing nothing of it. Knows runs; must not know sessions."""
