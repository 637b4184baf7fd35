"""What is measured beside a run. Reads a run and changes nothing; must not know sessions."""
